//! Reviewed plans: the built binary against a simulator that lists, and that changes between the review and the run.

use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::simulator::{ListFault, ListTrouble, Resource};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::environment::{Ended, TestEnvironment, words};
use crate::selection::ground::{ground, missing, resource, rows};

/// The test jobs, but for those that somebody keeps.
const SANDBOX: &str = r#"
guards: {max_targets: 50}
targets:
  - {id: sandbox, kind: drs_job, account: hw, select: {job_type: sync, except: {tags: {keep: "*"}}}}
"#;

const FLOWS: &str = "targets: [{id: flows, kind: live_flow, account: hw, select: {name: 'test-*'}}]";

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 3600;

fn job(id: &str, more: &Value) -> Resource {
    let mut job = json!({"kind": "drs_job", "project_id": "p", "job_id": id});
    job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    resource(job)
}

fn jobs(ids: &[&str]) -> Vec<Resource> {
    ids.iter().map(|id| job(id, &json!({}))).collect()
}

fn flow(number: usize) -> Resource {
    let (id, name) = (format!("f{number:02}"), format!("test-{number}"));
    resource(json!({"kind": "live_flow", "project_id": "p", "flow_id": id, "name": name}))
}

/// Returns the moment so many seconds ago.
fn moment(ago: u64) -> String {
    let at = SystemClock.now() - Duration::from_secs(ago);
    Timestamp::from_second(at.as_second()).unwrap().to_string()
}

impl TestEnvironment {
    /// Reviews `plan.yaml`, which must succeed.
    #[track_caller]
    fn review(&self, options: &[&str]) -> Ended {
        let ended = self.run([&["plan", "plan.yaml", "-o", "r.yaml"], options].concat());
        assert_eq!((ended.code, self.stops()), (0, 0), "{ended:?}");
        ended
    }

    /// Replaces the value of a key of a reviewed plan's head.
    #[track_caller]
    fn set_head(&self, key: &str, value: &str) {
        let start = format!("  {key}: ");
        let text = self.text("r.yaml");
        assert_eq!(text.lines().filter(|line| line.starts_with(&start)).count(), 1, "{text}");
        let line =
            |line: &str| if line.starts_with(&start) { format!("{start}{value}\n") } else { format!("{line}\n") };
        self.write("r.yaml", text.lines().map(line).collect::<String>());
    }

    /// Makes `r.yaml` so many seconds old.
    #[track_caller]
    fn age(&self, seconds: u64) {
        self.set_head("listed_at", &moment(seconds));
    }

    /// Runs `r.yaml`.
    fn run_reviewed(&self, options: &[&str]) -> Ended {
        self.run([&["run", "r.yaml", "--yes", "--progress", "off"], options].concat())
    }

    /// Runs `r.yaml`, which writes a report.
    #[track_caller]
    fn reviewed(&self, options: &[&str]) -> (Ended, Value) {
        let ended = self.run_reviewed(options);
        (ended, self.report("r.report.json"))
    }

    /// Checks that a command is refused with this status and these words, and that nothing was sent.
    #[track_caller]
    fn refuses(&self, args: &[&str], code: i32, said: &[&str]) {
        let before = (self.lists(), self.stops());
        let ended = self.run(args);
        assert_eq!(ended.code, code, "{ended:?}");
        said.iter().for_each(|said| assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr));
        assert_eq!((self.lists(), self.stops()), before, "{ended:?}");
    }
}

const RUN: [&str; 5] = ["run", "r.yaml", "--yes", "--progress", "off"];

/// Wednesday's list, on Friday: the owner of j2 keeps it, j3 has ended, and j4 is new.
fn on_friday() -> TestEnvironment {
    let env = ground(SANDBOX, jobs(&["j1", "j2", "j3"]));
    env.review(&["--valid-for", "3d"]);
    let ended = json!({"status": "RELEASE_RESOURCE_COMPLETE"});
    let changed = [job("j2", &json!({"tags": {"keep": "mine"}})), job("j3", &ended)];
    assert_eq!(env.simulator().change(changed), 2);
    assert_eq!(env.simulator().load([job("j4", &json!({}))]), 1);
    env.age(2 * DAY);
    env
}

