//! What the question before a run cannot know of a fleet.

use allstop::plan::{Overview, Plan};
use allstop::report::{HumanCount, counted};

/// Says that lanes wait for each other where there are more of them than failures that the run may have: a lane sends only
/// with a share of those, which is one failure at least.
#[must_use]
pub fn forecast(plan: &Plan, overview: &Overview) -> Option<String> {
    let failures = plan.guards.max_failures?.limit(overview.stops());
    (failures < overview.lanes).then(|| {
        format!(
            "The {} lanes share max_failures ({}): only {} at a time, so the run may take longer than estimated.",
            HumanCount(overview.lanes),
            counted(failures, "failure"),
            if failures == 1 { "1 lane sends".to_owned() } else { format!("{} lanes send", HumanCount(failures)) },
        )
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use allstop::plan::{Plan, Variables};

    use super::*;

    fn said(lanes: usize, rule: &str) -> Option<String> {
        let account = |number| {
            format!("  a{number}: {{cloud: alibaba, region: cn-hangzhou, credentials: {{profile: p{number}}}}}\n")
        };
        let target =
            |number| format!("  - {{kind: fnf_execution, account: a{number}, flow_name: f, execution_name: e}}\n");
        let accounts: String = (0..lanes).map(account).collect();
        let targets: String = (0..lanes).map(target).collect();
        let text = format!("version: 1\naccounts:\n{accounts}guards: {{{rule}}}\ntargets:\n{targets}");
        let plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan;
        let overview = plan.overview_of(|_, _| true);
        forecast(&plan, &overview)
    }

    #[test]
    fn it_says_that_lanes_wait_for_each_other_only_where_they_do() {
        let three = "The 3 lanes share max_failures (1 failure): only 1 lane sends at a time, so the run may take longer than \
                     estimated.";
        assert_eq!(said(3, "max_failures: 1").as_deref(), Some(three));
        assert_eq!(said(3, "max_failures: 10%").as_deref(), Some(three));
        assert!(said(3, "max_failures: 2").unwrap().contains("(2 failures): only 2 lanes send at a time"));
        for (lanes, rule) in [(3, "max_failures: 3"), (1, "max_failures: 1"), (3, "max_targets: 9")] {
            assert_eq!(said(lanes, rule), None, "{lanes} {rule}");
        }
    }
}
