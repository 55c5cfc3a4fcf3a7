//! `allstop watch`: the built binary, rehearsed. Time passes as fast as `--speed` says.

use crate::environment::{Ended, TestEnvironment};

const PLAN: &str = "
version: 1
accounts:
  ali: {cloud: alibaba, region: cn-hangzhou}
  hw: {cloud: huawei, region: cn-north-4}
targets:
  - {id: etl, kind: fnf_execution, account: ali, select: {flow_name: 'etl-*'}}
  - {id: job, kind: drs_job, account: hw, job_id: j-1}
";

fn watch(env: &TestEnvironment, options: &[&str]) -> Ended {
    env.run([&["watch", "plan.yaml"], options].concat())
}

#[test]
fn rounds_follow_each_other_until_nothing_comes_back() {
    let env = TestEnvironment::new().with("plan.yaml", PLAN);
    let options = ["--for", "100h", "--every", "1m", "--until-quiet", "2m", "--output", "json"];
    let rehearsal = ["--rehearse", "--faults", "none", "--speed", "10000"];
    let Ended { code, stdout, stderr } = watch(&env, &[&options[..], &rehearsal].concat());
    assert_eq!(code, 0, "{stderr}");
    let line: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&line["ended"], &line["exit_code"], &line["not_stopped"]), (&"quiet".into(), &0.into(), &0.into()));
    let rounds = line["rounds"].as_u64().unwrap();
    assert!(rounds >= 2 && line["stopped"].as_u64().unwrap() > 10, "{line}");
    for round in 1..=rounds {
        let report = env.report(&format!("plan.watch/{round:04}.rehearsal.report.json"));
        assert!(report["rehearsal"]["agrees"].as_bool().unwrap(), "{report}");
    }
    assert!(stderr.contains("Nothing came back for as long as --until-quiet says."), "{stderr}");
}

#[test]
fn what_no_watch_can_do_is_refused_before_anything_is_written() {
    for (options, expected) in [
        (&["--for", "1h", "--dry-run"][..], "use `allstop run PLAN --dry-run`"),
        (&["--for", "1h", "--every", "9s"], "at least 10s"),
        (&["--for", "1m", "--every", "1m"], "no second round"),
        (&[], "--for <DURATION>"),
        (&["--for", "1h"], "pass --yes to skip the prompt"),
    ] {
        let env = TestEnvironment::new().with("plan.yaml", PLAN);
        let Ended { code, stderr, .. } = watch(&env, options);
        assert_eq!(code, 2, "{options:?}: {stderr}");
        assert!(stderr.contains(expected), "{options:?}: {stderr}");
        assert!(!env.exists("plan.watch"), "{options:?}");
    }
}