#[test]
fn e7_wednesdays_list_is_run_on_friday() {
    let env = on_friday();
    let (ended, report) = env.reviewed(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rows(&report), ["drs_job:j1 stopped", "drs_job:j2 stale", "drs_job:j3 stale"]);
    let states: Vec<_> = report["targets"].as_array().unwrap()[1..].iter().map(|row| &row["state"]).collect();
    assert_eq!(states, ["INCRE_TRANSFER_STARTED", "RELEASE_RESOURCE_COMPLETE"]);
    assert!(report["targets"].as_array().unwrap()[1..].iter().all(|row| row["done"].is_null()), "{report}");
    let said = "1 more matches now and was not reviewed: left alone (drs_job:j4)";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    let reviewed = &report["run"]["reviewed"];
    assert_eq!((&reviewed["stale"], &reviewed["unreviewed"]), (&json!(2), &json!(1)));
    assert_eq!(reviewed["of"]["path"], "plan.yaml");
    assert!(reviewed["listed_again_at"].is_string(), "{reviewed}");
    assert!(env.text("r.yaml").contains(reviewed["sha256"].as_str().unwrap()));
    assert_eq!(env.stops(), 1);

    // Again on Friday.
    env.refuses(&RUN, 2, &["was carried out at", "--again"]);
    let ended = env.run_reviewed(&["--again", "--report", "again.json"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert_eq!((words(&env.report("again.json")), env.stops()), (vec!["stale".to_owned(); 3], 1));

    // A line deleted by hand.
    let text = env.text("r.yaml");
    let is_taken_out = |line: &&str| line.contains("job_id: j2");
    assert_eq!(text.lines().filter(is_taken_out).count(), 1, "{text}");
    let kept = text.lines().filter(|line| !is_taken_out(line)).map(|line| format!("{line}\n"));
    env.write("r.yaml", kept.collect::<String>());
    env.refuses(&[&RUN[..], &["--again"]].concat(), 2, &["1 taken out: drs_job:j2", "leave it out with --skip"]);
    env.write("r.yaml", text);

    // On Sunday.
    env.set_head("expires_at", &moment(MINUTE));
    let report = ["--report", "sunday.json"];
    env.refuses(&[&RUN[..], &report].concat(), 3, &["expired at", "allstop plan plan.yaml -o r.yaml"]);
    assert_eq!(words(&env.report("sunday.json")), ["aborted"; 3]);
    // A retry is no way around it.
    env.refuses(
        &["retry", "sunday.json", "--yes"],
        4,
        &["3 reviewed targets were not begun", "allstop run r.yaml --again"],
    );
}

#[test]
fn what_was_left_out_with_skip_is_not_listed_as_stale() {
    let env = on_friday();
    let (ended, report) = env.reviewed(&["--skip", "j2"]);
    assert_eq!(
        (ended.code, words(&report)),
        (0, ["stopped", "filtered", "stale"].map(str::to_owned).to_vec()),
        "{ended:?}"
    );
}

#[test]
fn a_target_that_a_tag_protects_since_is_spared() {
    let env = ground(&SANDBOX.replace("max_targets: 50", "protect: ['tag.team=payments']"), jobs(&["j1", "j2"]));
    env.review(&[]);
    env.simulator().change([job("j1", &json!({"tags": {"team": "payments"}}))]);
    env.age(11 * MINUTE);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["drs_job:j1 stale".to_owned(), "drs_job:j2 stopped".to_owned()]));
}

/// Reviews 12 flows 9 minutes ago.
fn nine_minutes_old() -> TestEnvironment {
    let env = ground(FLOWS, (0..12).map(flow));
    env.review(&[]);
    env.age(9 * MINUTE);
    env.simulator().load([flow(99)]);
    env
}

