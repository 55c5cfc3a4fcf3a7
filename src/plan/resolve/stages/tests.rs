use std::path::Path;
use std::time::Duration;

use crate::plan::{MaxFailures, Pause, Plan, Target, Variables};

const ACCOUNTS: &str = "version: 1\naccounts: {ali: {cloud: alibaba, region: r}}\ndefaults: {account: ali}\n";

fn plan(rest: &str) -> Plan {
    Plan::parse(format!("{ACCOUNTS}{rest}").as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan
}

#[test]
fn targets_are_in_the_order_of_their_stages_and_carry_the_name() {
    let plan = plan(
        "stages:
  - {name: pilot, canary: 5%, pause: 30s, max_failures: 1, targets: [
      {kind: elasticsearch_task, instance_id: b, labels: {team: data}}, {kind: elasticsearch_task, instance_id: a}]}
  - {name: rest, pause: ask, targets: [{kind: elasticsearch_task, instance_id: c}]}
",
    );
    let of = |target: &Target| (target.made_id(), target.stage, target.labels["stage"].clone());
    let targets: Vec<_> = plan.targets.iter().map(of).collect();
    let expected = [("b", 0, "pilot"), ("a", 0, "pilot"), ("c", 1, "rest")]
        .map(|(id, stage, name)| (format!("elasticsearch_task:{id}"), Some(stage), name.to_owned()));
    assert_eq!(targets, expected);
    assert_eq!(plan.targets[0].labels["team"], "data");
    let [pilot, rest] = &*plan.stages else { panic!("{:?}", plan.stages) };
    assert_eq!(pilot.canary.map(|canary| [0, 1, 20, 21, 100].map(|total| canary.size(total))), Some([1, 1, 1, 2, 5]));
    assert_eq!(
        (pilot.pause, pilot.max_failures),
        (Some(Pause::For(Duration::from_secs(30))), Some(MaxFailures::Count(1)))
    );
    assert_eq!((rest.canary, rest.pause, rest.max_failures), (None, Some(Pause::Ask), None));
    assert_eq!(plan.stage_of(&plan.targets[2]), Some(rest));
}

#[test]
fn a_resource_that_two_stages_name_belongs_to_the_first() {
    let plan = plan(
        "stages:
  - {name: pilot, targets: [{kind: elasticsearch_task, instance_id: a}]}
  - {name: rest, targets: [{kind: elasticsearch_task, instance_id: a}, {kind: elasticsearch_task, instance_id: b}]}
",
    );
    let duplicates: Vec<_> = plan.targets.iter().map(|target| target.duplicate_of).collect();
    assert_eq!(duplicates, [None, Some(0), None]);
}

#[test]
fn without_stages_nothing_is_added() {
    let plan = plan("targets: [{kind: elasticsearch_task, instance_id: a, labels: {stage: mine}}]\n");
    assert!(plan.stages.is_empty());
    assert_eq!((plan.targets[0].stage, &*plan.targets[0].labels["stage"]), (None, "mine"));
    assert_eq!(plan.stage_of(&plan.targets[0]), None);
}
