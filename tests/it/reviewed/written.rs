//! The file that a review writes, and what it says of it.

use allstop::simulator::{ListFault, ListTrouble};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{RUN, SANDBOX, job, jobs, with_refused_jobs};
use crate::environment::words;
use crate::selection::ground::ground;

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
