//! Lanes of listings: throttled for ever, side by side, and bounds of what is found.

use std::time::Duration;

use super::world::{Call, code, executions, list, ok, outcome, plan, prepare};
use crate::engine::listing::ListingEnd;
use crate::error::ErrorClass;

#[tokio::test(start_paused = true)]
async fn a_page_that_is_throttled_for_ever_ends_as_a_stop_would() {
    let plan = plan("targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]");
    let longest = plan.retry.max_elapsed;
    let script = |call: &Call| match (call.has("Status=Starting"), call.parameter("NextToken")) {
        (true, _) => executions([], None),
        (_, "") => executions(0..99, Some("2")),
        _ => code(429, "ResourceThrottled"),
    };
    let (record, calls) = list(plan, script).await;
    let (matched, errors) = outcome(&record);
    assert_eq!((matched, errors.len(), errors[0].0), (0, 1, ErrorClass::Throttled));
    let tries: Vec<_> = calls.iter().filter(|call| call.has("NextToken=2")).map(|call| call.at).collect();
    let [.., before, last] = tries[..] else { panic!("{tries:?}") };
    assert!(tries.len() > 3 && before - tries[0] <= longest, "{tries:?}");
    // The time is looked at before a try waits for its turn, which a throttled lane grants every few seconds.
    assert!(last - tries[0] <= longest + Duration::from_secs(10), "{tries:?}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_throttled_slows_no_other_list_down() {
    let plan = plan(
        "limits: {rate: 100/s}\nretry: {max_elapsed: 1m}\n\
         targets: [{kind: drs_job, account: hw, select: {job_type: sync}}, \
         {kind: live_flow, account: hw, select: all}]",
    );
    let script = |call: &Call| match call.text.contains("/flows") {
        true => ok(r#"{"total":0,"flows":[]}"#),
        false => code(429, "APIGW.0308"),
    };
    let (record, calls) = list(plan, script).await;
    assert_eq!(record.selections[0].missing.len(), 1);
    assert_eq!(record.selections[1].missing.len(), 0);
    let flows = calls.iter().find(|call| call.text.contains("/flows")).unwrap();
    // It waits until the service has accepted the key, and no longer.
    assert!(flows.at <= Duration::from_millis(10), "{flows:?}");
    assert!(calls.len() > 3);
}

#[tokio::test(start_paused = true)]
async fn a_listing_ends_where_more_match_than_a_run_may_stop() {
    let rest = "limits: {rate: 100/s}\ntargets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]";
    let script = |call: &Call| {
        let page: usize = call.parameter("NextToken").parse().unwrap_or(0);
        match call.has("Status=Starting") {
            true => executions([], None),
            false => executions(page * 99..(page + 1) * 99, Some(&(page + 1).to_string())),
        }
    };
    for (most, named, pages) in [(100, 0, 2), (98, 0, 1), (99, 0, 2), (100, 2, 1)] {
        let (listings, calls) = prepare(plan(rest), script);
        let record = listings.at_most(most, named, |_| true).execute().await.unwrap();
        assert_eq!(record.end, ListingEnd::TooMany);
        // One more request may be under way then.
        let sent = calls.all().len();
        assert!((1 + pages..=2 + pages).contains(&sent), "at most {most}, {named} named: {sent}");
    }
    // What a run would not stop does not count.
    let script = |call: &Call| if call.has("Status=Starting") { executions([], None) } else { executions(0..99, None) };
    let (listings, _) = prepare(plan(rest), script);
    let record = listings.at_most(10, 0, |target| target.made_id().ends_with('7')).execute().await.unwrap();
    assert_eq!((record.end, record.selections[0].matched), (ListingEnd::Whole, 99));
}

#[tokio::test(start_paused = true)]
async fn a_limited_selection_is_listed_to_its_end_and_takes_the_oldest() {
    let rest = "limits: {rate: 1000/s}\n\
                targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl, limit: 10}}]";
    // The oldest come last.
    let script = |call: &Call| {
        let page: usize = call.parameter("NextToken").parse().unwrap_or(0);
        let one = |id: usize| {
            format!(r#"{{"Name":"r{id:05}","Status":"Running","StartedTime":"2026-11-{:02}T01:02:03Z"}}"#, 20 - page)
        };
        let all: Vec<_> = (page * 99..(page + 1) * 99).map(one).collect();
        let next = if page < 9 { format!(r#","NextToken":"{}""#, page + 1) } else { String::new() };
        match call.has("Status=Starting") {
            true => executions([], None),
            false => ok(&format!(r#"{{"Executions":[{}]{next}}}"#, all.join(","))),
        }
    };
    let (listings, calls) = prepare(plan(rest), script);
    let plan = plan(rest);
    let record = listings.at_most(10, 0, |_| true).execute().await.unwrap();
    assert_eq!((record.end, calls.all().len()), (ListingEnd::Whole, 11));
    let frozen = record.freeze(&plan);
    let names: Vec<_> = frozen.found[0].iter().map(|target| target.made_id()).collect();
    assert_eq!(names, (891..901).map(|id| format!("fnf_execution:etl/r{id:05}")).collect::<Vec<_>>());
    assert_eq!((frozen.selections[0].matched, frozen.selections[0].left_out.limit), (10, 980));
}
