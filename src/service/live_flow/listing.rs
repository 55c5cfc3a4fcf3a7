//! Flows: `ListFlows`.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::super::lister::{Lister, Listing, Wanted};
use super::super::resource::Phase;
use super::super::selectable::{Field, Selectable, Start};
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// The lister.
pub(super) static LISTER: LiveFlowLister = LiveFlowLister;

pub(super) struct LiveFlowLister;

static SELECTABLE: Selectable = Selectable {
    fields: &[
        Field::new("flow_id", "flow_id", "the flow's id", "ec897482-*"),
        Field::new("name", "name", "the flow's name", "test-*"),
        Field::new("protocol", "protocol", "the flow's protocol", "srt-*"),
    ],
    name: Some(1),
    tags: Err("the service has no tags for flows"),
    start: Start::Unknown("the service tells no start time"),
    has_children: false,
};

impl Lister for LiveFlowLister {
    fn selectable(&self) -> &'static Selectable {
        &SELECTABLE
    }

    fn apis(&self) -> &'static [&'static Api] {
        &[]
    }

    fn permission(&self) -> &'static str {
        "live:ott:listFlow"
    }

    fn phase(&self, status: &str) -> Phase {
        match status {
            "ACTIVE" => Phase::Running,
            "STANDBY" => Phase::Ended,
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