#[test]
fn row_45_a_young_plan_runs_in_shards_that_make_one_run() {
    let whole = nine_minutes_old();
    let (ended, of_one) = whole.reviewed(&[]);
    assert_eq!((ended.code, whole.stops(), whole.lists()), (0, 12, 1), "{ended:?}");
    assert!(of_one["run"]["reviewed"]["listed_again_at"].is_null());

    let env = nine_minutes_old();
    let reports: Vec<_> = (1..=4)
        .map(|number| {
            let ended = env.run_reviewed(&["--shard", &format!("{number}/4")]);
            assert_eq!(ended.code, 0, "{ended:?}");
            format!("r.{number}-of-4.report.json")
        })
        .collect();
    let merge: Vec<_> =
        ["report", "merge", "-o", "merged.json"].into_iter().chain(reports.iter().map(|name| &**name)).collect();
    let ended = env.run(merge);
    assert_eq!(ended.code, 0, "{ended:?}");
    let merged = env.report("merged.json");
    assert_eq!((env.stops(), env.lists()), (12, 1));
    let facts = |report: &Value| {
        let rows = report["targets"].as_array().unwrap().iter();
        let of = |row: &Value| {
            ["id", "outcome", "reason", "done", "selection", "labels", "params"].map(|key| row[key].clone())
        };
        rows.map(of).collect::<Vec<_>>()
    };
    assert_eq!(facts(&merged), facts(&of_one));
    for key in ["targets", "stopped", "skipped", "failed"] {
        assert_eq!(merged["summary"][key], of_one["summary"][key], "{key}");
    }
    for key in ["status", "exit_code"] {
        assert_eq!(merged["run"][key], of_one["run"][key], "{key}");
    }
    let seal = |report: &Value| report["run"]["reviewed"]["of"].clone();
    assert_eq!(seal(&merged)["path"], seal(&of_one)["path"]);
    // A shard that was carried out is not carried out again.
    env.refuses(&[&RUN[..], &["--shard", "2/4"]].concat(), 2, &["was carried out at"]);
}

