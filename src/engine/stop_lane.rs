//! The parts of a plan that never share a quota for stops, so that one process can hold each of them alone.

use std::collections::HashMap;

use crate::http::Api;
use crate::plan::{Account, Choice, Plan};

/// A part of a plan whose stops share one quota: an API of one account in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StopLane {
    /// The name of its cloud.
    pub cloud: &'static str,
    /// Whose quota it is, as far as the plan says: the account's id, or else the account's name in the plan.
    pub owner: String,
    /// The name in the plan of the first account that has targets in it.
    pub account: String,
    /// The names that the plan writes its accounts under, in their order.
    pub accounts: Vec<String>,
    /// The region.
    pub region: String,
    /// The API, such as `fnf:StopExecution`.
    pub api: String,
    /// The numbers of its targets in the plan, in plan order.
    pub targets: Vec<u32>,
}

impl StopLane {
    /// Returns the lanes of a plan in the order of their first targets, with the targets that are to be stopped; `choices`
    /// says what a run does about each.
    ///
    /// Two accounts are in one lane if the plan pins them to one account id. Without a pin, their names tell them apart.
    #[must_use]
    pub fn all(plan: &Plan, choices: impl IntoIterator<Item = Choice>) -> Vec<Self> {
        let mut lanes: Vec<Self> = Vec::new();
        let (mut places, mut routes) = (HashMap::new(), HashMap::new());
        let stopped = plan.target_ids().zip(choices).filter(|(_, choice)| *choice == Choice::Stop);
        for (id, _) in stopped {
            let target = &plan[id];
            let (account, api) = (&plan[target.account_id()], target.kind.stop_api);
            let number = *routes.entry((target.account_id(), api.name())).or_insert_with(|| {
                let place =
                    (account.cloud, owner(account), account.region.clone(), account.endpoint(api.product), api.name());
                let number = *places.entry(place).or_insert(lanes.len());
                if number == lanes.len() {
                    lanes.push(Self::new(account, api));
                }
                number
            });
            let Some(lane) = lanes.get_mut(number) else { continue };
            if !lane.accounts.iter().any(|known| known == account.base_name()) {
                lane.accounts.push(account.base_name().to_owned());
            }
            lane.targets.push(id.number());
        }
        lanes
    }

    fn new(account: &Account, api: &Api) -> Self {
        Self {
            cloud: account.cloud.name(),
            owner: owner(account).to_owned(),
            account: account.name.clone(),
            accounts: Vec::new(),
            region: account.region.clone(),
            api: api.name(),
            targets: Vec::new(),
        }
    }
}

/// Returns whose quota an account uses, as far as the plan says.
fn owner(account: &Account) -> &str {
    account.account_id.as_deref().unwrap_or_else(|| account.base_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Variables;

    const TEXT: &str = "version: 1
accounts:
  prod: {cloud: alibaba, region: cn-hangzhou}
  same: {cloud: alibaba, region: cn-hangzhou, account_id: \"1234567890123456\"}
  again: {cloud: alibaba, region: cn-hangzhou, account_id: \"1234567890123456\"}
guards: {protect: [kept]}
targets:
  - {kind: fnf_execution, account: prod, flow_name: etl, execution_name: run-1}
  - {kind: fnf_execution, account: same, flow_name: etl, execution_name: run-2}
  - {kind: fnf_execution, account: prod, flow_name: etl, execution_name: kept}
  - {kind: elasticsearch_task, account: prod, instance_id: es-cn-1}
  - {kind: fnf_execution, account: again, flow_name: etl, execution_name: run-3}
  - {kind: fnf_execution, account: prod, flow_name: etl, execution_name: run-4}
";

    #[test]
    fn targets_that_share_a_quota_are_in_one_lane() {
        let plan = Plan::parse(TEXT.as_bytes(), "plan.yaml".as_ref(), &Variables::default()).unwrap().plan;
        let lanes = StopLane::all(&plan, plan.choices(|_, _| true));
        let shown: Vec<_> = lanes.iter().map(|lane| (&*lane.owner, &*lane.api, lane.targets.clone())).collect();
        assert_eq!(
            shown,
            [
                ("prod", "fnf:StopExecution", vec![0, 5]),
                ("1234567890123456", "fnf:StopExecution", vec![1, 4]),
                ("prod", "elasticsearch:InterruptElasticsearchTask", vec![3]),
            ]
        );
        assert_eq!(lanes[1].accounts, ["same", "again"]);
    }
}
