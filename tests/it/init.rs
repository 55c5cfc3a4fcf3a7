//! The first plan, as a newcomer gets it.

use std::path::Path;
use std::process::Output;

use assert_cmd::cargo::cargo_bin_cmd;

fn allstop(folder: &Path, args: &[&str]) -> Output {
    cargo_bin_cmd!("allstop").current_dir(folder).env_clear().env("NO_COLOR", "1").args(args).output().unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn passes_check_and_rehearsal_as_it_is() {
    for kinds in [&[][..], &["--kind", "fnf_execution"], &["--kind", "live_flow", "--kind", "drs_job"]] {
        let folder = tempfile::tempdir().unwrap();
        let written = allstop(folder.path(), &[&["init"], kinds].concat());
        assert_eq!(written.status.code(), Some(0), "{}", err(&written));
        assert!(written.stdout.is_empty());
        for step in ["allstop check plan.yaml", "allstop run plan.yaml --rehearse"] {
            assert!(err(&written).contains(step), "{}", err(&written));
        }
        let checked = allstop(folder.path(), &["check", "plan.yaml"]);
        assert_eq!((checked.status.code(), err(&checked).as_str()), (Some(0), ""));
        let rehearsed = allstop(folder.path(), &["run", "plan.yaml", "--rehearse", "--speed", "200"]);
        assert_eq!(rehearsed.status.code(), Some(0), "{}", err(&rehearsed));
        assert!(err(&rehearsed).contains("agrees with every row"), "{}", err(&rehearsed));
    }
}

#[test]
fn has_an_account_of_no_cloud_that_it_does_not_need() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, absent) in [("fnf_execution", "huawei"), ("drs_job", "alibaba")] {
        let shown = allstop(folder.path(), &["init", "-", "--kind", kind]);
        let plan = String::from_utf8(shown.stdout).unwrap();
        assert!(plan.contains(kind) && !plan.contains(absent), "{plan}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn replaces_nothing_unless_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    std::fs::write(&path, "mine").unwrap();
    let refused = allstop(folder.path(), &["init", "mine.yaml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).contains("mine.yaml already exists") && err(&refused).contains("--force"),
        "{}",
        err(&refused)
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    assert_eq!(allstop(folder.path(), &["init", "mine.yaml", "--force"]).status.code(), Some(0));
    assert!(std::fs::read_to_string(&path).unwrap().contains("version: 1"));
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_there_too() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("elsewhere.yaml", folder.path().join("plan.yaml")).unwrap();
    assert_eq!(allstop(folder.path(), &["init"]).status.code(), Some(2));
    assert!(!folder.path().join("elsewhere.yaml").exists());
}

#[test]
fn a_folder_that_is_not_there_ends_with_5_and_a_wrong_kind_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let absent = allstop(folder.path(), &["init", "absent/plan.yaml"]);
    assert_eq!(absent.status.code(), Some(5));
    assert!(err(&absent).contains("create the folder first"), "{}", err(&absent));
    let wrong = allstop(folder.path(), &["init", "--kind", "fnf_exection"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("fnf_execution"), "{}", err(&wrong));
}
