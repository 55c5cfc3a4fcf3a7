//! The file as the library writes it: what it says of a run, and what it keeps of earlier ones.

use std::path::{Path, PathBuf};

use allstop::engine::{Outcome, Record, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::plan::Plan;
use allstop::report::{About, Destination, MetricsError, MetricsFile, Report, RunMetrics, RunMode, Tally};
use allstop::service::Value;

use super::exposition::{Metrics, read};
use crate::report::fixture::{self, attempt, executions, failed, record, row, selection, stopped, target};

/// A directory with a file for metrics.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("allstop.prom")
    }

    fn prepare(&self, mode: RunMode, plan: &Plan) -> Result<MetricsFile, MetricsError> {
        MetricsFile::prepare(&Destination::File(self.path()), mode, plan)
    }

    /// Writes the metrics of a run, and reads them.
    fn write(&self, mode: RunMode, plan: &Plan, record: &Record) -> Metrics {
        let file = self.prepare(mode, plan).unwrap();
        let (tally, about) = (Tally::of(plan, record), About { mode, ..About::default() });
        let report = Report::counted(plan, record, &about, &tally);
        file.write(&RunMetrics::of((&report, &tally), [plan], &record.lanes)).unwrap();
        self.read()
    }

    fn read(&self) -> Metrics {
        read(&std::fs::read_to_string(self.path()).unwrap())
    }
}

const LAST_SUCCESS: &str = "allstop_last_success_timestamp_seconds";

/// When the runs of the fixture end.
const END: f64 = 1_795_323_725.4;

#[test]
fn counts_every_outcome_and_request() {
    let mut plan = fixture::plan(executions(4));
    plan.targets.push(target("drs_job", &[Value::Text("job-1")]));
    let throttled = TargetResult {
        attempts: vec![attempt(1, Some(ErrorClass::Throttled), Some(10)), attempt(2, None, None)],
        ..stopped()
    };
    let rows = vec![
        stopped(),
        throttled,
        failed(ErrorClass::Denied, "NoPermission", "no"),
        TargetResult::skipped(SkipReason::Protected),
        row(Outcome::Unknown),
    ];
    let metrics = Place::new().write(RunMode::Live, &plan, &record(Status::Completed, rows));
    let (flow, job) =
        ([("kind", "fnf_execution"), ("account", "ali-prod")], [("kind", "drs_job"), ("account", "hw-prod")]);
    let with = |of: &[(&'static str, &'static str)], more| [of, &[more]].concat();
    for (name, labels, expected) in [
        ("allstop_run_targets", with(&flow, ("outcome", "stopped")), 2.0),
        ("allstop_run_targets", with(&flow, ("outcome", "failed")), 1.0),
        ("allstop_run_targets", with(&flow, ("outcome", "would_stop")), 0.0),
        ("allstop_run_targets", with(&job, ("outcome", "unknown")), 1.0),
        ("allstop_run_targets", with(&[], ("mode", "live")), 5.0),
        ("allstop_run_targets_skipped", with(&flow, ("reason", "protected")), 1.0),
        ("allstop_run_targets_skipped", with(&job, ("reason", "deadline")), 0.0),
        ("allstop_run_targets_not_done", flow.to_vec(), 1.0),
        ("allstop_run_targets_not_done", job.to_vec(), 1.0),
        ("allstop_run_attempts", flow.to_vec(), 4.0),
        ("allstop_run_retries", with(&flow, ("cause", "throttled")), 1.0),
        ("allstop_run_retries", with(&job, ("cause", "network")), 0.0),
        ("allstop_run_requests", with(&flow, ("operation", "stop")), 4.0),
        ("allstop_run_requests", with(&job, ("operation", "read")), 0.0),
        ("allstop_run_stop_duration_seconds_count", flow.to_vec(), 2.0),
        ("allstop_run_stop_duration_seconds_sum", flow.to_vec(), 0.082),
        ("allstop_run_stop_duration_seconds_count", job.to_vec(), 0.0),
        ("allstop_run_exit_status", vec![("plan", "incident-4711")], 1.0),
        ("allstop_run_success", vec![], 0.0),
        ("allstop_run_duration_seconds", vec![], 125.4),
        ("allstop_run_end_timestamp_seconds", vec![], END),
        ("allstop_run_info", vec![("status", "completed"), ("version", env!("CARGO_PKG_VERSION"))], 1.0),
        (LAST_SUCCESS, vec![("mode", "live")], 0.0),
    ] {
        assert_eq!(metrics.sum(name, &labels), expected, "{name} {labels:?}");
    }
    assert_eq!(metrics.of("allstop_run_targets", &[]).len(), 2 * Outcome::ALL.len());
}

