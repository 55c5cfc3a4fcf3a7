//! Tasks of instances: `ListInstances`, then the two lists of tasks of each instance that matches.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::super::lister::{Lister, Listing, Wanted};
use super::super::resource::Phase;
use super::super::selectable::{Field, Selectable, Start};
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// The lister.
pub(super) static LISTER: OpensearchTaskLister = OpensearchTaskLister;

pub(super) struct OpensearchTaskLister;

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
        &[]
    }

    fn permission(&self) -> &'static str {
        "searchengine:ListInstances, searchengine:ListClusterTasks and searchengine:ListDataSourceTasks on acs:searchengine:<region>:<account>:instance/*"
    }

    fn phase(&self, status: &str) -> Phase {
        match &*status.to_ascii_lowercase() {
            "init" | "initializing" | "pending" | "waiting" | "queued" | "starting" | "started" | "running" | "executing" | "processing" | "doing" | "retry" => Phase::Running,
            "stopping" | "canceling" | "cancelling" => Phase::Stopping,
            "stop" | "stopped" | "terminated" | "cancel" | "canceled" | "cancelled" | "success" | "succeeded" | "finish" | "finished" | "done" | "complete" | "completed" | "fail" | "failed" => Phase::Ended,
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