#[test]
fn row_46_an_old_plan_runs_in_shards_once_it_is_listed_again() {
    let env = ground(FLOWS, (0..4).map(flow));
    env.review(&[]);
    env.age(11 * MINUTE);
    env.refuses(
        &[&RUN[..], &["--shard", "1/4"]].concat(),
        2,
        &["older than 10 minutes", "`allstop plan r.yaml -o now.yaml`"],
    );
    // What has gone meanwhile is not in it, and what has come is not either.
    let ended =
        json!({"kind": "live_flow", "project_id": "p", "flow_id": "f01", "name": "test-1", "status": "STANDBY"});
    env.simulator().change([resource(ended)]);
    env.simulator().load([flow(99)]);
    let ended = env.run(["plan", "r.yaml", "-o", "now.yaml"]);
    assert_eq!((ended.code, env.stops()), (0, 0), "{ended:?}");
    for said in [
        "1 reviewed target does not match any more",
        "1 more matches now and was not reviewed: left alone (live_flow:f99)",
    ] {
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
    let lists = env.lists();
    for number in 1..=2 {
        let ended = env.run(["run", "now.yaml", "--yes", "--shard", &format!("{number}/2")]);
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    assert_eq!((env.stops(), env.lists()), (3, lists));
    assert!(env.text("now.yaml").contains("path: plan.yaml"), "{}", env.text("now.yaml"));
}

/// Reviews two flows and two jobs; in the next listing, the jobs are refused as often.
fn with_refused_jobs(times: u32) -> TestEnvironment {
    let plan = "
targets:
  - {id: flows, kind: live_flow, account: hw, select: {name: 'test-*'}}
  - {id: jobs, kind: drs_job, account: hw, select: {job_type: sync}}
";
    let env = ground(plan, (0..2).map(flow).chain(jobs(&["j1", "j2"])));
    env.review(&[]);
    env.age(11 * MINUTE);
    env.script([ListFault::new(ListTrouble::Denied).api("drs:ShowJobList").times(times)])
}

#[test]
fn row_47_what_cannot_be_listed_again_is_not_gone() {
    let env = with_refused_jobs(2);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, &report["run"]["status"]), (1, &json!("unlisted")), "{ended:?}");
    assert_eq!((words(&report), env.stops()), (vec!["aborted".to_owned(); 4], 0));
    env.refuses(&["retry", "r.report.json", "--yes"], 2, &["run the plan again"]);

    let (ended, report) = env.reviewed(&["--partial"]);
    assert_eq!((ended.code, &report["run"]["status"]), (1, &json!("completed")), "{ended:?}");
    let expected = ["live_flow:f00 stopped", "live_flow:f01 stopped", "drs_job:j1 aborted", "drs_job:j2 aborted"];
    assert_eq!(rows(&report), expected);
    assert_eq!(missing(&report, 1), ["sync jobs: denied"]);
    assert_eq!((&report["run"]["reviewed"]["stale"], env.stops()), (&json!(0), 2));
    assert!(ended.stderr.contains("2 reviewed targets could not be listed again: left alone"), "{}", ended.stderr);

    // The jobs can be listed by now.
    let (ended, report) = env.reviewed(&["--again"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = ["live_flow:f00 stale", "live_flow:f01 stale", "drs_job:j1 stopped", "drs_job:j2 stopped"];
    assert_eq!(rows(&report), expected);
}

#[test]
fn a_retry_leaves_alone_what_could_not_be_listed_again() {
    let env = with_refused_jobs(1);
    let (ended, mut report) = env.reviewed(&["--partial"]);
    assert_eq!((ended.code, env.stops()), (1, 2), "{ended:?}");
    let [.., next] = ended.stderr.lines().collect::<Vec<_>>()[..] else { panic!("{ended:?}") };
    assert_eq!(next.trim(), "allstop run r.yaml --again --yes");
    let shown = env.run(["report", "show", "r.report.json"]).stdout;
    assert!(shown.contains("allstop run r.yaml --again"), "{shown}");
    let unbegun = ["2 reviewed targets were not begun and are left alone", "`allstop run r.yaml --again`"];
    env.refuses(&["retry", "r.report.json", "--yes"], 4, &unbegun);

    // As if the stop of one flow had failed.
    (report["targets"][0]["outcome"], report["targets"][0]["done"]) = (json!("failed"), json!(false));
    env.write("r.report.json", report.to_string());
    let lists = env.lists();
    let ended = env.run(["retry", "r.report.json", "--yes", "--progress", "off"]);
    // What could not be listed is still missing.
    assert_eq!((ended.code, env.lists()), (1, lists), "{ended:?}");
    unbegun.iter().for_each(|said| assert!(ended.stderr.contains(said), "{}", ended.stderr));
    let report = env.report("r.retry.report.json");
    let expected =
        ["live_flow:f00 already_stopped", "live_flow:f01 filtered", "drs_job:j1 filtered", "drs_job:j2 filtered"];
    assert_eq!(rows(&report), expected);
    assert_eq!(missing(&report, 1), ["sync jobs: denied"]);
    let ledger = env.simulator().ledger();
    let jobs = ledger.resources.iter().filter(|one| one.id.to_string().starts_with("drs_job"));
    assert_eq!(jobs.map(|one| one.counts.requests).collect::<Vec<_>>(), [0, 0]);
}

#[test]
fn a_run_that_goes_on_knows_what_its_listing_came_to() {
    let env = with_refused_jobs(1);
    env.simulator().change([resource(json!({
        "kind": "live_flow", "project_id": "p", "flow_id": "f01", "name": "test-1", "status": "STANDBY",
    }))]);
    env.simulator().load([flow(98), flow(99)]);
    let (ended, before) = env.reviewed(&["--partial", "--journal", "j"]);
    assert_eq!((ended.code, env.stops()), (1, 1), "{ended:?}");
    let facts = |report: &Value| (report["run"]["reviewed"].clone(), report["selections"].clone(), missing(report, 1));
    assert_eq!((&before["run"]["reviewed"]["stale"], &before["run"]["reviewed"]["unreviewed"]), (&json!(1), &json!(2)));

    // As if it had been killed before its first stop.
    let journal = env.text("j");
    let (lines, _) = journal.split_at(journal.find("\"frozen\"").unwrap());
    let kept = lines.lines().count();
    env.write("j", journal.split_inclusive('\n').take(kept).collect::<String>());
    let lists = env.lists();
    let ended = env.run(["resume", "j", "--yes", "--progress", "off", "--report", "resumed.json"]);
    assert_eq!((ended.code, env.lists()), (1, lists), "{ended:?}");
    let after = env.report("resumed.json");
    assert_eq!(facts(&after), facts(&before));
    let expected = ["live_flow:f00 already_stopped", "live_flow:f01 stale", "drs_job:j1 aborted", "drs_job:j2 aborted"];
    assert_eq!(rows(&after), expected);
}

#[test]
fn row_48_accounts_are_sealed() {
    let env = ground(FLOWS, [flow(0)]);
    env.review(&[]);
    let endpoint = env.simulator().endpoint();
    env.edit("r.yaml", &endpoint, "http://127.0.0.1:9");
    env.refuses(&RUN, 2, &["of the accounts changed: hw"]);
    assert!(!env.exists("r.report.json"));
}

#[test]
fn row_49_guards_may_be_changed_and_the_run_says_so() {
    let env = ground(SANDBOX, jobs(&["j1", "j2"]));
    env.review(&[]);
    let (before, after) =
        env.text("r.yaml").split_once("\ntargets:").map(|(head, rest)| (head.to_owned(), rest.to_owned())).unwrap();
    assert!(before.contains("\nguards: {max_targets: 50"), "{before}");
    env.write(
        "r.yaml",
        format!("{}\ntargets:{after}", before.replace("\nguards: {max_targets: 50", "\nguards: {max_targets: 9999")),
    );
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, words(&report)), (0, vec!["stopped".to_owned(); 2]), "{ended:?}");
    let said = "the guards are not those that were reviewed: they are {max_targets: 9999";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
}