#[test]
fn a_group_that_has_nothing_is_there_with_zeros() {
    let mut plan = fixture::plan(executions(1));
    plan.targets.push(target("live_flow", &[Value::Text("d"), Value::Text("a"), Value::Text("s")]));
    // A run that cannot begin has no rows.
    let metrics = Place::new().write(RunMode::Live, &plan, &record(Status::Aborted, Vec::new()));
    for kind in ["fnf_execution", "live_flow"] {
        assert_eq!(metrics.sum("allstop_run_targets", &[("kind", kind)]), 0.0);
        assert_eq!(metrics.of("allstop_run_targets", &[("kind", kind)]).len(), Outcome::ALL.len());
    }
    assert_eq!(metrics.sum("allstop_run_exit_status", &[]), 3.0);
}

#[test]
fn nothing_that_runs_is_a_success_and_nothing_selected_is_none() {
    let plan = fixture::plan(Vec::new());
    let mut run = record(Status::Completed, Vec::new());
    run.selections = vec![selection("old-etl", 0)];
    let metrics = Place::new().write(RunMode::Live, &plan, &run);
    assert_eq!((metrics.sum("allstop_run_success", &[]), metrics.sum("allstop_run_exit_status", &[])), (1.0, 4.0));
    assert_eq!(metrics.sum(LAST_SUCCESS, &[]), END);
    assert_eq!(metrics.sum("allstop_run_selection_requests", &[("selection", "old-etl")]), 83.0);
    assert_eq!(metrics.sum("allstop_run_selection_missing", &[("kind", "fnf_execution")]), 0.0);
    let plan = fixture::plan(executions(1));
    let filtered = record(Status::Completed, vec![TargetResult::skipped(SkipReason::Filtered)]);
    let metrics = Place::new().write(RunMode::Live, &plan, &filtered);
    assert_eq!((metrics.sum("allstop_run_success", &[]), metrics.sum("allstop_run_exit_status", &[])), (0.0, 4.0));
}

#[test]
fn hostile_names_stay_in_their_labels() {
    let mut plan = fixture::plan(executions(1));
    let name = "a\"} 1\nallstop_run_success{plan=\"x\\\"} 1\n# é \u{202e}";
    (plan.name, plan.accounts[0].name) = (name.to_owned(), name.to_owned());
    let place = Place::new();
    let metrics = place.write(RunMode::Live, &plan, &record(Status::Completed, vec![stopped()]));
    assert_eq!(metrics.sum("allstop_run_targets", &[("plan", name), ("account", name), ("outcome", "stopped")]), 1.0);
    assert_eq!(metrics.of("allstop_run_success", &[]).len(), 1);
    // It is found again by its name.
    let metrics = place.write(RunMode::Live, &plan, &record(Status::Aborted, Vec::new()));
    assert_eq!(metrics.sum(LAST_SUCCESS, &[]), END);
}

