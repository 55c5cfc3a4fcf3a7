//! Tasks: `ListInstances`, then the two lists of tasks of each instance that matches.
//!
//! The instances are a unit, and so are the tasks of each of them. The state of an instance says nothing of its tasks. A
//! task that both lists show is one, and it runs if either says so.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};

use super::super::lister::{Lister, Listing, Repeated, Unit, Wanted};
use super::super::reading;
use super::super::resource::{Phase, Resource};
use super::super::selectable::{Field, Selectable, Start};
use super::info::{CLUSTER_TASKS, DATA_SOURCE_TASKS, FSM_ID, INFO, INSTANCE_ID, LIST_INSTANCES, NO_INSTANCE};
use super::instances::Instances;
use super::status;
use super::task_list::TaskList;
use super::tasks::Tasks;
use super::unknown::is_unknown;
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// How many instances wait for their turn at a time.
const SIDE_BY_SIDE: usize = 64;

/// The lister.
pub(super) static LISTER: OpensearchTaskLister = OpensearchTaskLister;

pub(super) struct OpensearchTaskLister;

static APIS: [&Api; 3] = [&LIST_INSTANCES, &CLUSTER_TASKS, &DATA_SOURCE_TASKS];

static SELECTABLE: Selectable = Selectable {
    fields: &[
        Field::new("instance_id", "instanceId", "the instance's id", "ha-cn-*"),
        Field::new("fsm_id", "fsmId", "the task's id", "*datasource_flow_fsm*"),
        Field::new("name", "name", "the task's name", "*"),
        Field::new("type", "type", "the task's type", "datasource_flow_fsm"),
        Field::new("group", "groupType", "the task's group", "Index_Rebuild"),
        Field::new("user", "user", "who began it", "*"),
        Field::new("instance_name", "description", "the instance's description", "*-test"),
        Field::new("edition", "edition", "the instance's edition", "vector"),
        Field::new("resource_group", "resourceGroupId", "the instance's resource group", "rg-acfm2pz25js"),
    ],
    name: Some(2),
    tags: Ok(()),
    start: Start::Latest,
    has_children: false,
};

impl Lister for OpensearchTaskLister {
    fn selectable(&self) -> &'static Selectable {
        &SELECTABLE
    }

    fn apis(&self) -> &'static [&'static Api] {
        &APIS
    }

    fn repeated(&self, _wanted: &dyn Wanted) -> Option<Repeated> {
        // The two lists of an instance have a lane each.
        Some(Repeated { api: &CLUSTER_TASKS, times: 1, noun: "instances" })
    }

    fn permission(&self) -> &'static str {
        "the RAM user needs searchengine:ListInstances, searchengine:ListClusterTasks and \
            searchengine:ListDataSourceTasks on acs:searchengine:<region>:<account>:instance/*"
    }

    fn phase(&self, status: &str) -> Phase {
        status::state(status.into()).phase()
    }

    fn requests(&self, _wanted: &dyn Wanted) -> String {
        "1 for every 50 instances, and 2 for each instance that matches".into()
    }

    fn list<'a>(&'a self, listing: &'a dyn Listing, wanted: &'a dyn Wanted) -> BoxFuture<'a, ()> {
        async move { Account { listing, wanted }.list().await }.boxed()
    }
}

/// The listing of one account.
struct Account<'a> {
    listing: &'a dyn Listing,
    wanted: &'a dyn Wanted,
}

impl Account<'_> {
    async fn list(&self) {
        self.listing.expect(1);
        let mut unit = self.listing.unit("instances".into());
        let listed = match reading::all(&mut *unit, &Instances).await {
            Ok(listed) => listed,
            Err(error) => return unit.fail(error),
        };
        unit.complete();
        let missing = reading::missing_names(self.wanted, INSTANCE_ID, &listed);
        let instances: Vec<_> = listed.values().filter(|instance| self.wanted.may_match(instance)).collect();
        self.listing.expect(1 + missing.len() + instances.len());
        for id in missing {
            self.unit(&id).fail(reading::missing(&INFO, NO_INSTANCE));
        }
        stream::iter(instances).for_each_concurrent(SIDE_BY_SIDE, |instance| self.instance(instance)).await;
    }

    fn unit(&self, instance: &str) -> Box<dyn Unit + '_> {
        self.listing.unit(format!("instance {instance}"))
    }

    /// Lists the tasks of an instance. One that is gone has none.
    async fn instance(&self, instance: &Resource) {
        let mut unit = self.unit(instance.value(INSTANCE_ID).unwrap_or_default());
        let mut tasks = BTreeMap::new();
        let read = tasks_of(&mut *unit, instance, &mut tasks).await;
        let read = read.or_else(|error| if is_gone(&error) { Ok(()) } else { Err(error) });
        if read.is_ok() {
            tasks.into_values().for_each(|task| unit.found(task));
        }
        reading::end(unit, read);
    }
}

/// Reads both lists of an instance's tasks into one, by the tasks' ids.
async fn tasks_of(
    unit: &mut dyn Unit,
    instance: &Resource,
    tasks: &mut BTreeMap<Box<str>, Resource>,
) -> Result<(), ApiError> {
    for which in [TaskList::Cluster, TaskList::DataSource] {
        let mut row = |task: Resource| {
            if let Some(id) = task.value(FSM_ID) {
                let merged = match tasks.remove(id) {
                    Some(known) => merged(known, task.clone()),
                    None => task.clone(),
                };
                tasks.insert(id.into(), merged);
            }
            None
        };
        unit.read(&Tasks { instance, which }, &mut row).await?;
    }
    Ok(())
}

/// Merges what two lists say of a task: it runs if either says so, and it began at the later of the two times at most.
fn merged(one: Resource, other: Resource) -> Resource {
    let (mut task, more) = if rank(&other) < rank(&one) { (other, one) } else { (one, other) };
    let seconds = |since: &Option<Box<str>>| since.as_deref().and_then(|since| since.parse::<u64>().ok());
    if seconds(&more.since) > seconds(&task.since) {
        task.since = more.since;
    }
    for (value, other) in task.values.iter_mut().zip(more.values) {
        *value = value.take().or(other);
    }
    task
}

/// Says which of two statuses counts: the lower one.
fn rank(task: &Resource) -> u8 {
    match task.status.as_deref().map_or(Phase::Unclear, |status| status::state(status.into()).phase()) {
        Phase::Running => 0,
        Phase::Stopping => 1,
        Phase::Unclear => 2,
        Phase::Ended => 3,
    }
}

fn is_gone(error: &ApiError) -> bool {
    error.class == Some(ErrorClass::NotFound)
        && error.code.as_deref().is_some_and(|code| is_unknown(code, &["instance"]))
}

#[cfg(test)]
mod tests;
