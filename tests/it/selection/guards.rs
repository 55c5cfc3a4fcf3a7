//! What is named twice, too much, protected, or not there: the guards of a run that selects.

use allstop::simulator::{Course, Leaving, ListFault, ListTrouble, Resource, When};
use serde_json::json;

use super::ground::{counts, execution, ground, resource, rows};
use crate::environment::{Ended, RUN};

fn flow(id: &str, more: &serde_json::Value) -> Resource {
    let mut flow = json!({"kind": "live_flow", "project_id": "p", "flow_id": id});
    flow.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    resource(flow)
}

fn executions(flow: &str, count: u64) -> impl Iterator<Item = Resource> {
    (0..count).map(move |number| execution(flow, &format!("r{number:04}"), "Running", 100_000 - number))
}

#[test]
fn row_25_what_a_target_names_is_not_selected_again() {
    let plan =
        "targets: [{kind: live_flow, account: hw, select: all}, {id: mine, kind: live_flow, account: hw, flow_id: a}]";
    let env = ground(plan, [flow("a", &json!({})), flow("b", &json!({}))]);
    let (ended, report) = env.select(&[]);
    assert_eq!(
        (ended.code, rows(&report)),
        (0, vec!["live_flow:b stopped".into(), "mine stopped".into()]),
        "{ended:?}"
    );
    assert_eq!(counts(&report, 0), "seen 2 matched 1 named_already 1");
    assert_eq!(env.stops(), 2);
}

#[test]
fn row_26_of_two_selections_with_other_fields_the_first_counts_and_a_warning_says_so() {
    let job = resource(json!({"kind": "drs_job", "project_id": "p", "job_id": "j"}));
    let select = "kind: drs_job, account: hw, select: {job_type: sync}";
    let plan = format!("targets: [{{{select}, is_force_stop: true}}, {{{select}, is_force_stop: false}}]");
    let env = ground(&plan, [job]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["drs_job:j stopped".to_owned()]), "{ended:?}");
    assert_eq!(counts(&report, 1), "seen 1 matched 0 named_already 1");
    assert_eq!(env.simulator().ledger().resources[0].said, ["is_force_stop: true".into()]);
    let warning = report["selections"][1]["warnings"][0].as_str().unwrap();
    assert!(warning.contains("other optional fields") && ended.stderr.contains(warning), "{}", ended.stderr);
}

#[test]
fn row_27_a_listing_ends_where_more_match_than_a_run_may_stop() {
    let plan = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]";
    let env = ground(plan, executions("etl", 1300));
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, &report["run"]["status"]), (3, &json!("aborted")), "{ended:?}");
    assert!(
        ended.stderr.contains("more than 1000 match") || ended.stderr.contains("more than 1,000 match"),
        "{ended:?}"
    );
    assert_eq!((rows(&report).len(), env.stops()), (0, 0));
    // 11 pages have 1,001 of them; the last of 14 is not asked for.
    assert!(env.lists() < 1 + 14, "{}", env.lists());
    // What is protected counts for nothing.
    let plan = format!("guards: {{protect: ['r0*']}}\n{plan}");
    let env = ground(&plan, executions("etl", 1300));
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report).len(), env.stops()), (0, 1300, 300), "{}", ended.stderr);
}

#[test]
fn row_28_a_limit_counts_as_its_number_and_the_oldest_may_come_last() {
    let plan = "guards: {max_targets: 10}\ntargets: [{kind: fnf_execution, account: ali, select: {flow_name: etl, limit: 10}}]";
    let mut all: Vec<_> = executions("etl", 1200).collect();
    all.reverse();
    let env = ground(plan, all);
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rows(&report), (0..10).map(|n| format!("fnf_execution:etl/r{n:04} stopped")).collect::<Vec<_>>());
    assert_eq!(counts(&report, 0), "seen 1200 matched 10 limit 1190");
}

