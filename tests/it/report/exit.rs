//! The exit status, by table.

use allstop::engine::{Outcome, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::plan::{NotFound, VerifyMode};
use allstop::report::{About, Rehearsal, Report, RunMode, Signal, exit_status};

use super::fixture::{executions, failed, plan, record, row, stopped};

/// Runs a table of rows through a plan's rules, all with the same end.
fn code(status: Status, signal: Option<Signal>, rows: &[TargetResult]) -> u8 {
    exit_status(&plan(executions(rows.len())), &record(status, rows.to_vec()), signal).code()
}

#[test]
fn follows_from_the_rows() {
    let skipped = TargetResult::skipped;
    let table: &[(u8, &[TargetResult])] = &[
        (0, &[stopped(), row(Outcome::AlreadyStopped)]),
        (0, &[row(Outcome::WouldStop), row(Outcome::AlreadyStopped)]),
        (1, &[stopped(), failed(ErrorClass::Denied, "AccessDenied", "no")]),
        (1, &[stopped(), row(Outcome::Unknown)]),
        (1, &[stopped(), row(Outcome::Accepted)]),
        (1, &[stopped(), row(Outcome::NotFound)]),
        (1, &[stopped(), skipped(SkipReason::Credentials)]),
        (1, &[stopped(), skipped(SkipReason::Deadline)]),
        (1, &[skipped(SkipReason::Aborted)]),
        (0, &[stopped(), skipped(SkipReason::Protected)]),
        (0, &[stopped(), skipped(SkipReason::Filtered)]),
        (0, &[stopped(), skipped(SkipReason::Shard)]),
        (0, &[stopped(), skipped(SkipReason::Duplicate)]),
        (4, &[skipped(SkipReason::Protected), skipped(SkipReason::Filtered), skipped(SkipReason::Duplicate)]),
        (0, &[skipped(SkipReason::Protected), skipped(SkipReason::Filtered), skipped(SkipReason::Shard)]),
    ];
    for (wanted, rows) in table {
        assert_eq!(code(Status::Completed, None, rows), *wanted, "{rows:?}");
        assert_eq!(code(Status::Deadline, None, rows), *wanted, "{rows:?}");
    }
}

#[test]
fn says_how_the_run_ended_before_what_the_rows_say() {
    for rows in [&[stopped()][..], &[failed(ErrorClass::Server, "", "no")], &[TargetResult::skipped(SkipReason::Shard)]]
    {
        assert_eq!(code(Status::Aborted, None, rows), 3);
        assert_eq!(code(Status::Interrupted, None, rows), 130);
        assert_eq!(code(Status::Interrupted, Some(Signal::Hangup), rows), 129);
        assert_eq!(code(Status::Interrupted, Some(Signal::Interrupt), rows), 130);
        assert_eq!(code(Status::Interrupted, Some(Signal::Terminate), rows), 143);
    }
}

#[test]
fn a_signal_that_ended_nothing_counts_for_nothing() {
    assert_eq!(code(Status::Completed, Some(Signal::Terminate), &[stopped()]), 0);
}

#[test]
fn no_report_has_another_one() {
    let rows = [
        vec![stopped()],
        vec![failed(ErrorClass::Denied, "AccessDenied", "no")],
        vec![TargetResult::skipped(SkipReason::Filtered)],
    ];
    for (rows, status) in rows.into_iter().flat_map(|rows| {
        let statuses = [Status::Completed, Status::Deadline, Status::Aborted, Status::Interrupted];
        statuses.map(|status| (rows.clone(), status))
    }) {
        let (plan, record) = (plan(executions(rows.len())), record(status, rows));
        for signal in [None, Some(Signal::Interrupt), Some(Signal::Terminate)] {
            let report = |about| Report::new(&plan, &record, &about).run.exit_code;
            let wanted = exit_status(&plan, &record, signal).code();
            assert_eq!(report(About { signal, ..About::default() }), wanted, "{record:?}");
            let rehearsal = |agrees| Rehearsal {
                seed: 1,
                faults: "some".to_owned(),
                speed: 1.0,
                agrees,
                disagreements: Vec::new(),
            };
            let of = |agrees| About {
                mode: RunMode::Rehearsal,
                signal,
                rehearsal: Some(rehearsal(agrees)),
                ..About::default()
            };
            assert_eq!((report(of(true)), report(of(false))), (wanted, wanted.max(1)), "{record:?}");
        }
    }
}

#[test]
fn asks_for_no_more_than_the_plan() {
    let rows = vec![row(Outcome::NotFound), row(Outcome::Accepted)];
    let mut plan = plan(executions(2));
    plan.guards.not_found = NotFound::Ok;
    assert_eq!(exit_status(&plan, &record(Status::Completed, rows.clone()), None).code(), 1);
    plan.verify.mode = VerifyMode::Off;
    assert_eq!(exit_status(&plan, &record(Status::Completed, rows), None).code(), 0);
}
