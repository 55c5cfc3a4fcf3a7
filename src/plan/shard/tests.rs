use std::path::Path;

use super::*;
use crate::plan::{Plan, Variables};

fn plan(targets: &str) -> Plan {
    let text = format!(
        "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou}}, b: {{cloud: alibaba, region: cn-beijing}}}}\n\
         defaults: {{account: a}}\ntargets:\n{targets}"
    );
    Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan
}

fn executions(count: u32) -> String {
    let line = |n: u32| format!("  - {{kind: fnf_execution, flow_name: etl, execution_name: run-{n}}}\n");
    (0..count).map(line).collect()
}

fn shard(target: &Target, of: u32) -> u32 {
    let mut takers = (1..=of).filter(|number| Shard::new(*number, of).unwrap().takes(target));
    let taker = takers.next().unwrap();
    assert_eq!(takers.next(), None, "one shard and no other");
    taker
}

#[test]
fn reads_what_it_writes_and_nothing_else() {
    for text in ["1/1", "1/4", "4/4", "17/4294967295"] {
        assert_eq!(text.parse::<Shard>().map(|shard| shard.to_string()), Ok(text.to_owned()));
    }
    for (text, error) in [
        ("", ShardError::Form),
        ("1", ShardError::Form),
        ("1/", ShardError::Form),
        ("/4", ShardError::Form),
        ("1/4/4", ShardError::Form),
        ("+1/4", ShardError::Form),
        ("-1/4", ShardError::Form),
        (" 1/4", ShardError::Form),
        ("1 of 4", ShardError::Form),
        ("1/4294967296", ShardError::Form),
        ("0/4", ShardError::Zero(4)),
        ("0/0", ShardError::Beyond(0, 0)),
        ("5/4", ShardError::Beyond(5, 4)),
        ("1/0", ShardError::Beyond(1, 0)),
    ] {
        assert_eq!(text.parse::<Shard>(), Err(error), "{text}");
    }
}

#[test]
fn the_rule_is_the_documented_one() {
    // printf %s fnf_execution:etl/run-0 | sha256sum | cut -c 1-16: anybody can find a target's shard.
    let plan = plan(&executions(1));
    let target = plan.targets.first().unwrap();
    let first = 0x901a_d277_9659_c8fa_u64;
    assert_eq!(u64::from(shard(target, 4)), first % 4 + 1);
}

#[test]
fn each_target_is_in_one_shard_and_the_shards_are_about_even() {
    let plan = plan(&executions(1000));
    let mut sizes = [0_u32; 4];
    for target in &plan.targets {
        sizes[shard(target, 4) as usize - 1] += 1;
    }
    assert!(sizes.iter().all(|size| (200..300).contains(size)), "{sizes:?}");
}

#[test]
fn what_is_added_moves_no_other_target() {
    let (before, after) =
        (plan(&executions(50)), plan(&(executions(80) + "  - {kind: elasticsearch_task, instance_id: es}\n")));
    for (one, other) in before.targets.iter().zip(&after.targets) {
        assert_eq!(shard(one, 7), shard(other, 7));
    }
}

#[test]
fn one_resource_is_in_one_shard_under_all_its_names() {
    let same = "{kind: elasticsearch_task, instance_id: es-1, id: ID, labels: {a: ID}}";
    let plan = plan(&(0..20).map(|n| format!("  - {}\n", same.replace("ID", &format!("n{n}")))).collect::<String>());
    let shards: std::collections::BTreeSet<_> = plan.targets.iter().map(|target| shard(target, 64)).collect();
    assert_eq!(shards.len(), 1);
}
