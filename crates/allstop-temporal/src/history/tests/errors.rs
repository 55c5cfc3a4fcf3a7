//! Runs that cannot be read.

use std::collections::HashMap;

use allstop::engine::Status;
use allstop::session::SessionError;
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads};
use temporalio_common::protos::temporal::api::history::v1::WorkflowExecutionStartedEventAttributes;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::engine::{Engine, Flow};
use super::events::Events;
use super::world::{FLOW, RUN, ended, input, read, run_flow};
use crate::history::workflow_id;

async fn error(flow: Flow) -> String {
    let error = read(Engine::default().with(FLOW, flow)).await.err().unwrap();
    SessionError::from(error).text()
}

#[tokio::test]
async fn a_run_that_is_not_there_is_told_with_a_hint() {
    let error = SessionError::from(read(Engine::default()).await.err().unwrap()).text();
    assert!(
        error.starts_with("error: there is no run allstop-run/nightly\n  hint: `allstop-temporal status`"),
        "{error}"
    );
}

#[tokio::test]
async fn another_workflow_and_another_version_are_told() {
    let flow = |events| Flow { kind: "allstop.run.v1", run: RUN, events, ..Flow::default() };
    let foreign = error(Flow { kind: "greet", ..flow(Events::started(&"you").so_far()) }).await;
    assert!(foreign.starts_with("error: allstop-run/nightly is no run of allstop\n  hint: "), "{foreign}");
    let later = error(flow(Events::started(&serde_json::json!({"v": 9, "everything": "else"})).so_far())).await;
    assert!(later.contains("version 9 of the payloads") && later.contains("hint: use the version"), "{later}");
    let result = serde_json::json!({"v": 3, "status": "completed"});
    let later = error(run_flow(Events::started(&input()).result(&result))).await;
    assert!(later.contains("version 3 of the payloads"), "{later}");
    let mut other = input();
    other.lanes[0].targets = 7;
    let lanes = error(run_flow(Events::started(&other).result(&ended(Status::Completed)))).await;
    assert!(lanes.contains("it has other lanes\n  hint: use the version"), "{lanes}");
}

#[tokio::test]
async fn a_missing_payload_key_is_told_by_its_id() {
    let metadata = HashMap::from([
        ("encoding".to_owned(), b"binary/encrypted".to_vec()),
        ("encryption-key-id".to_owned(), b"00112233aabbccdd".to_vec()),
    ]);
    let payload = Payload { metadata, data: vec![0; 40], ..Default::default() };
    let input = Some(Payloads { payloads: vec![payload] });
    let started = WorkflowExecutionStartedEventAttributes { input, ..Default::default() };
    let events = Events::default().and(Attributes::WorkflowExecutionStartedEventAttributes(started)).so_far();
    let error = error(run_flow(events)).await;
    let text = "error: cannot decode a payload of allstop-run/nightly: it is encrypted with the key 00112233aabbccdd, and no \
                key is set\n  hint: pass --payload-key-file or set ALLSTOP_PAYLOAD_KEY_FILE";
    assert_eq!(error, text);
}

#[test]
fn a_run_is_named_by_its_id_or_by_that_of_its_workflow() {
    assert_eq!(workflow_id("nightly"), FLOW);
    assert_eq!(workflow_id(FLOW), FLOW);
}
