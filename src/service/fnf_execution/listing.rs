//! Executions of a flow: `ListFlows`, then `ListExecutions` of each flow that matches.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::super::lister::{Lister, Listing, Wanted};
use super::super::resource::Phase;
use super::super::selectable::{Field, Selectable, Start};
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// The lister.
pub(super) static LISTER: FnfExecutionLister = FnfExecutionLister;

pub(super) struct FnfExecutionLister;

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
        &[]
    }

    fn permission(&self) -> &'static str {
        "fnf:ListFlows and fnf:ListExecutions on *"
    }

    fn phase(&self, status: &str) -> Phase {
        match status {
            "Starting" | "Running" => Phase::Running,
            "Stopped" | "Succeeded" | "Failed" | "TimedOut" => Phase::Ended,
            _ => Phase::Unclear,
        }
    }

    fn requests(&self, _wanted: &dyn Wanted) -> String {
        String::new()
    }

    fn list<'a>(&'a self, listing: &'a dyn Listing, _wanted: &'a dyn Wanted) -> BoxFuture<'a, ()> {
        let unit = listing.unit("everything".into());
        let message = Some("this kind cannot be listed yet".into());
        unit.fail(ApiError { class: Some(ErrorClass::Rejected), message, ..ApiError::default() });
        std::future::ready(()).boxed()
    }
}
