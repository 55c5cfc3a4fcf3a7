//! The responses to stops, and the state after them.

use std::time::Duration;

use super::super::phase::Phase;
use super::super::resource::{Id, Initial};
use super::client::{Client, DRS, ELASTICSEARCH, FNF, LIVE, SEARCH_ENGINE, id, kinds, quiet, read, resource};

fn one(service: &str, name: &str) -> Id {
    id(service, if service == ELASTICSEARCH { "" } else { "s/1 中" }, name)
}

fn client(initial: Initial) -> Client {
    Client::new(
        &quiet(),
        kinds().into_iter().map(move |service| resource(service, &one(service, "").scope, "n@1+ %2F", initial)),
    )
}

#[test]
fn a_stop_of_what_runs_is_taken_and_written_down() {
    let mut client = client(Initial::Running);
    for (service, said) in [
        (FNF, None),
        (SEARCH_ENGINE, None),
        (ELASTICSEARCH, Some("t1")),
        (LIVE, None),
        (DRS, Some("is_force_stop: true")),
    ] {
        let id = one(service, "n@1+ %2F");
        let (status, code, body) = read(&client.stop(&id));
        assert_eq!((status, code.as_str()), (200, ""), "{service:?} {body}");
        let record = client.record(&id);
        assert_eq!((record.counts.requests, record.counts.applied), (1, 1), "{service:?}");
        assert_eq!(record.said.first().map(|said| &**said), said);
        assert_eq!(record.applied_at, Some(client.now.wall));
        assert!(matches!(record.state, Phase::Stopping | Phase::Stopped), "{service:?}");
    }
    assert_eq!(client.record(&one(DRS, "n@1+ %2F")).state, Phase::Stopping);
    client.wait(Duration::from_secs(10));
    assert!(client.ledger().resources.iter().all(|record| record.state == Phase::Stopped));
}

#[test]
fn a_stop_of_what_stands_still_is_answered_as_documented() {
    for initial in [Initial::Stopped, Initial::Ended] {
        let client = client(initial);
        for (service, status, code) in [
            (FNF, 400, "ExecutionAlreadyCompleted"),
            (SEARCH_ENGINE, 200, ""),
            (ELASTICSEARCH, 400, "InstanceStatusNotSupportCurrentAction"),
            (LIVE, 400, "LIVE.100011001"),
            (DRS, 400, "DRS.10000015"),
        ] {
            let id = one(service, "n@1+ %2F");
            let (got, word, body) = read(&client.stop(&id));
            assert_eq!((got, word.as_str()), (status, code), "{body}");
            assert_eq!(client.record(&id).counts.applied, 0);
        }
    }
    let (.., body) = read(&client(Initial::Stopped).stop(&one(LIVE, "n@1+ %2F")));
    assert_eq!(body["error_msg"], "flow task is in standby status");
}

#[test]
fn a_stop_of_what_is_not_there_is_answered_as_documented() {
    let client = client(Initial::Running);
    for (service, status, code) in [
        (FNF, 404, "ExecutionNotExists"),
        (SEARCH_ENGINE, 404, "instance.NotFound"),
        (ELASTICSEARCH, 400, "InstanceNotFound"),
        (LIVE, 400, "LIVE.100011001"),
        (DRS, 400, "DRS.10000010"),
    ] {
        let (got, word, body) = read(&client.stop(&one(service, "another")));
        assert_eq!((got, word.as_str()), (status, code), "{body}");
    }
    assert_eq!(client.ledger().requests.missing, 5);
}

#[test]
fn a_second_stop_before_the_end_has_no_effect() {
    for (service, second) in [(FNF, 200), (DRS, 400)] {
        // Of the executions, half stop at once; this one does not.
        let id = one(service, "n@1+ %2F");
        let mut client = client(Initial::Running);
        assert_eq!(client.stop(&id).status, 200);
        assert_eq!(client.record(&id).state, Phase::Stopping, "{service:?}: another name is needed");
        assert_eq!(client.stop(&id).status, second, "{service:?}");
        assert_eq!(client.record(&id).counts.applied, 1);
        client.wait(Duration::from_secs(10));
        assert_eq!(client.stop(&id).status, 400);
    }
}

