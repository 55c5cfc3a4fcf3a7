//! The lanes of a plan, for its run.

use std::collections::BTreeMap;

use allstop::engine::StopLane;
use allstop::plan::Account;
use allstop::session::{OpenBundle, SessionError};

use crate::wire::LaneSpec;

/// How many lanes a run may have: Temporal lets a workflow have so many children at a time
/// (`limit.numPendingChildExecutions.error`).
const MOST_LANES: usize = 2000;

/// The longest id of a workflow that Temporal accepts, in bytes (`limit.maxIDLength`).
const LONGEST_ID: usize = 1000;

/// A plan that a fleet cannot carry out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartsError {
    /// It has too many lanes.
    #[error("the plan has {0} lanes, and a run of a fleet has at most {MOST_LANES}")]
    TooManyLanes(usize),
    /// Accounts that share a quota are routed to different task queues.
    #[error(
        "--route sends the accounts {first} and {second} to different workers; both have the account id {id}, so they \
         share a quota, and one worker must stop the targets of both"
    )]
    TwoRoutes {
        /// The name of the first account in the plan.
        first: String,
        /// The name of another one.
        second: String,
        /// The id that both are pinned to.
        id: String,
    },
    /// A name of a lane does not fit into the id of a workflow.
    #[error(
        "the id of a workflow has at most {LONGEST_ID} bytes, and that of the quota of the lane {lane} has {bytes}"
    )]
    LongName {
        /// The lane.
        lane: String,
        /// How long the id would be.
        bytes: usize,
    },
}

impl PartsError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::TooManyLanes(_) => "split it into several plans, such as one for each account; nothing was sent",
            Self::TwoRoutes { .. } => "give both accounts the same --route; nothing was sent",
            Self::LongName { .. } => "give the account a shorter name, or pin its `account_id`; nothing was sent",
        }
    }
}

impl From<PartsError> for SessionError {
    fn from(error: PartsError) -> Self {
        let hint = error.hint();
        Self::input(error, hint)
    }
}

/// What a run has to know of its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The lanes, by number.
    pub lanes: Vec<LaneSpec>,
    /// How many failures end the run.
    pub max_failures: Option<u64>,
    /// That rule, as the plan or the command line states it.
    pub max_failures_rule: Option<String>,
}

impl Parts {
    /// Takes the lanes of a plan; `routes` are the task queues of the sessions of accounts, by the account's name in the plan.
    ///
    /// # Errors
    ///
    /// Fails when Temporal cannot have so many lanes or such long names, and when accounts that share a quota are routed to
    /// different task queues.
    pub fn of(opened: &OpenBundle, routes: &BTreeMap<String, String>) -> Result<Self, PartsError> {
        refuse_two_routes(&opened.plan().accounts, routes)?;
        Ok(Self {
            lanes: specs(opened.lanes(), routes)?,
            max_failures: opened.max_failures(),
            max_failures_rule: opened.max_failures_rule().map(|rule| rule.to_string()),
        })
    }
}

fn specs(lanes: Vec<StopLane>, routes: &BTreeMap<String, String>) -> Result<Vec<LaneSpec>, PartsError> {
    if lanes.len() > MOST_LANES {
        return Err(PartsError::TooManyLanes(lanes.len()));
    }
    (0..).zip(lanes).map(|(number, lane)| spec(number, lane, routes)).collect()
}

fn spec(number: u32, lane: StopLane, routes: &BTreeMap<String, String>) -> Result<LaneSpec, PartsError> {
    let queue = lane.accounts.iter().find_map(|account| routes.get(account)).cloned();
    let spec = LaneSpec {
        number,
        cloud: lane.cloud.to_owned(),
        owner: lane.owner,
        account: lane.account,
        accounts: lane.accounts,
        region: lane.region,
        api: lane.api,
        targets: u32::try_from(lane.targets.len()).unwrap_or(u32::MAX),
        queue,
    };
    let bytes = spec.quota_id().len();
    if bytes > LONGEST_ID {
        return Err(PartsError::LongName { lane: spec.name(), bytes });
    }
    Ok(spec)
}

