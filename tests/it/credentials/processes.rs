//! Programs that print keys: their time, their output, and their children; and what a signal ends.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::ground::{
    A1, Ground, OPS, Ran, executions, hears, now, role, side_by_side, signal, stop_executions, wait_until,
};

/// What a signal ends at once is over in this time, on a machine that has other work; without the signal, it would take
/// minutes.
const AT_ONCE: Duration = Duration::from_secs(10);

const KEYS: &str = r#"{"mode": "AK", "access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"}"#;

/// A run with a program, which is a script of the shell.
fn ground(script: &str, more: &Value) -> Ground {
    let ground = Ground::new(executions(3));
    ground.write("vault", script);
    let mut form = json!({"process": ["sh", "$HOME/vault", "arg-hush"]});
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let account = ground.ali(&json!({"account_id": A1, "credentials": form}));
    ground.plan(&json!({"ali": account}), &stop_executions("ali", 3), &json!({}));
    ground
}

/// A script that starts a child, writes down both, and hangs.
const HANGS: &str =
    "sleep 600 &\necho $! > $HOME/child\necho $$ > $HOME/parent.new\nmv $HOME/parent.new $HOME/parent\nwait\n";

/// Returns whether a process is there that a script wrote down, and is no corpse that waits for its parent.
fn is_alive(ground: &Ground, name: &str) -> bool {
    let id = std::fs::read_to_string(ground.home().join(name)).unwrap();
    let status = std::fs::read_to_string(Path::new("/proc").join(id.trim()).join("stat")).unwrap_or_default();
    !status.is_empty() && !status.contains(") Z ")
}

