//! The first plan, as a newcomer gets it.

use crate::environment::TestEnvironment;

#[test]
fn passes_check_and_rehearsal_as_it_is() {
    for kinds in [&[][..], &["--kind", "fnf_execution"], &["--kind", "live_flow", "--kind", "drs_job"]] {
        let env = TestEnvironment::new();
        let written = env.run([&["init"], kinds].concat());
        assert_eq!(written.code, 0, "{}", written.stderr);
        assert!(written.stdout.is_empty());
        for step in ["allstop check plan.yaml", "allstop run plan.yaml --rehearse"] {
            assert!(written.stderr.contains(step), "{}", written.stderr);
        }
        let checked = env.run(["check", "plan.yaml"]);
        assert_eq!((checked.code, checked.stderr.as_str()), (0, ""));
        let rehearsed = env.run(["run", "plan.yaml", "--rehearse", "--speed", "200"]);
        assert_eq!(rehearsed.code, 0, "{}", rehearsed.stderr);
        assert!(rehearsed.stderr.contains("agrees with every row"), "{}", rehearsed.stderr);
    }
}

#[test]
fn has_an_account_of_no_cloud_that_it_does_not_need() {
    let env = TestEnvironment::new();
    for (kind, absent) in [("fnf_execution", "huawei"), ("drs_job", "alibaba")] {
        let plan = env.run(["init", "-", "--kind", kind]).stdout;
        assert!(plan.contains(kind) && !plan.contains(absent), "{plan}");
    }
    assert_eq!(env.names().len(), 0, "nothing is written");
}

#[test]
fn replaces_nothing_unless_it_is_told_to() {
    let env = TestEnvironment::new();
    env.write("mine.yaml", "mine");
    let refused = env.run(["init", "mine.yaml"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("mine.yaml already exists") && refused.stderr.contains("--force"),
        "{}",
        refused.stderr
    );
    assert_eq!(env.text("mine.yaml"), "mine");
    assert_eq!(env.run(["init", "mine.yaml", "--force"]).code, 0);
    assert!(env.text("mine.yaml").contains("version: 1"));
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_there_too() {
    let env = TestEnvironment::new();
    std::os::unix::fs::symlink("elsewhere.yaml", env.path("plan.yaml")).unwrap();
    assert_eq!(env.run(["init"]).code, 2);
    assert!(!env.exists("elsewhere.yaml"));
}

#[test]
fn a_folder_that_is_not_there_ends_with_5_and_a_wrong_kind_with_2() {
    let env = TestEnvironment::new();
    let absent = env.run(["init", "absent/plan.yaml"]);
    assert_eq!(absent.code, 5);
    assert!(absent.stderr.contains("create the directory first"), "{}", absent.stderr);
    let wrong = env.run(["init", "--kind", "fnf_exection"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("fnf_execution"), "{}", wrong.stderr);
}
