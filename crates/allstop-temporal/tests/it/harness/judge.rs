//! Compares a report with what really happened.

use std::collections::HashMap;

use allstop::engine::Evidence;
use allstop::plan::{Plan, Target};
use allstop::report::{Disposition, Report, Row};
use allstop::simulator::{self, Claim, Ledger};

/// What is wrong with a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// The targets without a row.
    pub(crate) lost: Vec<String>,
    /// The rows that do not agree with the ledger, or with the plan, in words.
    pub(crate) false_rows: Vec<String>,
    /// The resources that got a further stop, which was not one after a throttled request. A cloud with faults makes
    /// further stops necessary.
    pub(crate) repeated: Vec<String>,
    /// How many requests were throttled.
    pub(crate) throttled: u64,
    /// How many rows are not done.
    pub(crate) open: usize,
}

impl Judgement {
    /// Fails unless every target has a row, every row is true and nothing was stopped twice.
    #[track_caller]
    pub(crate) fn assert_sound(&self) {
        let Self { lost, false_rows, repeated, .. } = self;
        assert!(lost.is_empty() && false_rows.is_empty() && repeated.is_empty(), "{self:#?}");
    }
}

/// Compares the rows of a run of `plan` with the ledger.
pub(crate) fn judge(plan: &Plan, report: &Report, ledger: &Ledger) -> Judgement {
    let mut rows: HashMap<&str, &Row> = HashMap::new();
    let mut false_rows = Vec::new();
    for row in &report.targets {
        if rows.insert(&row.id, row).is_some() {
            false_rows.push(format!("{} has two rows", row.id));
        }
    }
    let (mut lost, mut claims, mut order) = (Vec::new(), Vec::new(), Vec::new());
    for target in &plan.targets {
        match rows.remove(&*target.id()) {
            Some(row) => {
                claims.push((target, claim(row)));
                order.push(&*row.id);
            }
            None => lost.push(target.id().into_owned()),
        }
    }
    false_rows.extend(rows.keys().map(|id| format!("{id} is no target")));
    if false_rows.is_empty() && !report.targets.iter().map(|row| row.id.as_str()).eq(order) {
        false_rows.push("the rows are not in the plan's order".to_owned());
    }
    let disagreements = simulator::audit(ledger, &plan.accounts, claims);
    false_rows.extend(disagreements.iter().map(ToString::to_string));
    let repeated = plan.targets.iter().filter(|target| was_repeated(plan, target, ledger));
    Judgement {
        lost,
        false_rows,
        repeated: repeated.map(|target| target.id().into_owned()).collect(),
        throttled: ledger.requests.throttled.values().sum(),
        open: report.targets.iter().filter(|row| row.disposition != Disposition::Done).count(),
    }
}

/// Returns what several runs of parts of a plan reported, as if it were one run.
pub(crate) fn merged<'r>(reports: impl IntoIterator<Item = &'r Report>) -> Report {
    let mut reports = reports.into_iter();
    let mut all = reports.next().unwrap().clone();
    for report in reports {
        let rows = all.targets.iter_mut().zip(&report.targets);
        rows.filter(|(row, _)| row.disposition == Disposition::LeftOut).for_each(|(row, other)| *row = other.clone());
    }
    all
}

/// Returns what a row claims. What a killed worker had sent may have no attempt in its row, but then it was read back.
fn claim(row: &Row) -> Claim {
    let claim = Claim::new(row.outcome, row.attempts.iter().map(|attempt| attempt.class));
    Claim { in_doubt: claim.in_doubt || row.evidence == Some(Evidence::ReadBack), ..claim }
}

fn was_repeated(plan: &Plan, target: &Target, ledger: &Ledger) -> bool {
    let id = simulator::Id::of(target, &plan.accounts).unwrap();
    ledger.resource(&id).is_some_and(|record| record.counts.requests > 1 + record.counts.throttled)
}