/// Refuses accounts that share their quotas and are routed to different task queues. One of two may have no route.
fn refuse_two_routes(accounts: &[Account], routes: &BTreeMap<String, String>) -> Result<(), PartsError> {
    let mut known = BTreeMap::new();
    for account in accounts {
        let Some(id) = account.account_id.as_deref() else { continue };
        let first: &Account = known.entry((account.cloud.name(), id, &account.region)).or_insert(account);
        let [one, other] = [first, account].map(Account::base_name);
        if routes.get(one) != routes.get(other) {
            let [first, second] = [one, other].map(str::to_owned);
            return Err(PartsError::TwoRoutes { first, second, id: id.to_owned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use allstop::Timestamp;
    use allstop::environment::Environment;
    use allstop::report::Destination;
    use allstop::session::{
        BeginOptions, BundledRun, Context, Input, SelectedPlan, SelectionOptions, Session, SessionOptions, SilentUi,
    };

    use super::*;

    /// Returns the parts of a plan with a target in each of these accounts: their names, and further keys of them.
    fn parts<'a>(
        accounts: impl IntoIterator<Item = (String, &'a str)>,
        routes: &[(&str, &str)],
    ) -> Result<Parts, PartsError> {
        let (mut heads, mut targets) = (String::new(), String::new());
        for (number, (name, more)) in accounts.into_iter().enumerate() {
            heads += &format!("  {name}: {{cloud: alibaba, region: cn-hangzhou{more}}}\n");
            targets +=
                &format!("  - {{kind: fnf_execution, account: {name}, flow_name: etl, execution_name: r{number}}}\n");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.yaml");
        std::fs::write(&path, format!("version: 1\naccounts:\n{heads}targets:\n{targets}")).unwrap();
        let context = Context::new(Environment::default(), Arc::new(SilentUi));
        let (input, scope) = (Input::File(path), SelectionOptions::default());
        let (selected, copy) = SelectedPlan::load_copied(&input, Vec::new(), scope, &context).unwrap();
        let (mut begin, mut options) = (BeginOptions::default(), SessionOptions::default());
        begin.report = Some(Destination::File(folder.path().join("report.json")));
        options.yes = true;
        let bundle = Session::begin(selected, begin, options, &context).ready().unwrap().bundle(copy);
        let opened = bundle.open(BundledRun::new("run".to_owned(), Timestamp::default()), &context).unwrap();
        let routes = routes.iter().map(|(account, queue)| ((*account).to_owned(), (*queue).to_owned())).collect();
        Parts::of(&opened, &routes)
    }

    fn many(accounts: usize) -> impl Iterator<Item = (String, &'static str)> {
        (0..accounts).map(|number| (format!("a{number}"), ""))
    }

    #[test]
    fn more_lanes_than_a_workflow_can_have_children_are_refused() {
        assert_eq!(parts(many(MOST_LANES), &[]).unwrap().lanes.len(), MOST_LANES);
        let error = parts(many(MOST_LANES + 1), &[]).unwrap_err();
        assert_eq!(error.to_string(), "the plan has 2001 lanes, and a run of a fleet has at most 2000");
        assert!(error.hint().contains("split it into several plans"), "{}", error.hint());
    }

    #[test]
    fn accounts_that_share_a_quota_go_to_one_queue() {
        let pinned = ", account_id: \"1234567890123456\"";
        let accounts = |other: &'static str| [("one".to_owned(), pinned), ("two".to_owned(), other)];
        let (left, right) = (("one", "allstop.left"), ("two", "allstop.right"));
        for routes in [[left, right].as_slice(), &[left], &[right]] {
            let error = parts(accounts(pinned), routes).unwrap_err();
            assert!(error.to_string().contains("the accounts one and two to different workers"), "{error}");
            assert!(error.to_string().contains("1234567890123456"), "{error}");
        }
        let both = parts(accounts(pinned), &[left, ("two", "allstop.left")]).unwrap();
        let queues: Vec<_> = both.lanes.iter().map(|lane| lane.queue.as_deref()).collect();
        assert_eq!(queues, [Some("allstop.left")]);
        // Other regions and other accounts are other lanes.
        assert_eq!(parts(accounts(""), &[left, right]).unwrap().lanes.len(), 2);
    }

    #[test]
    fn a_name_that_no_id_of_a_workflow_can_hold_is_refused() {
        let named = |bytes: usize| parts([("a".repeat(bytes), "")], &[]);
        let around = "allstop-quota/alibaba//cn-hangzhou/fnf:StopExecution".len();
        assert_eq!(named(LONGEST_ID - around).unwrap().lanes[0].quota_id().len(), LONGEST_ID);
        let error = named(LONGEST_ID - around + 1).unwrap_err();
        assert!(error.to_string().ends_with("has 1001"), "{error}");
        let pinned = [("a".repeat(1000), ", account_id: \"1234567890123456\"")];
        assert_eq!(parts(pinned, &[]).unwrap().lanes.len(), 1);
    }
}
