//! Flows: `ListFlows`.
//!
//! The list is the only unit: it has every flow of the project. A flow that the plan names and that it lacks is not there,
//! which is no failure: nothing matches.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::super::lister::{Lister, Listing, Wanted};
use super::super::param::Params;
use super::super::reading;
use super::super::resource::Phase;
use super::super::selectable::{Field, Selectable, Start};
use super::flows::Flows;
use super::info::{FLOW_ID, LIST};
use super::status;
use crate::http::Api;

/// The lister.
pub(super) static LISTER: LiveFlowLister = LiveFlowLister;

pub(super) struct LiveFlowLister;

static APIS: [&Api; 1] = [&LIST];

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
        &APIS
    }

    fn permission(&self) -> &'static str {
        "the IAM user needs live:ott:listFlow"
    }

    fn phase(&self, status: &str) -> Phase {
        status::state(status.into()).phase()
    }

    fn requests(&self, _wanted: &dyn Wanted) -> String {
        "1 for every 100 flows".into()
    }

    fn comes_back<'t>(&self, target: &'t Params) -> Option<&'t str> {
        Some(target.name(FLOW_ID))
    }

    fn list<'a>(&'a self, listing: &'a dyn Listing, _wanted: &'a dyn Wanted) -> BoxFuture<'a, ()> {
        async move {
            listing.expect(1);
            let mut unit = listing.unit("flows".into());
            let read = reading::found(&mut *unit, &Flows).await;
            reading::end(unit, read);
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::listing::{Wants, list};

    const FIRST: &str = "GET /v1/054ba152d480d55b2f5dc0069e7ddef0/flows?limit=100&offset=0";

    #[test]
    fn the_flows_are_one_unit() {
        let one = r#"{"total": 1, "flows": [{"flow_id": "f", "status": "ACTIVE"}]}"#;
        let listed = list("live_flow", &Wants::default(), &[(FIRST, 200, one)]);
        assert_eq!(listed.requests, [FIRST]);
        assert_eq!(listed.units(), ["flows: 1"]);

        let listed = list("live_flow", &Wants::default(), &[(FIRST, 200, "{}")]);
        assert_eq!(listed.units(), ["flows: protocol"]);
    }

    #[test]
    fn a_flow_that_is_not_there_is_no_failure() {
        let wants = Wants { exactly: [(0, vec!["gone"])].into(), ..Wants::default() };
        let listed = list("live_flow", &wants, &[(FIRST, 200, r#"{"total": 0, "flows": []}"#)]);
        assert_eq!(listed.units(), ["flows: 0"]);
    }
}