#[cfg(unix)]
#[test]
fn row_49_the_question_says_so() {
    let env = ground(SANDBOX, jobs(&["j1", "j2"]));
    env.review(&[]);
    env.edit("r.yaml", "\nguards: {max_targets: 50", "\nguards: {max_targets: 9999");
    let (code, shown) = crate::resume::terminal::answered(&env, &["run", "r.yaml"], "n\n");
    assert_eq!((code, env.stops()), (Some(3), 0), "{shown}");
    assert!(shown.contains("they are {max_targets: 9999") && shown.contains("would stop 2 targets"), "{shown}");
}

#[test]
fn guards_may_be_tightened() {
    let env = ground(SANDBOX, jobs(&["j1", "j2"]));
    env.review(&[]);
    env.edit("r.yaml", "\nguards: {max_targets: 50", "\nguards: {protect: [j2], max_targets: 50");
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["drs_job:j1 stopped".into(), "drs_job:j2 protected".to_owned()]));
}

#[test]
fn what_a_guard_protects_by_now_is_protected_and_not_stale() {
    let env = ground(SANDBOX, jobs(&["j1", "j2"]));
    env.review(&[]);
    env.age(11 * MINUTE);
    env.edit("r.yaml", "\nguards: {max_targets: 50", "\nguards: {protect: [j2], max_targets: 50");
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["drs_job:j1 stopped".into(), "drs_job:j2 protected".to_owned()]));
    assert_eq!(report["run"]["reviewed"]["stale"], 0);
    assert!(!ended.stderr.contains("match any more"), "{}", ended.stderr);
}

#[test]
fn what_the_options_leave_out_is_not_listed_again_and_not_said_to_be_stale() {
    let env = with_refused_jobs(1);
    let (ended, report) = env.reviewed(&["--kind", "live_flow"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = ["live_flow:f00 stopped", "live_flow:f01 stopped", "drs_job:j1 filtered", "drs_job:j2 filtered"];
    assert_eq!(rows(&report), expected);
    assert!(
        !ended.stderr.contains("any more") && !ended.stderr.contains("listed again: left alone"),
        "{}",
        ended.stderr
    );
}

#[test]
fn stages_are_kept() {
    let plan = "
stages:
  - name: pilot
    canary: 1
    max_failures: 1
    targets: [{id: oldest, kind: live_flow, account: hw, select: {name: 'test-*', limit: 2}}]
  - name: rest
    targets: [{id: others, kind: live_flow, account: hw, select: {name: 'test-*'}}]
";
    let env = ground(plan, (0..5).map(flow));
    env.review(&[]);
    env.age(11 * MINUTE);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, words(&report)), (0, vec!["stopped".to_owned(); 5]), "{ended:?}");
    let stages: Vec<_> =
        report["targets"].as_array().unwrap().iter().map(|row| row["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["pilot", "pilot", "rest", "rest", "rest"]);
    let done = report["run"]["stages"].as_array().unwrap().iter().map(|stage| stage["status"].as_str().unwrap());
    assert_eq!(done.collect::<Vec<_>>(), ["done", "done"]);
}

#[test]
fn row_50_a_plan_of_the_future_is_refused() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    env.review(&[]);
    let at = SystemClock.now() + Duration::from_secs(3600);
    env.set_head("listed_at", &Timestamp::from_second(at.as_second()).unwrap().to_string());
    env.refuses(&RUN, 2, &["listed in the future", "set the clock"]);
    env.refuses(&["plan", "r.yaml", "-o", "now.yaml"], 2, &["listed in the future"]);
}

#[test]
fn row_51_a_plan_is_not_written_over_its_source() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    let before = env.text("plan.yaml");
    for path in ["plan.yaml", "./plan.yaml"] {
        for force in [&[][..], &["--force"]] {
            env.refuses(&[&["plan", "plan.yaml", "-o", path], force].concat(), 2, &["which is an input"]);
        }
    }
    assert_eq!(env.text("plan.yaml"), before);
    env.write("notes.txt", "my notes\n");
    env.refuses(&["plan", "plan.yaml", "-o", "notes.txt"], 2, &["was not written by", "--force"]);
    assert_eq!(env.text("notes.txt"), "my notes\n");
    let forced = env.run(["plan", "plan.yaml", "-o", "notes.txt", "--force"]);
    assert_eq!(forced.code, 0, "{forced:?}");
    assert!(env.text("notes.txt").contains("reviewed:"));
}

