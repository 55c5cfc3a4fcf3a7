//! The program where the system gives it little: it says so and never panics.

use std::process::Output;

use crate::environment::{TestEnvironment, program, shipped};

/// Runs the program in a shell that limits it first; `redirect` is what the shell does with its streams.
fn limited(env: &TestEnvironment, limit: &str, args: &str, redirect: &str) -> Output {
    let mut shell = env.shell(&format!(r#"{limit}; exec "$0" {args} {redirect}"#));
    shell.arg(program()).arg(shipped("rehearsal.yaml")).output().unwrap()
}

const REHEARSE: &str = r#"run "$1" --rehearse --faults none --speed 1000 --journal run.journal"#;

#[test]
fn few_descriptors_are_told_before_anything_is_sent() {
    let env = TestEnvironment::new();
    // Below that, the system cannot even load the program.
    for descriptors in (4..=16).chain([64]) {
        for args in [REHEARSE, r#"check "$1""#] {
            let output = limited(&env, &format!("ulimit -n {descriptors}"), args, "");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(!stderr.contains("panicked"), "{descriptors}: {stderr}");
            let code = output.status.code().unwrap();
            assert!(code < 6, "{descriptors}: {code} {stderr}");
            if args == REHEARSE && descriptors < 16 {
                assert_eq!(code, 2, "{descriptors}: {stderr}");
                assert!(stderr.contains("ulimit -n"), "{descriptors}: {stderr}");
                assert!(!env.exists("run.journal"));
            }
        }
    }
}

#[test]
fn a_file_that_may_not_grow_is_an_error_and_no_end() {
    let env = TestEnvironment::new();
    let output = limited(&env, "ulimit -f 1", REHEARSE, "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(stderr.contains("File too large"), "{stderr}");
}

#[test]
fn streams_that_are_closed_or_full_are_nobody_s_end() {
    let env = TestEnvironment::new();
    let streams = ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"];
    let full: &[&str] = if cfg!(target_os = "linux") { &["2>/dev/full"] } else { &[] };
    for redirect in streams.iter().chain(full) {
        for progress in ["plain -vv", "json -vv", "bars"] {
            let args = format!("{REHEARSE} --progress {progress}");
            let output = limited(&env, ":", &args, redirect);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{redirect} {progress}: {stderr}");
        }
    }
}

#[test]
fn a_folder_that_is_gone_takes_no_report() {
    let env = TestEnvironment::new();
    std::fs::create_dir(env.path("gone")).unwrap();
    let output = limited(&env, r#"cd gone && rmdir "$PWD""#, REHEARSE, "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}
