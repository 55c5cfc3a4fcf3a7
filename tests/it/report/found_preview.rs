//! The table of the question: what the selections of a plan found.

use allstop::engine::{AccountCount, SelectionRecord};
use allstop::plan::{Guards, Overview, Patterns, Pause, Plan, Seen, Stage, Target};
use allstop::report::{FoundPreview, warnings};
use allstop::service::Value;

use super::fixture::{execution, missing, plan, selection, target};

fn seen(since: Option<&str>) -> Option<Box<Seen>> {
    let at = Some("2026-11-22T05:00:31.882Z".parse().unwrap());
    Some(Box::new(Seen { state: Some("Running".into()), name: None, since: since.map(Into::into), at }))
}

fn found(selection: &str, since: Option<&str>, target: Target) -> Target {
    Target { selection: Some(selection.into()), seen: seen(since), ..target }
}

/// Executions of which one is protected, a job whose time has no zone, and a flow that the plan names.
fn world() -> (Plan, Vec<SelectionRecord>) {
    let job = |id: &str| target("drs_job", &[Value::Text(id)]);
    let mut plan = plan(vec![
        found("old-etl", Some("2026-11-21T10:00:31Z"), execution("a")),
        found("old-etl", Some("2026-11-22T02:59:01Z"), execution("b")),
        found("old-etl", Some("2026-11-22T02:59:01Z"), execution("c-payments")),
        found("drs-test", Some("2026-11-09 08:00:00"), job("j1")),
        target("live_flow", &[Value::Text("ec897482")]),
    ]);
    plan.guards = Guards { protect: Patterns::new(["*payments*"]).unwrap(), ..Guards::default() };
    let at = |text: &str| text.parse().unwrap();
    let count = |account: &str, region: &str, seen, matched| AccountCount {
        account: account.to_owned(),
        region: region.to_owned(),
        seen,
        matched,
        requests: 0,
    };
    let etl = SelectionRecord {
        started_at: at("2026-11-22T05:00:12Z"),
        finished_at: at("2026-11-22T05:01:47Z"),
        accounts: vec![count("ali-prod", "cn-hangzhou", 1612, 3)],
        unclear: [("status onlyPublished".to_owned(), 2), ("without a start time".to_owned(), 1)].into(),
        ..selection("old-etl", 3)
    };
    let drs = SelectionRecord {
        kind: "drs_job".to_owned(),
        started_at: at("2026-11-22T05:00:13Z"),
        finished_at: at("2026-11-22T05:00:20Z"),
        accounts: vec![count("hw-prod", "cn-north-4", 38, 1)],
        ..selection("drs-test", 1)
    };
    (plan, vec![etl, drs])
}

fn shown(plan: &Plan, selections: &[SelectionRecord], reason: Option<&str>) -> String {
    let (listing, overview) = (plan.listing(|_, _| true), plan.overview_of(|_, _| true));
    let warnings = &warnings(plan, &overview);
    FoundPreview { listing: &listing, overview: &overview, selections, warnings, reason }.to_string()
}

#[test]
fn shows_what_nobody_can_know_from_the_plan() {
    let (plan, selections) = world();
    let wanted = "\
incident-4711 would stop 4 targets, as listed at 05:00:12–05:01:47 UTC:

selection  account   region       kind            seen  match  left alone  stops  age
old-etl    ali-prod  cn-hangzhou  fnf_execution  1,612      3           1      2  2 h 1 min – 19 h
drs-test   hw-prod   cn-north-4   drs_job           38      1           0      1  at least 12 d 9 h
–          hw-prod   cn-north-4   live_flow                             0      1

old-etl: where flow_name: etl-*, older_than: 2h
drs-test: where flow_name: etl-*, older_than: 2h

Left alone: 1 protected (*payments*).
Not selected, because it is not clear whether they match: 3 (2 status onlyPublished, 1 without a start time).
Stopping a drs_job cannot be undone: it ends the job and releases its resources.
Reason: incident 4711
Sent in about a moment.";
    assert_eq!(shown(&plan, &selections, Some("incident 4711")), wanted);
}

#[test]
fn shows_the_stages() {
    let (mut plan, selections) = world();
    plan.stages = vec![Stage { name: "pilot".to_owned(), canary: None, pause: Some(Pause::Ask), max_failures: None }];
    plan.targets.iter_mut().for_each(|target| target.stage = Some(0));
    let shown = shown(&plan, &selections, None);
    let table = "Stages run one after the other, in this order:\n\n  stage  canary  pause  stops  ends the run\n  \
                 pilot  none    asks       4\n\nLeft alone";
    assert!(shown.contains(table), "{shown}");
}

#[test]
fn what_the_run_has_done_is_not_called_unselected() {
    let (plan, selections) = world();
    // Number 0 was left out by choice, and number 1 is done.
    let listing = plan.listing(|number, _| number > 1);
    let overview = Overview { unselected: 1, ..plan.overview_of(|number, _| number > 1) };
    let (listing, overview, selections) = (&listing, &overview, &selections[..]);
    let shown = FoundPreview { listing, overview, selections, warnings: &[], reason: None }.to_string();
    let left = "Left alone: 1 protected (*payments*), 1 not selected for this run, 1 done by this run before.\n";
    assert!(shown.contains(left), "{shown}");
}

#[test]
fn says_first_what_could_not_be_listed() {
    let (plan, mut selections) = world();
    selections[0].missing = vec![missing("etl-1")];
    let unit = |account: &str, what: &str| {
        let mut unit = missing("");
        (unit.account, unit.what) = (account.to_owned(), what.to_owned());
        unit
    };
    selections[1].missing = vec![unit("hw-7", "jobs of type sync"), unit("hw-7", "jobs of type migration")];
    let shown = shown(&plan, &selections, None);
    let begin = "NOT COMPLETE: flow etl-1 in ali-prod could not be listed (denied)\n\
                 NOT COMPLETE: hw-7 could not be listed (denied)\n\nincident-4711 would stop 4 targets";
    assert!(shown.starts_with(begin), "{shown}");
}

#[test]
fn targets_without_a_known_age_are_counted() {
    let (mut plan, selections) = world();
    plan.targets[1].seen = seen(None);
    assert!(shown(&plan, &selections, None).contains("  19 h, 1 unknown\n"));
    plan.targets[0].seen = None;
    let shown = shown(&plan, &selections, None);
    assert!(shown.contains("      3           1      2\n"), "{shown}");
}

#[test]
fn a_listing_over_midnight_has_dates_and_texts_are_harmless() {
    let (plan, mut selections) = world();
    selections[0].started_at = "2026-11-21T23:59:59Z".parse().unwrap();
    selections[0].id = "a\u{1b}[31m\n".to_owned();
    let shown = shown(&plan, &selections, None);
    assert!(shown.contains("as listed at 2026-11-21 23:59:59–2026-11-22 05:01:47 UTC"), "{shown}");
    assert!(shown.contains("a\\u{1b}[31m\\n"), "{shown}");
}
