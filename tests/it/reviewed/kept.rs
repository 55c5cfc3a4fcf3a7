//! What a reviewed plan keeps of its source: accounts, guards, stages.

use allstop::clock::{Clock, SystemClock};

use super::{FLOWS, MINUTE, RUN, SANDBOX, flow, jobs};
use crate::environment::words;
use crate::selection::ground::{ground, rows};

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