#[test]
fn a_review_that_finds_nothing_or_fails_leaves_no_old_list() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    env.review(&[]);
    let denied = ListFault::new(ListTrouble::Denied).api("drs:ShowJobList").times(1);
    env.simulator().script(denied);
    let ended = env.run(["plan", "plan.yaml", "-o", "r.yaml"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("--partial"), "{}", ended.stderr);
    assert!(!env.text("r.yaml").contains("j1"), "{}", env.text("r.yaml"));
    env.refuses(&RUN, 2, &[]);

    env.review(&[]);
    env.simulator().change([job("j1", &json!({"tags": {"keep": "1"}}))]);
    let ended = env.run(["plan", "plan.yaml", "-o", "r.yaml", "--output", "json"]);
    assert_eq!((ended.code, ended.line()["exit_code"].clone()), (4, json!(4)), "{ended:?}");
    assert!(!env.text("r.yaml").contains("j1"), "{}", env.text("r.yaml"));
    env.refuses(&RUN, 2, &[]);
}

#[test]
fn a_partial_review_names_what_is_missing() {
    let env = with_refused_jobs(1);
    let ended = env.run(["plan", "plan.yaml", "-o", "r.yaml", "--partial", "--output", "json"]);
    let line = ended.line();
    assert_eq!((ended.code, &line["targets"], &line["missing"]), (1, &json!(2), &json!(1)), "{ended:?}");
    let text = env.text("r.yaml");
    assert!(text.starts_with("# NOT COMPLETE: "), "{text}");
    assert!(text.contains("  missing:\n    - {account: hw, region: cn-north-4, what: \"sync jobs\"}"), "{text}");
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, words(&report)), (0, vec!["stopped".to_owned(); 2]), "{ended:?}");
}

#[test]
fn the_line_for_programs_counts_what_is_in_the_file_and_what_is_not() {
    let env = ground(&SANDBOX.replace("max_targets: 50", "protect: [j1]"), jobs(&["j1", "j2", "j3", "j4"]));
    let line = env.review(&["--skip", "j2", "--output", "json"]).line();
    let numbers =
        ["targets", "matched", "protected", "filtered", "duplicate", "missing"].map(|key| line[key].as_u64().unwrap());
    assert_eq!(numbers, [2, 4, 1, 1, 0, 0]);
    assert_eq!((&line["file"], &line["error"]), (&json!("r.yaml"), &Value::Null));
    let text = env.text("r.yaml");
    assert!(
        text.contains("# Not in it: left out: 1 protected, 1 filtered.") && text.contains("\n  targets: 2\n"),
        "{text}"
    );
    let lasts = |line: &Value| {
        let at = |key: &str| line[key].as_str().unwrap().parse::<Timestamp>().unwrap();
        at("expires_at").duration_since(at("listed_at"))
    };
    assert_eq!(lasts(&line).as_hours(), 4);
    env.refuses(&["plan", "plan.yaml", "-o", "r.yaml", "--valid-for", "31d"], 2, &["exceeds 30 days"]);
}

