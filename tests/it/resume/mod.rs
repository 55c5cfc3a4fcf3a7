//! `allstop resume`, and the report of a journal: the built binary.

mod guards;
mod journal;
mod options;
#[cfg(unix)]
pub(crate) mod terminal;

use crate::environment::{ALIBABA_KEYS, Ended, RUN, TestEnvironment};

const PLAN: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
  - {id: b, kind: fnf_execution, flow_name: etl, execution_name: run-b}
  - {id: b2, kind: fnf_execution, flow_name: etl, execution_name: run-b}
  - {id: c, kind: fnf_execution, flow_name: etl, execution_name: run-c}
  - {id: d, kind: fnf_execution, flow_name: etl, execution_name: run-d}
  - {id: e, kind: fnf_execution, flow_name: etl, execution_name: run-e}
guards: {protect: [d]}
";

const REPORT: &str = "plan.report.json";

const JOURNAL: &str = "plan.report.json.journal";

/// A plan whose service refuses connections, and keys.
fn environment() -> TestEnvironment {
    TestEnvironment::new().set(ALIBABA_KEYS).with_refused_plan(PLAN)
}

/// Leaves a journal as of a run with these options that was killed: with its header and as many facts.
fn kill(env: &TestEnvironment, options: &[&str], facts: usize) {
    let Ended { code, stderr, .. } = env.run([&RUN[..], options].concat());
    assert!([1, 3].contains(&code), "{stderr}");
    let text = env.text(JOURNAL);
    let mut left = facts;
    let kept: String = text
        .split_inclusive('\n')
        .take_while(|line| {
            let is_taken = left > 0 || !line.contains("\"f\":");
            left -= usize::from(is_taken && line.contains("\"f\":"));
            is_taken
        })
        .collect();
    env.write(JOURNAL, kept);
    env.remove(REPORT);
}

/// Lets the plan's guards be these.
fn mend(env: &TestEnvironment, guards: &str) {
    env.edit("plan.yaml", "{protect: [d]}", guards);
}
