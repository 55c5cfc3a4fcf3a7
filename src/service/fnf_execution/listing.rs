//! Executions: `ListFlows`, then `ListExecutions` of each flow that matches.
//!
//! The service lists executions by flow and by status. A flow's starting ones are listed before its running ones, so that
//! one that begins to run in between is seen at least once. A flow is a unit; the flows of the account are another one,
//! which is needed where a flow has no exact name, or where its mode or its resource group is asked for.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};

use super::super::lister::{Lister, Listing, Repeated, Restarts, Unit, Wanted};
use super::super::param::Params;
use super::super::reading;
use super::super::resource::{Phase, Resource};
use super::super::selectable::{Field, Selectable, Start};
use super::executions::Executions;
use super::flows::{Flows, MODE, RESOURCE_GROUP, named};
use super::info::{FLOW_NAME, INFO, LIST_EXECUTIONS, LIST_FLOWS, LIST_SCHEDULES, NO_FLOW};
use super::schedules::Schedules;
use super::status;
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// How many flows wait for their turn at a time.
const SIDE_BY_SIDE: usize = 64;

/// The lister.
pub(super) static LISTER: FnfExecutionLister = FnfExecutionLister;

pub(super) struct FnfExecutionLister;

static APIS: [&Api; 2] = [&LIST_FLOWS, &LIST_EXECUTIONS];

static RESTART_APIS: [&Api; 1] = [&LIST_SCHEDULES];

static SELECTABLE: Selectable = Selectable {
    fields: &[
        Field::new("flow_name", "FlowName", "the flow's name", "etl-*"),
        Field::new("execution_name", "Name", "the execution's name", "nightly-*"),
        Field::new("mode", "ExecutionMode", "the flow's mode: standard or express", "standard"),
        Field::new("resource_group", "ResourceGroupId", "the flow's resource group", "rg-acfm2pz25js"),
    ],
    name: None,
    tags: Err("the service has no tags for executions"),
    start: Start::Exact,
    has_children: false,
};

impl Lister for FnfExecutionLister {
    fn selectable(&self) -> &'static Selectable {
        &SELECTABLE
    }

    fn apis(&self) -> &'static [&'static Api] {
        &APIS
    }

    fn restart_apis(&self) -> &'static [&'static Api] {
        &RESTART_APIS
    }

    fn repeated(&self, wanted: &dyn Wanted) -> Option<Repeated> {
        exact(wanted).is_none().then_some(Repeated { api: &LIST_EXECUTIONS, times: 2, noun: "flows" })
    }

    fn permission(&self) -> &'static str {
        "the RAM user needs fnf:ListFlows on * and fnf:ListExecutions on *"
    }

    fn phase(&self, status: &str) -> Phase {
        status::state(status.into()).phase()
    }

    fn requests(&self, wanted: &dyn Wanted) -> String {
        match exact(wanted).as_deref() {
            None => "1, and 2 for each flow that matches".into(),
            Some([name]) => format!("2 for flow {name}"),
            Some(names) => format!("2 for each of {} flows", names.len()),
        }
    }

    fn list<'a>(&'a self, listing: &'a dyn Listing, wanted: &'a dyn Wanted) -> BoxFuture<'a, ()> {
        let account = Account { listing, wanted, has_no_starting: AtomicBool::new(false) };
        async move { account.list().await }.boxed()
    }

    fn comes_back<'t>(&self, target: &'t Params) -> Option<&'t str> {
        Some(target.name(FLOW_NAME))
    }

    fn restarts(&self, target: &Params) -> Option<Box<dyn Restarts>> {
        Some(Box::new(Schedules { flow_name: target.name(FLOW_NAME).to_owned() }))
    }
}

/// Returns the flows to list, where their names are all that is asked of them.
fn exact(wanted: &dyn Wanted) -> Option<Vec<String>> {
    let names = wanted.exactly(FLOW_NAME)?;
    (!wanted.names(MODE) && !wanted.names(RESOURCE_GROUP)).then_some(names)
}

/// The listing of one account.
struct Account<'a> {
    listing: &'a dyn Listing,
    wanted: &'a dyn Wanted,
    /// Whether the service refuses to list executions that are starting.
    has_no_starting: AtomicBool,
}

/// The flows to list the executions of, and those that the plan names and the account lacks.
#[derive(Default)]
struct Chosen {
    flows: Vec<Resource>,
    missing: Vec<String>,
}

impl Account<'_> {
    async fn list(&self) {
        let (chosen, units) = match exact(self.wanted) {
            Some(names) => (Chosen { flows: names.into_iter().map(named).collect(), missing: Vec::new() }, 0),
            None => {
                self.listing.expect(1);
                let Some(chosen) = self.listed().await else { return };
                (chosen, 1)
            }
        };
        let Chosen { mut flows, missing } = chosen;
        flows.retain(|flow| self.wanted.may_match(flow));
        self.listing.expect(units + flows.len() + missing.len());
        for name in missing {
            self.unit(&name).fail(reading::missing(&INFO, NO_FLOW));
        }
        let is_literal = units == 0;
        stream::iter(&flows).for_each_concurrent(SIDE_BY_SIDE, |flow| self.flow(flow, is_literal)).await;
    }

    fn unit(&self, flow: &str) -> Box<dyn Unit + '_> {
        self.listing.unit(format!("flow {flow}"))
    }

    /// Lists the account's flows. `None` if that failed.
    async fn listed(&self) -> Option<Chosen> {
        let mut unit = self.listing.unit("flows".into());
        let listed = match reading::all(&mut *unit, &Flows).await {
            Ok(listed) => listed,
            Err(error) => {
                unit.fail(error);
                return None;
            }
        };
        unit.complete();
        let missing = reading::missing_names(self.wanted, FLOW_NAME, &listed);
        Some(Chosen { flows: listed.into_values().collect(), missing })
    }

    /// Lists the executions of a flow. One that is gone has none, unless the plan names it.
    async fn flow(&self, flow: &Resource, is_literal: bool) {
        let mut unit = self.unit(flow.value(FLOW_NAME).unwrap_or_default());
        let read = self.executions(&mut *unit, flow).await;
        let may_be_gone = !is_literal || self.wanted.takes_missing_for_none();
        let read = read.or_else(|error| if may_be_gone && is_gone(&error) { Ok(()) } else { Err(error) });
        reading::end(unit, read);
    }

    async fn executions(&self, unit: &mut dyn Unit, flow: &Resource) -> Result<(), ApiError> {
        let list = |status| Executions::new(flow, status, self.listing, self.wanted);
        let mut is_refused = false;
        if !self.has_no_starting.load(Ordering::Relaxed) {
            match reading::found(unit, &list("Starting")).await {
                Err(error) if error.code.as_deref() == Some(BAD_ARGUMENT) && error.class == Some(ErrorClass::Invalid) => {
                    is_refused = true;
                }
                other => other?,
            }
        }
        reading::found(unit, &list("Running")).await?;
        // The same request with another status works: it is the status that the service refuses.
        if is_refused && !self.has_no_starting.swap(true, Ordering::Relaxed) {
            self.listing.warn(NO_STARTING.into());
        }
        Ok(())
    }
}

/// The code of a service that does not know a status to list by, among others.
const BAD_ARGUMENT: &str = "InvalidArgument";

const NO_STARTING: &str =
    "the service cannot list executions that are starting: those that have not begun to run are not selected";

fn is_gone(error: &ApiError) -> bool {
    error.class == Some(ErrorClass::NotFound) && error.code.as_deref() == Some(NO_FLOW)
}

#[cfg(test)]
mod tests;