#[test]
fn row_29_an_expectation_is_of_matches_and_not_of_stops() {
    let plan = "guards: {protect: [live_flow:f0, live_flow:f1]}\n\
                targets: [{id: six, kind: live_flow, account: hw, select: {flow_id: '*', expect: {at_most: 5}}}]";
    let env = ground(plan, (0..6).map(|number| flow(&format!("f{number}"), &json!({}))));
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, &report["run"]["status"], env.stops()), (3, &json!("aborted"), 0), "{ended:?}");
    assert!(ended.stderr.contains("six: 6 match, at most 5 are expected"), "{}", ended.stderr);
    assert!(rows(&report).iter().filter(|row| row.ends_with(" aborted")).count() >= 4, "{:?}", rows(&report));
}

#[test]
fn a_mistyped_protect_or_except_is_a_warning() {
    let plan = "guards: {protect: ['*paymnets*']}\n\
                targets: [{id: all, kind: fnf_execution, account: ali, select: {flow_name: '*', except: {flow_name: EXCEPT}}}]";
    let protect = "guards.protect `*paymnets*` matches no target of the plan";
    let except = "`except` of all leaves nothing out";
    for (pattern, warns) in [("'*-payment'", true), ("'*-payments'", false)] {
        let there = [execution("etl", "a", "Running", 9), execution("my-payments", "b", "Running", 9)];
        let env = ground(&plan.replace("EXCEPT", pattern), there);
        let (ended, report) = env.select(&["--dry-run"]);
        assert_eq!(ended.stderr.contains(except), warns, "{}", ended.stderr);
        assert!(ended.stderr.contains(protect), "{}", ended.stderr);
        // What is excepted before it is listed counts for nothing, and is left out.
        assert_eq!(rows(&report).len(), if warns { 2 } else { 1 });
    }
}

#[test]
fn rows_30_and_31_nothing_left_to_stop_is_4() {
    let plan = "targets: [{kind: live_flow, account: hw, select: all}]";
    let protected = format!("guards: {{protect: ['*']}}\n{plan}");
    for (plan, options, word) in [(&*protected, &[][..], "protected"), (plan, &["--only", "name=nothing"], "filtered")]
    {
        let env = ground(plan, [flow("a", &json!({})), flow("b", &json!({}))]);
        let (ended, report) = env.select(options);
        assert_eq!((ended.code, env.stops()), (4, 0), "{ended:?}");
        assert_eq!(rows(&report), ["a", "b"].map(|id| format!("live_flow:{id} {word}")));
        assert!(!ended.stderr.contains("Stop them?"), "{}", ended.stderr);
    }
}

#[test]
fn row_55_check_lists_nothing() {
    let env = ground("targets: [{id: all, kind: live_flow, account: hw, select: all}]", [flow("a", &json!({}))]);
    let line = env.run(["check", "plan.yaml", "--output", "json"]).line();
    assert_eq!((&line["exit_code"], &line["stops"]), (&json!(0), &json!(null)), "{line}");
    let requests = env.simulator().ledger().requests;
    assert_eq!((requests.reads, requests.nonsense, requests.bad_auth), (0, 0, 0));
}

#[test]
fn row_56_a_dry_run_reads_nothing_of_what_it_has_just_listed() {
    let plan = "targets: [{id: all, kind: live_flow, account: hw, select: all}]";
    let env = ground(plan, [flow("a", &json!({})), flow("b", &json!({"status": "STANDBY"}))]);
    let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--dry-run", "--progress", "off"]);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("plan.dry-run.report.json");
    assert_eq!(rows(&report), ["live_flow:a would_stop"]);
    let row = &report["targets"][0];
    assert_eq!((&row["evidence"], &row["reads"], &row["state"]), (&json!("read_back"), &json!(0), &json!("ACTIVE")));
    let requests = env.simulator().ledger().requests;
    assert_eq!((requests.reads, env.lists(), requests.stops), (1, 1, 0));
}

