//! Instances that are changing: `ListInstance`, and `ListActionRecords` of those where an age or an action is asked for.
//!
//! The instances are a unit; where it must be known when a change began, so is each instance that is changing. An instance
//! that is activating may have been interrupted already: only its changes tell, and one without a change that goes on has
//! no age.

use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};

use super::super::lister::{Lister, Listing, Repeated, Wanted};
use super::super::param::Params;
use super::super::reading;
use super::super::resource::{Phase, Resource};
use super::super::selectable::{Field, Selectable, Start};
use super::info::{INSTANCE_ID, LIST_INSTANCES, LIST_RECORDS, NO_INSTANCE};
use super::instances::{ACTION, Instances};
use super::records::{GOES_ON, Records};
use super::status;
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// How many instances wait for their turn at a time.
const SIDE_BY_SIDE: usize = 64;

/// How many instances a warning names.
const NAMED: usize = 3;

/// The lister.
pub(super) static LISTER: ElasticsearchTaskLister = ElasticsearchTaskLister;

pub(super) struct ElasticsearchTaskLister;

static APIS: [&Api; 2] = [&LIST_INSTANCES, &LIST_RECORDS];

static SELECTABLE: Selectable = Selectable {
    fields: &[
        Field::new("instance_id", "instanceId", "the instance's id", "es-cn-*"),
        Field::new("name", "description", "the instance's description", "*-test"),
        Field::new("resource_group", "resourceGroupId", "the instance's resource group", "rg-acfm2pz25js"),
        Field::new("version", "esVersion", "the instance's version", "7.*"),
        Field::new("payment", "paymentType", "how it is paid: postpaid or prepaid", "postpaid"),
        Field::new("action", "actionName", "the change that runs", "UpdateInstance"),
    ],
    name: Some(1),
    tags: Ok(()),
    start: Start::Exact,
    has_children: false,
};

impl Lister for ElasticsearchTaskLister {
    fn selectable(&self) -> &'static Selectable {
        &SELECTABLE
    }

    fn apis(&self) -> &'static [&'static Api] {
        &APIS
    }

    fn repeated(&self, wanted: &dyn Wanted) -> Option<Repeated> {
        needs_changes(wanted).then_some(Repeated { api: &LIST_RECORDS, times: 1, noun: "instances that are changing" })
    }

    fn permission(&self) -> &'static str {
        "the RAM user needs elasticsearch:ListInstance on acs:elasticsearch:<region>:<account>:instances/*, and \
            elasticsearch:ListActionRecords where an age or an action is asked for"
    }

    fn phase(&self, status: &str) -> Phase {
        status::state(status.into()).phase()
    }

    fn requests(&self, wanted: &dyn Wanted) -> String {
        let instances = "1 for every 100 instances";
        if needs_changes(wanted) {
            format!("{instances}, and 1 for each instance that is changing and matches")
        } else {
            instances.into()
        }
    }

    fn comes_back<'t>(&self, target: &'t Params) -> Option<&'t str> {
        Some(target.name(INSTANCE_ID))
    }

    fn list<'a>(&'a self, listing: &'a dyn Listing, wanted: &'a dyn Wanted) -> BoxFuture<'a, ()> {
        async move { Account { listing, wanted, unchanged: Mutex::new(Vec::new()) }.list().await }.boxed()
    }
}

/// Tells whether the changes of instances must be read.
fn needs_changes(wanted: &dyn Wanted) -> bool {
    wanted.needs_start() || wanted.names(ACTION)
}

/// The listing of one account.
struct Account<'a> {
    listing: &'a dyn Listing,
    wanted: &'a dyn Wanted,
    /// The instances that are changing without a change that goes on.
    unchanged: Mutex<Vec<String>>,
}

impl Account<'_> {
    async fn list(&self) {
        self.listing.expect(1);
        let mut unit = self.listing.unit("instances".into());
        if !needs_changes(self.wanted) {
            let read = reading::found(&mut *unit, &Instances).await;
            return reading::end(unit, read);
        }
        let listed = match reading::all(&mut *unit, &Instances).await {
            Ok(listed) => listed,
            Err(error) => return unit.fail(error),
        };
        let (changing, others): (Vec<_>, Vec<_>) = listed.into_values().partition(|instance| self.may_change(instance));
        others.into_iter().for_each(|instance| unit.found(instance));
        unit.complete();
        self.listing.expect(1 + changing.len());
        stream::iter(&changing).for_each_concurrent(SIDE_BY_SIDE, |instance| self.changes(instance)).await;
        self.warn();
    }

    /// Tells whether the changes of an instance are needed.
    fn may_change(&self, instance: &Resource) -> bool {
        let phase = instance.status.as_deref().map(|status| status::state(status.into()).phase());
        phase == Some(Phase::Running) && self.wanted.may_match(instance)
    }

    /// Reads the change of an instance that goes on. An instance that is gone has none.
    async fn changes(&self, instance: &Resource) {
        let id = instance.value(INSTANCE_ID).unwrap_or_default();
        let mut unit = self.listing.unit(format!("changes of {id}"));
        let mut newest: Option<Resource> = None;
        let mut row = |change: Resource| {
            let is_newer = newest.as_ref().is_none_or(|newest| begun(newest) < begun(&change));
            if change.status.as_deref() == Some(GOES_ON) && is_newer {
                newest = Some(change);
            }
            None
        };
        match unit.read(&Records { instance_id: id }, &mut row).await {
            Err(error) if is_gone(&error) => unit.complete(),
            Err(error) => unit.fail(error),
            Ok(()) => {
                if newest.is_none() {
                    self.unchanged.lock().unwrap_or_else(PoisonError::into_inner).push(id.into());
                }
                unit.found(newest.map_or_else(|| instance.clone(), |change| with(instance, change)));
                unit.complete();
            }
        }
    }

    fn warn(&self) {
        let unchanged = self.unchanged.lock().unwrap_or_else(PoisonError::into_inner);
        if unchanged.is_empty() {
            return;
        }
        let more = unchanged.len().saturating_sub(NAMED);
        let named = unchanged.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let named = if more > 0 { format!("{named} and {more} more") } else { named };
        self.listing.warn(format!(
            "no change that goes on is shown for instances that are activating, which may have been interrupted already: \
             {named}"
        ));
    }
}

/// Returns an instance with the change that goes on.
fn with(instance: &Resource, change: Resource) -> Resource {
    let action = change.value(ACTION).map(Into::into);
    Resource { since: change.since, at: change.at, ..instance.clone().with(ACTION, action) }
}

/// Returns when a change began, in milliseconds.
fn begun(change: &Resource) -> Option<u64> {
    change.since.as_deref()?.parse().ok()
}

fn is_gone(error: &ApiError) -> bool {
    error.class != Some(ErrorClass::Protocol) && error.code.as_deref() == Some(NO_INSTANCE)
}

#[cfg(test)]
mod tests;
