//! Guards that have changed since the run began.

use super::{JOURNAL, REPORT, environment, kill, mend};
use crate::environment::{Ended, TestEnvironment};

/// Returns a column of the report's rows.
fn column(env: &TestEnvironment, name: &str) -> Vec<String> {
    let report = env.report(REPORT);
    let rows = report["targets"].as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

/// Returns the ids of the targets that something is known of, as the journal's report has them.
fn known(env: &TestEnvironment) -> Vec<String> {
    let Ended { code, stdout, stderr } = env.run(["report", "convert", JOURNAL, "--to", "csv"]);
    assert_eq!(code, 0, "{stderr}");
    let mut rows = csv::Reader::from_reader(stdout.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let rows = rows.records().map(Result::unwrap).filter(|row| &row[at("outcome")] != "skipped");
    rows.map(|row| row[at("id")].to_owned()).collect()
}

#[test]
fn a_guard_that_refuses_it_leaves_the_journal_as_it_was() {
    let env = environment();
    kill(&env, &[], 1);
    let before = env.text(JOURNAL);
    mend(&env, "{protect: [d], max_targets: 1}");
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes"]);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("guards.max_targets"), "{stderr}");
    assert_eq!(env.text(JOURNAL), before);
}

#[test]
fn what_is_protected_by_now_is_told_as_it_became() {
    for guards in ["{protect: [d, a]}", "{protect: [d, c, e]}", "{protect: ['*']}"] {
        let env = environment();
        kill(&env, &[], 2);
        let before = known(&env);
        assert!(before.len() >= 2, "{before:?}");
        mend(&env, guards);
        assert_eq!(known(&env), before, "{guards}");
        let mut resume = env.command(["resume", JOURNAL, "--yes", "--progress", "off"]);
        let Ended { code, stderr, .. } = Ended::within(std::time::Duration::from_secs(60), &mut resume);
        assert_eq!(code, 1, "{guards}: {stderr}");
        let after: Vec<_> = column(&env, "id").into_iter().zip(column(&env, "outcome")).collect();
        for id in before {
            let outcome = after.iter().find(|(known, _)| *known == id).map(|(_, outcome)| &**outcome);
            assert!(matches!(outcome, Some("failed" | "unknown")), "{guards}: {id} of {after:?}");
        }
    }
}

#[test]
fn a_refused_one_tells_what_the_run_has_done() {
    let env = environment();
    kill(&env, &[], 2);
    mend(&env, "{protect: [d], max_targets: 1}");
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes"]);
    assert_eq!(code, 3, "{stderr}");
    let next = stderr.lines().last().unwrap().trim();
    assert_eq!(next, "allstop resume plan.report.json.journal --yes", "{stderr}");
    let outcomes = column(&env, "outcome");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "failed").count(), 2, "{outcomes:?}");
    assert!(env.report(REPORT)["summary"]["attempts"].as_u64() >= Some(2), "{outcomes:?}");
}