#[test]
fn row_58_a_stage_that_finds_nothing_is_done_and_the_next_one_begins() {
    let plan = "stages:\n  - {name: one, canary: 1, targets: [{id: none, kind: live_flow, account: hw, select: {name: x}}]}\n  \
                - {name: two, targets: [{id: all, kind: live_flow, account: hw, select: all}]}";
    let env = ground(plan, [flow("a", &json!({}))]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["live_flow:a stopped".to_owned()]), "{ended:?}");
    let stages = &report["run"]["stages"];
    assert_eq!((&stages[0]["targets"], &stages[0]["status"]), (&json!(0), &json!("done")), "{stages}");
    assert!(ended.stderr.contains("Nothing matches none."), "{}", ended.stderr);
}

#[test]
fn row_66_no_secret_of_a_listing_is_written_anywhere() {
    let mut config = super::ground::quick();
    config.quirks.ignores_metadata_only = true;
    let plan = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]";
    // What it comes to is not 0, so that its journal stays.
    let mut gone = execution("etl", "gone", "Running", 5);
    gone.course = Course { leaves: Some((When::Shown, Leaving::Goes)), ..Course::default() };
    let env = super::ground::configured(&config, plan, [execution("etl", "r", "Running", 5), gone]);
    let ended = env.run([&RUN[..], &["-vv", "--html", "r.html", "--markdown", "r.md", "--junit", "r.xml"]].concat());
    assert_eq!(ended.code, 1, "{ended:?}");
    let mut all = format!("{}{}", ended.stdout, ended.stderr);
    for name in env.names().iter().filter(|name| *name != "plan.yaml") {
        all.push_str(&String::from_utf8_lossy(&env.bytes(name)));
    }
    assert!(all.contains("\"frozen\"") && all.contains("etl/r"));
    for (name, value) in env.keys().iter().filter(|(name, _)| name.contains("SECRET") || name.ends_with("_SK")) {
        assert!(!all.contains(value), "{name}");
    }
    for hidden in ["\"Input\"", "\"Output\"", "MetadataOnly"] {
        assert!(!all.contains(hidden), "{hidden}");
    }
}

#[test]
fn row_68_a_pattern_of_tags_warns_where_there_are_none_and_reads_them_where_there_are() {
    let plan = "guards: {protect: ['tag.keep=*']}\ntargets:\n  \
                - {kind: fnf_execution, account: ali, select: {flow_name: etl}}\n  \
                - {kind: drs_job, account: hw, select: {job_type: sync}}";
    let job = |id: &str, tags| resource(json!({"kind": "drs_job", "project_id": "p", "job_id": id, "tags": tags}));
    let jobs = [job("kept", json!({"keep": "1"})), job("other", json!({})), execution("etl", "r", "Running", 5)];
    let env = ground(plan, jobs);
    let (ended, report) = env.select(&[]);
    // The one whose begin is not told comes last.
    let expected = ["fnf_execution:etl/r stopped", "drs_job:other stopped", "drs_job:kept protected"];
    assert_eq!((ended.code, rows(&report)), (0, expected.map(str::to_owned).to_vec()), "{ended:?}");
    assert!(ended.stderr.contains("`tag.keep=*` protects no fnf_execution"), "{}", ended.stderr);
    assert!(env.pages().iter().any(|(page, _)| page.starts_with("drs:ListInstanceByTags")));
}

#[test]
fn row_70_a_list_that_is_throttled_slows_no_stop() {
    let plan = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]";
    let throttled = ListFault::new(ListTrouble::Throttled).api("fnf:ListExecutions").times(6);
    let env = ground(plan, executions("etl", 20)).script([throttled]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, env.stops()), (0, 20), "{ended:?}");
    let lanes = report["lanes"].as_array().unwrap();
    let lane = lanes.iter().find(|lane| lane["api"] == "fnf:StopExecution").unwrap();
    assert_eq!((&lane["throttled"], &lane["requests"]), (&json!(0), &json!(20)), "{lane}");
    assert!(lane["final_rate"].as_f64().is_none_or(|rate| rate >= 1000.0), "{lane}");
}
