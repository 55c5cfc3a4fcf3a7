//! E7: Wednesday's list on Friday.

use allstop::simulator::Config;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::ground::{configured, lasting_port, quick, resource, rows};
use crate::environment::{Ended, TestEnvironment};

const SANDBOX: &str = r#"
targets:
  - {id: sandbox, kind: drs_job, account: hw, select: {job_type: sync, name: "*", except: {tags: {keep: "*"}}}}
"#;

const RUN: [&str; 5] = ["run", "r.yaml", "--yes", "--progress", "off"];

fn job(id: &str, more: &Value) -> allstop::simulator::Resource {
    let mut job = json!({"kind": "drs_job", "project_id": "p", "job_id": id, "since": "2026-01-02 03:04:05"});
    job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    resource(job)
}

/// Reviews the sandbox on Wednesday, and lets it be so many hours later, with all that happened on Thursday.
fn later(hours: i64) -> TestEnvironment {
    let bare = json!({});
    let config = Config { port: lasting_port(), ..quick() };
    let mut env = configured(&config, SANDBOX, ["j1", "j2", "j3"].map(|id| job(id, &bare)));
    let Ended { code, stderr, .. } = env.run(["plan", "plan.yaml", "--valid-for", "3d", "-o", "r.yaml"]);
    assert_eq!(code, 0, "{stderr}");
    let text = env.text("r.yaml");
    let back = |line: &str| {
        let Some((key, moment)) = line.split_once(": ").filter(|(key, _)| key.trim().ends_with("_at")) else {
            return line.to_owned();
        };
        let moment = moment.trim().trim_matches('"').parse::<Timestamp>().unwrap() - SignedDuration::from_hours(hours);
        format!("{key}: {moment}")
    };
    env.write("r.yaml", text.lines().map(back).collect::<Vec<_>>().join("\n") + "\n");
    let thursday = [
        job("j1", &bare),
        job("j2", &json!({"tags": {"keep": "yes"}})),
        job("j3", &json!({"status": "RELEASE_RESOURCE_COMPLETE"})),
        job("j4", &bare),
    ];
    env.replace_resources(&quick(), thursday);
    env
}

#[test]
fn what_still_matches_on_friday_is_stopped_and_nothing_else() {
    let env = later(48);
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("r.report.json");
    assert_eq!(rows(&report), ["drs_job:j1 stopped", "drs_job:j2 stale", "drs_job:j3 stale"]);
    assert_eq!(report["targets"][2]["state"], "RELEASE_RESOURCE_COMPLETE", "{report}");
    let reviewed = &report["run"]["reviewed"];
    assert_eq!((&reviewed["stale"], &reviewed["unreviewed"]), (&json!(2), &json!(1)));
    assert!(stderr.contains("drs_job:j4"), "{stderr}");
    let stopped = env.simulator().ledger().resources.into_iter().filter(|one| one.counts.requests > 0);
    assert_eq!(stopped.map(|one| one.id.name.to_string()).collect::<Vec<_>>(), ["j1"]);
    // It is carried out once.
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!((code, env.stops()), (2, 1), "{stderr}");
    assert!(stderr.contains("carried out") && stderr.contains("--again"), "{stderr}");
}

#[test]
fn on_sunday_it_has_expired() {
    let env = later(73);
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!((code, env.lists(), env.stops()), (3, 0, 0), "{stderr}");
    assert!(stderr.contains("expired"), "{stderr}");
}

#[test]
fn a_line_that_is_deleted_by_hand_breaks_the_seal() {
    let env = later(0);
    let text = env.text("r.yaml");
    let is_of_j2 = |line: &&str| line.contains("job_id") && line.contains("j2");
    assert_eq!(text.lines().filter(is_of_j2).count(), 1, "{text}");
    let kept = text.lines().filter(|line| !is_of_j2(line)).collect::<Vec<_>>().join("\n");
    env.write("r.yaml", kept + "\n");
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!((code, env.lists(), env.stops()), (2, 0, 0), "{stderr}");
    assert!(stderr.contains("1 taken out: drs_job:j2") && stderr.contains("--skip"), "{stderr}");
}
