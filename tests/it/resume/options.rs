//! What a resumed run asks, keeps and takes.

use serde_json::Value;

use super::{JOURNAL, REPORT, environment, kill};
use crate::environment::{Ended, TestEnvironment};

fn header(env: &TestEnvironment) -> Value {
    serde_json::from_str(env.text(JOURNAL).lines().next().unwrap()).unwrap()
}

#[test]
fn it_asks_as_run_does_and_changes_nothing_before() {
    let env = environment();
    kill(&env, &[], 1);
    let before = env.text(JOURNAL);
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("cannot prompt for confirmation") && stderr.contains("--yes"), "{stderr}");
    assert!(!stderr.contains("--rehearse"), "it has no such option: {stderr}");
    let first = stderr.lines().find(|line| line.starts_with("resuming run ")).unwrap();
    assert!(first.contains(", which began "), "{first}");
    assert!(first.contains(" ago, at 2") && first.contains(": 1 of 4 targets done, "), "{first}");
    assert_eq!(env.text(JOURNAL), before);
    assert!(!env.exists("plan.report.json"));
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(env.report(REPORT)["summary"]["targets"], 6);
}

#[test]
fn it_keeps_the_options_of_the_run_unless_others_are_given() {
    let env = environment();
    kill(&env, &["--rate", "300/s", "--concurrency", "3", "--max-failures", "50%", "--deadline", "2h"], 0);
    let options = header(&env)["options"].clone();
    let one = |name: &str| options[name][0].as_str().unwrap().to_owned();
    assert_eq!([one("rate"), one("concurrency"), one("max_failures")], ["300/s", "3", "50%"]);
    let ends_at: jiff::Timestamp = one("deadline").parse().unwrap();
    let began: jiff::Timestamp = header(&env)["started_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(ends_at.duration_since(began), jiff::SignedDuration::from_hours(2));

    let Ended { stderr, .. } = env.run(["resume", JOURNAL]);
    let kept = |stderr: &str| stderr.lines().find(|line| line.starts_with("keeping ")).unwrap().to_owned();
    let expected = "keeping the options of the run: --rate 300/s, --concurrency 3, --max-failures 50%, --deadline, which \
                    ends in 1 h 59 min";
    assert!(kept(&stderr).starts_with(expected), "{stderr}");
    let Ended { stderr, .. } = env.run(["resume", JOURNAL, "--rate", "1/s", "--deadline", "5m", "--concurrency", "2"]);
    assert_eq!(kept(&stderr), "keeping the options of the run: --max-failures 50%");

    // Half of four is two: the run ends with the second failure, as it would have.
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes", "--progress", "off", "--concurrency", "1"]);
    assert_eq!(code, 3, "{stderr}");
    assert_eq!(env.report(REPORT)["run"]["status"], "aborted");
}

#[test]
fn a_deadline_that_has_passed_wants_a_new_one() {
    let env = environment();
    let run = ["run", "plan.yaml", "--yes", "--progress", "off", "--deadline", "1ms"];
    let Ended { code, stderr, .. } = env.run(run);
    assert_eq!(code, 1, "{stderr}");
    let next = stderr.lines().last().unwrap().trim();
    assert_eq!(next, "allstop resume plan.report.json.journal --deadline 1ms --yes");
    let before = env.text(JOURNAL);
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(
        stderr.contains("the run's deadline has passed: it was at 2") && stderr.contains("--deadline 30m"),
        "{stderr}"
    );
    assert_eq!(env.text(JOURNAL), before);
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes", "--deadline", "1h", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(env.report(REPORT)["run"]["status"], "completed");
}

#[test]
fn a_journal_of_an_earlier_version_goes_on_without_options() {
    let env = environment();
    kill(&env, &[], 0);
    assert_eq!(header(&env)["options"], serde_json::json!({"left_out": []}));
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(!stderr.contains("it keeps the options"), "{stderr}");
}

#[test]
fn it_takes_only_what_means_something() {
    let env = environment();
    kill(&env, &[], 0);
    for option in [&["--rehearse"][..], &["--dry-run"], &["--journal", "x"], &["--only", "a"], &["--reason", "x"]] {
        let Ended { code, stderr, .. } = env.run([&["resume", JOURNAL], option].concat());
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("unexpected argument"), "{option:?}: {stderr}");
    }
}