#[test]
fn what_somebody_else_is_stopping_stands_still_soon_after_it_is_first_asked_about() {
    for (service, status, code) in [
        (FNF, 200, ""),
        (SEARCH_ENGINE, 200, ""),
        (ELASTICSEARCH, 200, ""),
        (LIVE, 200, ""),
        (DRS, 400, "DRS.10000015"),
    ] {
        let mut client = client(Initial::Stopping);
        let id = one(service, "n@1+ %2F");
        client.wait(Duration::from_secs(3600));
        assert_eq!((client.record(&id).state, client.record(&id).last_met), (Phase::Stopping, None), "{service:?}");
        let (got, word, body) = read(&client.stop(&id));
        assert_eq!((got, word.as_str()), (status, code), "{body}");
        // Where a stop ends at once, this one does, whatever somebody else's does.
        let ends_at_once = !matches!(service, FNF | DRS);
        client.wait(Duration::from_millis(9_999));
        let state = client.record(&id).state;
        assert_eq!(state, if ends_at_once { Phase::Stopped } else { Phase::Stopping }, "{service:?}");
        client.wait(Duration::from_millis(1));
        let record = client.record(&id);
        assert_eq!((record.state, record.last_met), (Phase::Stopped, Some(Phase::Stopping)), "{service:?}");
        assert_eq!((record.counts.applied == 1, record.counts.taken == 1), (ends_at_once, status == 200));
        assert_eq!(record.applied_at.is_some(), ends_at_once);
    }
}

#[test]
fn resources_are_created_once_named() {
    let mut config = quiet();
    config.auto_create = true;
    let client = Client::new(&config, []);
    let id = one(LIVE, "never seen");
    assert_eq!(client.stop(&id).status, 200);
    assert_eq!(client.record(&id).counts.applied, 1);
}

#[test]
fn requests_that_make_no_sense_are_told_so() {
    let client = client(Initial::Running);
    let long = "x".repeat(4097);
    let execution = [("FlowName", "f"), ("ExecutionName", "e")];
    for (answer, status, code) in [
        (client.send("GET", "/nowhere", &[], ""), 404, ""),
        (client.rpc("POST", "StopExecution", &[("FlowName", "f")]), 400, "MissingRequiredParams"),
        (client.rpc("POST", "StopExecution", &[execution[0], execution[1], ("Cause", "")]), 400, "InvalidArgument"),
        (client.rpc("POST", "StopExecution", &[execution[0], execution[1], ("Cause", &long)]), 400, "InvalidArgument"),
        (client.rpc("PUT", "StopExecution", &execution), 400, "ActionNotSupported"),
        (client.rpc("POST", "StopUniverse", &execution), 400, "ActionNotSupported"),
        (client.roa("PUT", "StopTask", "/openapi/ha3/instances/i/stop-task", ""), 404, "InvalidAction.NotFound"),
        (client.roa("PUT", "DescribeInstance", "/openapi/instances/i", ""), 404, "InvalidAction.NotFound"),
        (client.rest("PUT", "/v1/p/flows/stop", ""), 400, "LIVE.100011001"),
        (client.rest("PUT", "/v1/p/flows/start?flow_id=f", ""), 404, "APIGW.0101"),
        (client.rest("POST", "/v5/p/jobs/j/stop", "not JSON"), 400, "DRS.M00202"),
        (client.rest("POST", "/v5/p/jobs/j/stop", "{\"is_force_stop\": \"yes\"}"), 400, "DRS.M00202"),
    ] {
        let (got, word, body) = read(&answer);
        assert_eq!((got, word.as_str()), (status, code), "{body}");
    }
    let ledger = client.ledger();
    assert_eq!(ledger.requests.nonsense, 12);
    assert!(ledger.resources.iter().all(|record| record.counts.requests == 0));
}
