//! Which files a plan may be made of, and what is shown of them: the built binary.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const ACCOUNTS: &str =
    "version: 1\naccounts: {a: {cloud: alibaba, region: cn-hangzhou}}\ndefaults: {account: a}\ntargets:\n";

const TARGET: &str = "  - {kind: fnf_execution, flow_name: f, execution_name: e}\n";

fn check(folder: &Path, plan: &str) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("allstop"));
    command.args(["check", plan]).current_dir(folder).env_clear().env("TOKEN", "hush-hush").stdin(Stdio::null());
    command
}

/// Checks a plan that names this file; nothing of the file may be shown.
fn refused(folder: &Path, from: &str) -> String {
    fs::write(folder.join("plan.yaml"), format!("{ACCOUNTS}  - {{kind: fnf_execution, from: \"{from}\"}}\n")).unwrap();
    let Output { status, stdout, stderr } = check(folder, "plan.yaml").output().unwrap();
    let text = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{from}: {text}");
    assert!(!text.contains("hush") && stdout.is_empty(), "{from}: {text}");
    text
}

#[cfg(target_os = "linux")]
#[test]
fn the_systems_own_files_are_no_lists() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/proc/self/environ", folder.path().join("link.csv")).unwrap();
    std::os::unix::fs::symlink("/proc/self", folder.path().join("self")).unwrap();
    for from in ["/proc/self/environ", "link.csv", "self/environ", "/proc/version", "/sys/kernel/uevent_seqnum"] {
        if fs::metadata(folder.path().join(from)).is_ok() {
            let text = refused(folder.path(), from);
            assert!(text.contains("are the system's own"), "{from}: {text}");
        }
    }
    for from in ["/dev/zero", "/dev/null", "/dev/random", "/dev/stdin", "/dev/fd/0"] {
        let text = refused(folder.path(), from);
        assert!(text.contains("cannot be read"), "{from}: {text}");
    }
}

/// A pipe without a writer would hold up whoever opens it.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_list() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.csv")).status().unwrap();
    assert!(made.success());
    assert!(refused(folder.path(), "pipe.csv").contains("it is no regular file"));
    assert!(refused(folder.path(), ".").contains("it is a folder"));
}

#[test]
fn of_a_file_that_is_no_list_nothing_but_the_place_is_shown() {
    let folder = tempfile::tempdir().unwrap();
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
        fs::write(folder.path().join(name), text).unwrap();
        let text = refused(folder.path(), name);
        assert!(text.contains(&format!("{name}:")), "{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_plan_is_no_device_and_nothing_of_the_systems_own() {
    let folder = tempfile::tempdir().unwrap();
    for plan in ["/dev/zero", "/dev/null", "/dev/random", "/proc/self/environ", "/proc/version"] {
        let Output { status, stderr, .. } = check(folder.path(), plan).output().unwrap();
        let text = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(2), "{plan}: {text}");
        assert!(text.contains("the plan cannot be read: ") && !text.contains("hush"), "{plan}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_plan_may_come_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("plan.yaml"), format!("{ACCOUNTS}{TARGET}")).unwrap();
    for plan in ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        let mut child = check(folder.path(), plan).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{ACCOUNTS}{TARGET}").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{plan}");
        let file = fs::File::open(folder.path().join("plan.yaml")).unwrap();
        assert_eq!(check(folder.path(), plan).stdin(file).output().unwrap().status.code(), Some(0), "{plan} of a file");
    }
}