#[test]
fn what_a_program_prints_is_taken_and_its_complaints_are_shown_at_v() {
    let script = format!("echo 'vault: unsealed' >&2\necho '{KEYS}'\n");
    let ground = ground(&script, &json!({}));
    let ran = ground.run(&[], &["-v"]);
    ran.stopped_all(&ground);
    assert!(ran.stderr.contains("sh: vault: unsealed"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hush") && !ran.stdout.contains("hush"));
}

#[test]
fn row_12_a_program_that_fails_says_what_and_nothing_of_its_output() {
    let cases = [
        ("echo hush; exit 2", json!({}), "exited with 2"),
        ("echo hush", json!({}), "printed no JSON"),
        ("true", json!({}), "printed no"),
        (r#"echo '{"access_key_id": "LTAI5tOps"}'"#, json!({}), "access_key_secret"),
        (r#"head -c 70000 /dev/zero | tr '\0' ' '"#, json!({}), "64 KiB"),
        ("kill -9 $$", json!({}), "was killed"),
        ("sleep 600", json!({"timeout": "1s"}), "did not end within 1 s"),
    ];
    side_by_side(&cases, |(script, more, text)| {
        let ground = ground(script, more);
        let ran = ground.run(&[], &[]);
        ran.refused(&ground, 2, &[text]);
        assert!(!ran.stderr.contains("hush"), "{}", ran.stderr);
    });
    let ground = Ground::new(executions(1));
    let account = ground.ali(&json!({"credentials": {"process": "$HOME/no-such-program"}}));
    ground.plan(&json!({"ali": account}), &stop_executions("ali", 1), &json!({}));
    ground.run(&[], &[]).refused(&ground, 2, &["no-such-program", "cannot be started"]);
}

#[test]
fn row_16_a_program_that_takes_too_long_is_killed_with_its_children() {
    let ground = ground(HANGS, &json!({"timeout": "1s"}));
    ground.run(&[], &[]).refused(&ground, 2, &["did not end within 1 s"]);
    wait_until(|| !is_alive(&ground, "child") && !is_alive(&ground, "parent"));
}

#[test]
fn row_16_a_signal_ends_a_program_that_hangs_with_its_children() {
    let ground = ground(HANGS, &json!({"timeout": "10m"}));
    let run = ground.start(&[], &["--progress", "off"]);
    wait_until(|| ground.home().join("parent").exists());
    assert!(is_alive(&ground, "child") && is_alive(&ground, "parent"));
    signal(&run, "INT");
    let ran = ground.end_within(AT_ONCE, run);
    assert_eq!((ran.code, ground.stops()), (130, 0), "{}", ran.stderr);
    assert_eq!(ran.words_of("ali"), ["interrupted"]);
    wait_until(|| !is_alive(&ground, "child") && !is_alive(&ground, "parent"));
}

/// A run whose account waits for keys that can be had no more.
fn paused(options: &[&str]) -> (Ground, std::process::Child) {
    let ground = Ground::new(executions(30));
    ground.faults(&json!({"ali:AssumeRole": {"lifetime_s": 1, "after": 1, "fail": -1, "status": 403, "code": "NoPermission", "message": "no"}}));
    let account = ground.ali(&json!({"account_id": A1, "credentials": role()}));
    let more = json!({"limits": {"rate": "10/s", "burst": 1}, "retry": {"credentials_wait": "10m"}});
    ground.plan(&json!({"ali": account}), &stop_executions("ali", 30), &more);
    let mut run = ground.start(&OPS, &[&["--progress", "plain"], options].concat());
    hears(&mut run, "waits for credentials");
    (ground, run)
}

/// Checks that the report is whole: what was accepted and could not be verified stays accepted.
#[track_caller]
fn is_cut_short(ran: &Ran, word: &str) {
    let words: Vec<_> = ran.words_of("ali").into_iter().filter(|word| word != "accepted").collect();
    assert_eq!(words, [word, "stopped"]);
    assert_eq!(ran.report["targets"].as_array().unwrap().len(), 30);
}

#[test]
fn row_16_a_signal_ends_a_pause_at_once() {
    let (ground, run) = paused(&[]);
    signal(&run, "INT");
    let ran = ground.end_within(AT_ONCE, run);
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    is_cut_short(&ran, "interrupted");
    // It goes on once the role is well again.
    ground.faults(&json!({"ali:AssumeRole": {}}));
    ground.resume(&OPS).stopped_all(&ground);
}

#[test]
fn row_16_the_deadline_runs_on_in_a_pause() {
    let (ground, run) = paused(&["--deadline", "3s"]);
    let ran = ground.end(run);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    is_cut_short(&ran, "deadline");
}

#[test]
fn a_program_is_started_again_when_its_keys_end() {
    let ground = Ground::new(executions(40));
    // It asks the simulator, as a vault's program asks its vault.
    let account = ground.ali(&json!({"account_id": A1, "credentials": {"process": ["sh", "$HOME/vault"]}}));
    ground.write("n", "0");
    ground.write("vault", "n=$(cat $HOME/n)\nn=$((n + 1))\necho $n > $HOME/n\ncat $HOME/keys-$n.json\n");
    for (number, id) in [(1, "LTAI5tOps"), (2, "LTAI5tSecond")] {
        let secret = if number == 1 { "ops-key-hush" } else { "second-key-hush" };
        let until = if number == 1 { jiff::Timestamp::from_second(now() + 5).unwrap() } else { jiff::Timestamp::MAX };
        let keys = json!({"access_key_id": id, "access_key_secret": secret, "expiration": until.to_string()});
        ground.write(&format!("keys-{number}.json"), &keys.to_string());
    }
    let limits = json!({"limits": {"rate": "8/s", "burst": 1}});
    ground.plan(&json!({"ali": account}), &stop_executions("ali", 40), &limits);
    let ran = ground.run(&[], &[]);
    ran.stopped_all(&ground);
    assert_eq!(
        (ground.origins(), &ran.account("ali")["refreshes"]),
        (vec!["LTAI5tOps".into(), "LTAI5tSecond".into()], &json!(1))
    );
}
