//! The question before a run goes on, on a terminal.

use std::fs::File;
use std::io::{Read, Write};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::Value;

use super::{JOURNAL, REPORT, environment, kill, mend};
use crate::environment::TestEnvironment;

/// Runs the program on a terminal, types the answer when it is asked for, and returns its exit status and all that
/// was shown up to the question.
pub(crate) fn answered(env: &TestEnvironment, args: &[&str], answer: &str) -> (Option<i32>, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let open = || File::options().read(true).write(true).open(&name).unwrap();
    let mut command = env.command(args);
    let mut child = command.stdin(open()).stdout(open()).stderr(open()).spawn().unwrap();
    drop(command);
    let mut terminal = File::from(master);
    let (mut shown, mut byte) = (Vec::new(), [0]);
    while ![&b"[y/N] "[..], b", l = list all] "].iter().any(|end| shown.ends_with(end))
        && terminal.read(&mut byte).is_ok_and(|read| read == 1)
    {
        shown.extend(byte);
    }
    terminal.write_all(answer.as_bytes()).unwrap();
    // A terminal that nobody reads holds up who writes to it; it ends with an error when all have closed it.
    let mut rest = Vec::new();
    let _ = terminal.read_to_end(&mut rest);
    (child.wait().unwrap().code(), String::from_utf8(shown).unwrap().replace("\r\n", "\n"))
}

#[test]
fn the_question_counts_what_is_left_and_no_is_a_refusal() {
    let env = environment();
    kill(&env, &["--skip", "e"], 1);
    let before = env.text(JOURNAL);
    let (code, shown) = answered(&env, &["resume", JOURNAL], "n\n");
    assert_eq!(code, Some(3), "{shown}");
    assert!(shown.contains("resuming run ") && shown.contains("1 of 3 targets done"), "{shown}");
    assert!(shown.contains("plan.yaml would stop 2 targets:"), "{shown}");
    assert!(shown.contains("1 more target is left out: not selected for this run."), "{shown}");
    assert!(shown.contains("1 more target is left out: protected by the plan"), "{shown}");
    // It names what is left, and nothing that is done.
    let named = shown.split("To be stopped:\n").nth(1).unwrap().split("Protected:").next().unwrap();
    let done: Value = serde_json::from_str(before.lines().find(|line| line.contains("\"f\":")).unwrap()).unwrap();
    let done = ["a", "b", "b2", "c"][done["t"].as_u64().unwrap() as usize];
    let named: Vec<_> = named.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let left: Vec<_> = ["a", "b", "c"].into_iter().filter(|id| *id != done).collect();
    assert_eq!(named, left, "{shown}");
    assert_eq!(env.text(JOURNAL), before);
    let (code, shown) = answered(&env, &["resume", JOURNAL], "y\n");
    assert_eq!(code, Some(1), "{shown}");
    // What was in doubt cannot be read.
    let summary = &env.report(REPORT)["summary"];
    let counted = ["failed", "unknown"].map(|outcome| summary[outcome].as_u64().unwrap());
    assert_eq!(counted.iter().sum::<u64>(), 3, "{summary}");
}

#[test]
fn what_a_guard_refuses_is_not_asked_about() {
    let env = environment();
    mend(&env, "{protect: [d], max_targets: 1}");
    let (code, shown) = answered(&env, &["run", "plan.yaml"], "");
    assert_eq!(code, Some(3), "{shown}");
    assert!(!shown.contains("[y/N]"), "{shown}");
}
