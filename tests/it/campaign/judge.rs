//! What must hold of every report, whatever happened before.

use allstop::engine::{Outcome, SkipReason, Status};
use allstop::report::{OutcomeCounts, Report, Row};
use allstop::simulator::{self, Claim, Disagreement};

use super::ground::Ground;

/// Checks that a report is whole, adds up, and ends with the status that follows from it; returns its false rows.
///
/// `cut` is the exit status that a signal or a full disk gives to a run that it cuts short.
#[track_caller]
pub(super) fn judge(ground: &Ground, report: &Report, exit: Option<i32>, cut: Option<i32>) -> Vec<Disagreement> {
    let ids: Vec<_> = report.targets.iter().map(|row| row.id.as_str()).collect();
    let planned: Vec<_> = ground.plan.targets.iter().map(allstop::plan::Target::id).collect();
    assert_eq!(ids, planned, "one row a target, in the plan's order");
    assert_eq!(exit, Some(exit_code(report, cut)), "the exit status follows from the report");
    assert_eq!(exit, Some(report.run.exit_code.into()));
    assert_eq!(counted(&report.targets), of_summary(&report.summary), "the summary adds up");
    for row in &report.targets {
        let numbers: Vec<_> = row.attempts.iter().map(|attempt| attempt.n).collect();
        let expected: Vec<_> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "{}: the attempts are numbered", row.id);
        assert_eq!(row.started_at.is_some(), !row.attempts.is_empty(), "{}", row.id);
    }
    let claims = (0..).zip(&report.targets).map(|(target, row)| {
        let claim = Claim::new(row.outcome, row.attempts.iter().map(|attempt| attempt.class));
        Claim { in_doubt: claim.in_doubt || ground.was_in_doubt(target), ..claim }
    });
    simulator::audit(&ground.cloud().ledger(), &ground.plan.accounts, ground.plan.targets.iter().zip(claims))
}

/// Returns how many rows are neither stopped nor already stopped, nor left out because they are protected.
pub(super) fn open(report: &Report) -> usize {
    report.targets.iter().filter(|row| !is_done(row)).count()
}

/// Returns how many rows leave open what became of a stop, as they must where reads are refused.
pub(super) fn unread(report: &Report) -> usize {
    report.targets.iter().filter(|row| matches!(row.outcome, Outcome::Unknown | Outcome::Accepted)).count()
}

/// Returns what a target of the plan came to, by its number.
pub(super) fn outcome(report: &Report, target: u32) -> Outcome {
    report.targets[target as usize].outcome
}

fn is_done(row: &Row) -> bool {
    matches!(row.outcome, Outcome::Stopped | Outcome::AlreadyStopped) || row.reason == Some(SkipReason::Protected)
}

fn exit_code(report: &Report, cut: Option<i32>) -> i32 {
    match report.run.status {
        Status::Completed | Status::Deadline => i32::from(open(report) > 0),
        Status::Paused | Status::Unlisted => 1,
        Status::Interrupted => cut.expect("only a signal interrupts"),
        Status::Aborted => cut.unwrap_or(3),
    }
}

fn counted(rows: &[Row]) -> Vec<u64> {
    let of = |outcome| rows.iter().filter(|row| row.outcome == outcome).count() as u64;
    let attempts = rows.iter().map(|row| row.attempts.len() as u64).sum();
    Outcome::ALL.map(of).into_iter().chain([rows.len() as u64, attempts]).collect()
}

fn of_summary(counts: &OutcomeCounts) -> Vec<u64> {
    vec![
        counts.stopped,
        counts.already_stopped,
        counts.accepted,
        counts.not_found,
        counts.failed,
        counts.unknown,
        counts.skipped,
        counts.would_stop,
        counts.targets,
        counts.attempts,
    ]
}
