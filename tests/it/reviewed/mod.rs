//! Reviewed plans: the built binary against a simulator that lists, and that changes between the review and the run.

mod age;
mod changed;
mod kept;
mod unlisted;
mod written;

use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::simulator::{ListFault, ListTrouble, Resource};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::environment::{Ended, TestEnvironment};
use crate::selection::ground::{ground, resource};

/// The test jobs, but for those that somebody keeps.
const SANDBOX: &str = r#"
guards: {max_targets: 50}
targets:
  - {id: sandbox, kind: drs_job, account: hw, select: {job_type: sync, except: {tags: {keep: "*"}}}}
"#;

const FLOWS: &str = "targets: [{id: flows, kind: live_flow, account: hw, select: {name: 'test-*'}}]";

const MINUTE: u64 = 60;

const DAY: u64 = 24 * 3600;

fn job(id: &str, more: &Value) -> Resource {
    let mut job = json!({"kind": "drs_job", "project_id": "p", "job_id": id});
    job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    resource(job)
}

fn jobs(ids: &[&str]) -> Vec<Resource> {
    ids.iter().map(|id| job(id, &json!({}))).collect()
}

fn flow(number: usize) -> Resource {
    let (id, name) = (format!("f{number:02}"), format!("test-{number}"));
    resource(json!({"kind": "live_flow", "project_id": "p", "flow_id": id, "name": name}))
}

/// Returns the moment so many seconds ago.
fn moment(ago: u64) -> String {
    let at = SystemClock.now() - Duration::from_secs(ago);
    Timestamp::from_second(at.as_second()).unwrap().to_string()
}

impl TestEnvironment {
    /// Reviews `plan.yaml`, which must succeed.
    #[track_caller]
    fn review(&self, options: &[&str]) -> Ended {
        let ended = self.run([&["plan", "plan.yaml", "-o", "r.yaml"], options].concat());
        assert_eq!((ended.code, self.stops()), (0, 0), "{ended:?}");
        ended
    }

    /// Replaces the value of a key of a reviewed plan's head.
    #[track_caller]
    fn set_head(&self, key: &str, value: &str) {
        let start = format!("  {key}: ");
        let text = self.text("r.yaml");
        assert_eq!(text.lines().filter(|line| line.starts_with(&start)).count(), 1, "{text}");
        let line =
            |line: &str| if line.starts_with(&start) { format!("{start}{value}\n") } else { format!("{line}\n") };
        self.write("r.yaml", text.lines().map(line).collect::<String>());
    }

    /// Makes `r.yaml` so many seconds old.
    #[track_caller]
    fn age(&self, seconds: u64) {
        self.set_head("listed_at", &moment(seconds));
    }

    /// Runs `r.yaml`.
    fn run_reviewed(&self, options: &[&str]) -> Ended {
        self.run([&["run", "r.yaml", "--yes", "--progress", "off"], options].concat())
    }

    /// Runs `r.yaml`, which writes a report.
    #[track_caller]
    fn reviewed(&self, options: &[&str]) -> (Ended, Value) {
        let ended = self.run_reviewed(options);
        (ended, self.report("r.report.json"))
    }

    /// Checks that a command is refused with this status and these words, and that nothing was sent.
    #[track_caller]
    fn refuses(&self, args: &[&str], code: i32, said: &[&str]) {
        let before = (self.lists(), self.stops());
        let ended = self.run(args);
        assert_eq!(ended.code, code, "{ended:?}");
        said.iter().for_each(|said| assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr));
        assert_eq!((self.lists(), self.stops()), before, "{ended:?}");
    }
}

const RUN: [&str; 5] = ["run", "r.yaml", "--yes", "--progress", "off"];

/// Reviews two flows and two jobs; in the next listing, the jobs are refused as often.
fn with_refused_jobs(times: u32) -> TestEnvironment {
    let plan = "
targets:
  - {id: flows, kind: live_flow, account: hw, select: {name: 'test-*'}}
  - {id: jobs, kind: drs_job, account: hw, select: {job_type: sync}}
";
    let env = ground(plan, (0..2).map(flow).chain(jobs(&["j1", "j2"])));
    env.review(&[]);
    env.age(11 * MINUTE);
    env.script([ListFault::new(ListTrouble::Denied).api("drs:ShowJobList").times(times)])
}