#[test]
fn the_last_success_of_the_plan_stays() {
    let (place, plan) = (Place::new(), fixture::plan(executions(1)));
    let (good, bad) = (record(Status::Completed, vec![stopped()]), record(Status::Aborted, Vec::new()));
    assert_eq!(place.write(RunMode::Live, &plan, &bad).sum(LAST_SUCCESS, &[]), 0.0);
    assert_eq!(place.write(RunMode::Live, &plan, &good).sum(LAST_SUCCESS, &[]), END);
    for _ in 0..2 {
        let metrics = place.write(RunMode::Live, &plan, &bad);
        assert_eq!((metrics.sum(LAST_SUCCESS, &[]), metrics.sum("allstop_run_success", &[])), (END, 0.0));
    }
    // That of another plan, or of another shard, is not that of this one.
    let other = Plan { name: "incident-47".to_owned(), ..plan.clone() };
    assert_eq!(place.prepare(RunMode::Live, &other).unwrap().other(), Some(&*place.path()));
    assert_eq!(place.prepare(RunMode::Live, &plan).unwrap().other(), None);
    assert_eq!(place.write(RunMode::Live, &other, &bad).sum(LAST_SUCCESS, &[]), 0.0);
    let shard = Plan { shard: Some("2/4".parse().unwrap()), ..other };
    assert_eq!(place.prepare(RunMode::Live, &shard).unwrap().other(), Some(&*place.path()));
}

#[test]
fn a_rehearsal_or_a_dry_run_is_no_success_and_replaces_no_live_run() {
    let plan = fixture::plan(executions(1));
    let good = record(Status::Completed, vec![stopped()]);
    for (mode, name) in [(RunMode::Rehearsal, "rehearsal"), (RunMode::DryRun, "dry_run")] {
        let place = Place::new();
        let metrics = place.write(mode, &plan, &good);
        assert_eq!(metrics.sum("allstop_run_success", &[("mode", name)]), 1.0);
        assert_eq!(metrics.sum(LAST_SUCCESS, &[("mode", "live")]), 0.0);
        place.write(RunMode::Live, &plan, &good);
        let error = place.prepare(mode, &plan).unwrap_err();
        assert!(error.to_string().contains("would overwrite the metrics of a live run"), "{error}");
    }
}

#[test]
fn what_others_wrote_is_never_replaced() {
    let (place, plan) = (Place::new(), fixture::plan(executions(1)));
    for text in ["my notes\n", "# HELP up Up.\nup 1\n", "allstop_run_success{mode=\"live\"} 1\n", "\u{0}\u{1}"] {
        std::fs::write(place.path(), text).unwrap();
        let error = place.prepare(RunMode::Live, &plan).unwrap_err();
        assert!(error.to_string().contains("which is no metrics file of allstop"), "{error}");
        assert_eq!(std::fs::read_to_string(place.path()).unwrap(), text);
    }
    // Neither where another program puts it there during the run.
    std::fs::write(place.path(), "").unwrap();
    let file = place.prepare(RunMode::Live, &plan).unwrap();
    std::fs::write(place.path(), "my notes\n").unwrap();
    let (record, about) = (record(Status::Completed, vec![stopped()]), About::default());
    let tally = Tally::of(&plan, &record);
    let report = Report::counted(&plan, &record, &about, &tally);
    let error = file.write(&RunMetrics::of((&report, &tally), [&plan], &[])).unwrap_err();
    assert!(matches!(error, MetricsError::Foreign(_)), "{error}");
    assert_eq!(std::fs::read_to_string(place.path()).unwrap(), "my notes\n");
    let names: Vec<_> = std::fs::read_dir(place.path().parent().unwrap_or(Path::new("."))).unwrap().collect();
    assert_eq!(names.len(), 1, "no temporary file is left");
}

#[test]
fn a_place_that_cannot_be_read_or_written_is_an_error_before_the_run() {
    let plan = fixture::plan(executions(1));
    for path in ["none/allstop.prom", "."] {
        let place = tempfile::tempdir().unwrap();
        let to = Destination::File(place.path().join(path));
        let error = MetricsFile::prepare(&to, RunMode::Live, &plan).unwrap_err();
        assert!(matches!(error, MetricsError::Write(_)), "{error}");
    }
}
