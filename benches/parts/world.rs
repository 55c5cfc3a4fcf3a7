//! Plans to measure with.

use std::fmt::Write;

use allstop::plan::{Plan, Variables};

/// The head of a plan of fnf executions, up to its targets.
pub(crate) const HEAD: &str = "version: 1\n\
    accounts: {ali: {cloud: alibaba, region: cn-hangzhou}}\n\
    defaults: {account: ali}\n\
    guards: {max_targets: 1000000}\n\
    targets:\n";

/// Returns a plan that lists its targets itself.
pub(crate) fn yaml(targets: usize) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..targets {
        let written = writeln!(text, "- {{kind: fnf_execution, flow_name: load, execution_name: run-{number:06}}}");
        written.expect("a String takes everything");
    }
    text
}

/// Parses a plan that has no mistakes.
pub(crate) fn parsed(text: &str) -> Plan {
    Plan::parse(text.as_bytes(), "plan.yaml".as_ref(), &Variables::default()).expect("a good plan").plan
}
