//! Which files a plan may be made of, and what is shown of them: the built binary.

#[cfg(target_os = "linux")]
use std::fs;
#[cfg(unix)]
use std::process::Command;

use crate::environment::{Ended, TestEnvironment};

const ACCOUNTS: &str =
    "version: 1\naccounts: {a: {cloud: alibaba, region: cn-hangzhou}}\ndefaults: {account: a}\ntargets:\n";

const TARGET: &str = "  - {kind: fnf_execution, flow_name: f, execution_name: e}\n";

fn environment() -> TestEnvironment {
    TestEnvironment::new().set([("TOKEN", "hush-hush")])
}

/// Checks a plan that names this file; nothing of the file may be shown.
fn refused(env: &TestEnvironment, from: &str) -> String {
    env.write("plan.yaml", format!("{ACCOUNTS}  - {{kind: fnf_execution, from: \"{from}\"}}\n"));
    let Ended { code, stdout, stderr } = env.run(["check", "plan.yaml"]);
    assert_eq!(code, 2, "{from}: {stderr}");
    assert!(!stderr.contains("hush") && stdout.is_empty(), "{from}: {stderr}");
    stderr
}

#[cfg(target_os = "linux")]
#[test]
fn the_systems_own_files_are_no_lists() {
    let env = environment();
    std::os::unix::fs::symlink("/proc/self/environ", env.path("link.csv")).unwrap();
    std::os::unix::fs::symlink("/proc/self", env.path("self")).unwrap();
    for from in ["/proc/self/environ", "link.csv", "self/environ", "/proc/version", "/sys/kernel/uevent_seqnum"] {
        if fs::metadata(env.path(from)).is_ok() {
            let text = refused(&env, from);
            assert!(text.contains("belongs to the system"), "{from}: {text}");
        }
    }
    for from in ["/dev/zero", "/dev/null", "/dev/random", "/dev/stdin", "/dev/fd/0"] {
        let text = refused(&env, from);
        assert!(text.contains("cannot read"), "{from}: {text}");
    }
}

/// A pipe without a writer would hold up whoever opens it.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_list() {
    let env = environment();
    let made = Command::new("mkfifo").arg(env.path("pipe.csv")).status().unwrap();
    assert!(made.success());
    assert!(refused(&env, "pipe.csv").contains("it is not a regular file"));
    assert!(refused(&env, ".").contains("it is a directory"));
}

#[test]
fn of_a_file_that_is_no_list_nothing_but_the_place_is_shown() {
    let env = environment();
    for (name, text) in [
        ("netrc", "machine example.com login me password hush\n"),
        ("token", "hush-hush"),
        ("config.json", "{\"hush\": {\"auth\": \"hush\"}}"),
        ("pretty.json", "{\n  \"auths\": {\"hush\": \"hush\"}\n}\n"),
        ("list.json", "[\"hush\", {\"hush\": 1}, hush]"),
        ("git", "[core]\n\textraheader = AUTHORIZATION: basic hush\n"),
        ("rows.csv", "flow_name,execution_name\nhush,hush,hush\n"),
        ("binary", "\0hush\0hush"),
        ("latin", "flow_name,execution_name\nhush\u{7},e\n"),
    ] {
        env.write(name, text);
        let text = refused(&env, name);
        assert!(text.contains(&format!("{name}:")), "{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_plan_is_no_device_and_nothing_of_the_systems_own() {
    let env = environment();
    for plan in ["/dev/zero", "/dev/null", "/dev/random", "/proc/self/environ", "/proc/version"] {
        let Ended { code, stderr, .. } = env.run(["check", plan]);
        assert_eq!(code, 2, "{plan}: {stderr}");
        assert!(stderr.contains("cannot read the plan: ") && !stderr.contains("hush"), "{plan}: {stderr}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_plan_may_come_through_a_pipe() {
    let env = environment();
    env.write("plan.yaml", format!("{ACCOUNTS}{TARGET}"));
    for plan in ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        let piped = env.run_on(&format!("{ACCOUNTS}{TARGET}"), ["check", plan]);
        assert_eq!(piped.code, 0, "{plan}: {}", piped.stderr);
        let file = fs::File::open(env.path("plan.yaml")).unwrap();
        assert_eq!(Ended::of(env.command(["check", plan]).stdin(file)).code, 0, "{plan} of a file");
    }
}
