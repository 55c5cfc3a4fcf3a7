//! What is written is what programs and plans read.

use std::path::Path;

use super::{DiscoverFormat, Discovered, is_own};
use crate::plan::{Plan, Variables};

const PLAN: &str = "version: 1
accounts: {ali-prod: {cloud: alibaba, region: cn-hangzhou}}
guards: {protect: ['*payments*']}
targets:
  - {kind: fnf_execution, account: ali-prod, flow_name: etl-orders, execution_name: run-7, labels: {tag.env: test}, seen: {state: Running, since: '2026-11-22T01:47:03Z', at: '2026-11-22T05:00:12Z'}}
  - {kind: fnf_execution, account: ali-prod, flow_name: payments, execution_name: run-8, seen: {state: Running}}
  - {kind: fnf_execution, account: ali-prod, flow_name: '- {x: \"é', execution_name: 'sync:0f6c', seen: {state: Running}}
";

fn discovered() -> Discovered {
    let plan = Plan::parse(PLAN.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan;
    Discovered::new(plan, Vec::new(), &[], "2026-11-22T05:00:12Z".parse().unwrap())
}

fn written(format: DiscoverFormat) -> String {
    let mut text = Vec::new();
    discovered().write(format, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_plan_loads_as_it_is() {
    let text = written(DiscoverFormat::Yaml);
    let lead = "# What ran in ali-prod (cn-hangzhou) at 2026-11-22 05:00:12Z: 2 fnf_execution.\n\
                # Look through it, take out what must go on, then: allstop run this.yaml --reason '…'\n\
                version: 1\nname: discovered-20261122T050012Z\n";
    assert!(text.starts_with(lead), "{text}");
    assert!(text.contains("# Running, for 3 h 13 min (since 01:47:03Z)\n"), "{text}");
    assert!(text.ends_with("# protected, not listed above: fnf_execution payments/run-8 (*payments*)\n"), "{text}");
    let plan = Plan::parse(text.as_bytes(), Path::new("q.yaml"), &Variables::default()).unwrap().plan;
    let ids: Vec<_> = plan.targets.iter().map(|target| target.id().into_owned()).collect();
    assert_eq!(ids, ["fnf_execution:etl-orders/run-7", "fnf_execution:- {x: \"é/sync:0f6c"]);
    assert_eq!(plan.guards.max_targets, 2);
}

#[test]
fn files_of_targets_are_read_by_plans_and_all_files_are_known() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("f.ndjson", DiscoverFormat::Ndjson), ("f.csv", DiscoverFormat::Csv)] {
        std::fs::write(folder.path().join(name), written(format)).unwrap();
        let text = format!(
            "version: 1\naccounts: {{ali-prod: {{cloud: alibaba, region: r}}}}\ntargets: [{{kind: fnf_execution, from: {name}}}]\n"
        );
        let plan = Plan::parse(text.as_bytes(), &folder.path().join("p.yaml"), &Variables::default());
        let plan = plan.unwrap_or_else(|errors| panic!("{errors}")).plan;
        assert_eq!(plan.targets.len(), 2, "{name}");
        assert_eq!(plan.targets[0].labels["tag.env"], "test");
        assert_eq!(plan.targets[0].seen.as_ref().and_then(|seen| seen.state.as_deref()), Some("Running"));
    }
    use DiscoverFormat::{Csv, Json, Ndjson, Table, Yaml};
    for format in [Yaml, Ndjson, Csv, Json, Table] {
        assert!(is_own(&written(format)), "{format:?}");
    }
}