#[test]
fn explicit_targets_of_the_source_are_stopped_as_reviewed() {
    let plan = format!("{FLOWS}\n").replace("targets: [", "targets: [{kind: drs_job, account: hw, job_id: named}, ");
    let env = ground(&plan, [job("named", &json!({})), flow(0)]);
    env.review(&[]);
    env.age(11 * MINUTE);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, words(&report)), (0, vec!["stopped".to_owned(); 2]), "{ended:?}");
    // No list of jobs, and no way to see whether a flow was started again.
    assert!(env.pages().iter().all(|(page, _)| page.starts_with("live:ListFlows")), "{:?}", env.pages());
    assert!(ended.stderr.contains("does not show when a live_flow began"), "{}", ended.stderr);
}

#[test]
fn another_change_of_an_instance_is_not_the_one_that_was_reviewed() {
    let begun = |since: &str| {
        resource(json!({"kind": "elasticsearch_task", "instance_id": "es-1", "status": "activating", "since": since}))
    };
    let plan = "targets: [{kind: elasticsearch_task, account: ali, select: {older_than: 1h}}]";
    let env = ground(plan, [begun("2026-01-02T03:04:05Z")]);
    env.review(&[]);
    env.age(11 * MINUTE);
    env.simulator().change([begun("2026-01-03T03:04:05Z")]);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, words(&report), env.stops()), (4, vec!["stale".to_owned()], 0), "{ended:?}");
}

#[test]
fn a_dry_run_is_not_the_one_time_that_a_reviewed_plan_is_run() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    env.review(&[]);
    env.age(11 * MINUTE);
    let ended = env.run_reviewed(&["--dry-run", "--report", "r.report.json"]);
    assert_eq!((ended.code, env.stops()), (0, 0), "{ended:?}");
    assert_eq!(words(&env.report("r.report.json")), ["would_stop"]);
    let (ended, _) = env.reviewed(&[]);
    assert_eq!((ended.code, env.stops()), (0, 1), "{ended:?}");
}

#[test]
fn check_shows_the_age_without_a_request() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    env.review(&[]);
    let lists = env.lists();
    env.age(3 * 3600);
    let ended = env.run(["check", "r.yaml"]);
    let shown = format!("{}{}", ended.stdout, ended.stderr);
    assert_eq!((ended.code, env.lists()), (0, lists), "{ended:?}");
    assert!(
        shown.contains("A reviewed plan of plan.yaml: 1 target, listed 3 h") && shown.contains("it is listed again"),
        "{shown}"
    );
}

/// The days of a calendar are in the reviewed plan itself, and a pattern with a last day keeps it.
#[test]
fn its_guards_have_their_days_and_need_no_calendar() {
    let (now, day) = (SystemClock.now(), |days: i64| jiff::SignedDuration::from_hours(24 * days));
    let date = |days: i64| (now + day(days)).to_zoned(jiff::tz::TimeZone::UTC).date();
    let (until, excepted) = (date(3), date(40));
    let guards = format!(
        "guards: {{max_targets: 50, protect_until: {{'*-2': {until}}}, \
         window: {{timezone: UTC, except: [{{calendar: days.ics}}, {}]}}}}\n",
        date(-30)
    );
    let env = ground(&format!("{guards}{FLOWS}"), (1..=3).map(flow));
    let start = excepted.strftime("%Y%m%d");
    env.write(
        "days.ics",
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:{start}\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n"),
    );
    let told = env.review(&[]).stderr;
    assert!(told.contains("guards.protect_until: `*-2` protects until the end of"), "{told}");
    env.remove("days.ics");
    let text = env.text("r.yaml");
    let kept =
        format!("protect_until: {{'*-2': {until}}}, window: {{from: '00:00', to: '00:00', timezone: UTC, except: ");
    let kept = [kept.replace('\'', "\""), kept].into_iter().find(|kept| text.contains(kept.as_str()));
    assert!(kept.is_some(), "{text}");
    // What is over, and what comes long after the plan expires, is left out.
    assert!(text.contains(&format!("[\"{excepted}\"]")) || text.contains(&format!("[{excepted}]")), "{text}");
    let (ended, report) = env.reviewed(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rows(&report), ["live_flow:f01 stopped", "live_flow:f03 stopped"]);
    assert!(!ended.stderr.contains("the guards are not those that were reviewed"), "{}", ended.stderr);
    // Today is excepted since: the plan may be changed in its guards.
    env.edit("r.yaml", &excepted.to_string(), &date(0).to_string());
    let refused = env.run_reviewed(&["--again"]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.stderr.contains(" is excepted; it opens at "), "{}", refused.stderr);
}
