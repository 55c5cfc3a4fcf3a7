//! Instances that are changing: `ListInstance`, and `ListActionRecords` of those where an age is asked for.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::super::lister::{Lister, Listing, Wanted};
use super::super::resource::Phase;
use super::super::selectable::{Field, Selectable, Start};
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// The lister.
pub(super) static LISTER: ElasticsearchTaskLister = ElasticsearchTaskLister;

pub(super) struct ElasticsearchTaskLister;

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
        &[]
    }

    fn permission(&self) -> &'static str {
        "elasticsearch:ListInstance on acs:elasticsearch:<region>:<account>:instances/*, and elasticsearch:ListActionRecords where an age or an action is asked for"
    }

    fn phase(&self, status: &str) -> Phase {
        match status {
            "activating" | "initializing" => Phase::Running,
            "active" | "inactive" | "suspended" | "frozen" | "invalid" => Phase::Ended,
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
