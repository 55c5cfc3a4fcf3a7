//! Pages that contradict each other, are no lists, are too long, or have no end.

use super::world::{Answer, Call, executions, flows, list, ok, outcome, plan, too_long};
use crate::error::ErrorClass;
use crate::plan::Plan;

fn all() -> Plan {
    plan("targets: [{kind: live_flow, account: hw, select: all}]")
}

fn etl() -> Plan {
    plan("targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]")
}

/// Returns how many flows are listed, with the errors and the number of requests.
async fn of_flows(script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> (u64, Vec<(ErrorClass, String)>, usize) {
    let (record, calls) = list(all(), script).await;
    let (matched, errors) = outcome(&record);
    (matched, errors, calls.len())
}

fn conflict(how: &str) -> Vec<(ErrorClass, String)> {
    vec![(ErrorClass::Conflict, format!("the list changed while it was read, 3 times: {how}"))]
}

#[tokio::test(start_paused = true)]
async fn what_is_no_list_is_tried_as_often_as_a_stop_and_no_empty_list() {
    for body in ["{}", r#"{"total":0}"#, r#"{"total":0,"flows":null}"#, r#"{"total":0,"flows":{}}"#, ""] {
        let (matched, errors, calls) = of_flows(move |_| ok(body)).await;
        assert_eq!((matched, errors.len(), errors[0].0), (0, 1, ErrorClass::Protocol), "{body}");
        assert_eq!(calls as u32, all().retry.max_attempts, "{body}");
        let (matched, errors, _) = of_flows(move |call| if call.before < 2 { ok(body) } else { flows(2, 0..2) }).await;
        assert_eq!((matched, errors), (2, Vec::new()), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_comes_twice_is_read_again_and_the_union_counts() {
    // What is seen once counts, also when another pass does not show it.
    let script = |torn: usize| {
        move |call: &Call| match (call.has("offset=0"), call.before < torn) {
            (true, _) => flows(101, 0..100),
            (false, true) => flows(101, [call.before]),
            (false, false) => flows(101, [100]),
        }
    };
    assert_eq!(of_flows(script(2)).await, (101, Vec::new(), 6));
    assert_eq!(of_flows(script(3)).await, (0, conflict("an entry came twice"), 6));
}

#[tokio::test(start_paused = true)]
async fn fewer_entries_than_the_total_are_read_again() {
    let script = |torn: usize| {
        move |call: &Call| match (call.has("offset=0"), call.before < torn) {
            (true, _) => flows(101, 0..100),
            (false, true) => flows(101, []),
            (false, false) => flows(101, [100]),
        }
    };
    assert_eq!(of_flows(script(2)).await, (101, Vec::new(), 6));
    assert_eq!(of_flows(script(3)).await, (0, conflict("it had 100 entries, and a total of 101"), 6));
}

#[tokio::test(start_paused = true)]
async fn a_total_that_changes_on_the_way_is_read_again() {
    let script = |torn: usize| {
        move |call: &Call| match (call.has("offset=0"), call.before < torn) {
            (true, _) => flows(101, 0..100),
            (false, true) => flows(102, [100, 101]),
            (false, false) => flows(101, [100]),
        }
    };
    // The one that only the first pass showed counts: it was there.
    assert_eq!(of_flows(script(1)).await, (102, Vec::new(), 4));
    assert_eq!(of_flows(script(3)).await, (0, conflict("its total was 101, then 102"), 6));
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_slips_to_a_page_that_was_read_is_seen_by_the_next_pass() {
    let script = |call: &Call| match (call.has("offset=0"), call.before) {
        (true, 0) => flows(150, 0..100),
        // Flow 100 came to the front meanwhile: this page begins with 99 once more.
        (false, 0) => flows(150, (99..100).chain(101..150)),
        (true, _) => flows(150, (100..101).chain(0..99)),
        (false, _) => flows(150, (99..100).chain(101..150)),
    };
    assert_eq!(of_flows(script).await, (150, Vec::new(), 4));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_read_already_ends_it_at_once() {
    let script = |call: &Call| match (call.has("Status=Starting"), call.parameter("NextToken")) {
        (true, _) => executions([], None),
        (_, "") => executions(0..2, Some("one")),
        (_, "one") => executions(2..4, Some("two")),
        _ => executions(4..6, Some("one")),
    };
    let (record, calls) = list(etl(), script).await;
    let (matched, errors) = outcome(&record);
    assert_eq!((matched, calls.len()), (0, 4));
    assert_eq!(errors, [(ErrorClass::Protocol, "a page names a next one that was read already".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_with_a_token_leads_on_but_not_for_ever() {
    let script = |end: u32| {
        move |call: &Call| {
            let number: u32 = call.parameter("NextToken").parse().unwrap_or(0);
            match call.has("Status=Starting") {
                true => executions([], None),
                false if number == end => executions(0..3, Some("")),
                false => executions([], Some(&(number + 1).to_string())),
            }
        }
    };
    let (record, calls) = list(etl(), script(7)).await;
    assert_eq!((outcome(&record), calls.len()), ((3, Vec::new()), 9));
    let (record, calls) = list(etl(), script(u32::MAX)).await;
    let message = "the list has one empty page after another, and no end";
    assert_eq!(outcome(&record), (0, vec![(ErrorClass::Protocol, message.to_owned())]));
    assert_eq!(calls.len(), 102);
}

#[tokio::test(start_paused = true)]
async fn the_last_page_has_no_token_an_empty_one_or_null() {
    for last in [
        r#"{"Executions":[{"Name":"r"}]}"#,
        r#"{"Executions":[{"Name":"r"}],"NextToken":""}"#,
        r#"{"Executions":[{"Name":"r"}],"NextToken":null}"#,
    ] {
        let script = move |call: &Call| if call.has("Status=Starting") { executions([], None) } else { ok(last) };
        let (record, calls) = list(etl(), script).await;
        assert_eq!((record.selections[0].seen, calls.len()), (1, 2), "{last}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_starts_in_the_first_list_and_runs_in_the_second_is_one() {
    let starting = r#"{"Executions":[{"Name":"r00000","Status":"Starting","StartedTime":"2026-11-22T01:02:03Z"}]}"#;
    let script = move |call: &Call| if call.has("Status=Starting") { ok(starting) } else { executions([0], None) };
    let (record, _) = list(etl(), script).await;
    assert_eq!((record.selections[0].seen, record.selections[0].matched), (1, 1));
    assert_eq!(record.found[0][0].target.seen.as_ref().unwrap().state.as_deref(), Some("Running"));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_too_long_is_asked_for_in_halves_down_to_one_entry() {
    let size = |call: &Call| call.parameter("limit").parse::<usize>().unwrap();
    let script = move |call: &Call| {
        let offset: usize = call.parameter("offset").parse().unwrap();
        if size(call) > 12 { too_long() } else { flows(30, offset..30.min(offset + size(call))) }
    };
    let (record, calls) = list(all(), script).await;
    assert_eq!(outcome(&record), (30, Vec::new()));
    assert_eq!(calls.iter().map(size).collect::<Vec<_>>(), [100, 50, 25, 12, 12, 12]);
    let (record, calls) = list(all(), |_| too_long()).await;
    let (matched, errors) = outcome(&record);
    assert_eq!((matched, errors.len(), calls.len()), (0, 1, 7), "{errors:?}");
    assert!(errors[0].1.contains("longer than 32 MiB"), "{errors:?}");
}
