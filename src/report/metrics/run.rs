//! The metrics of a run.

use std::time::Duration;

use super::family::{Family, Label, Sample, Samples, Unit};
use super::group::{Group, Groups};
use crate::base::ExitStatus;
use crate::engine::{LaneInfo, LaneStats, Outcome, SkipReason};
use crate::plan::Plan;
use crate::report::json::{Report, RowSource, RunInfo, RunMode, SelectionSummary};
use crate::report::tally::Tally;
use crate::report::words::mode;
use crate::wording;

/// The metric of the outcomes.
const TARGETS: &str = "run_targets";

/// A run in numbers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RunMetrics {
    /// The labels of all samples: `mode`, `plan`, and `shard` of a run of a shard.
    pub labels: Vec<Label>,
    /// Whether nothing is left to do.
    pub succeeded: bool,
    /// When the run ended, in seconds since 1970, if it succeeded and was no rehearsal or dry run.
    pub succeeded_at: Option<f64>,
    /// The metrics.
    pub families: Vec<Family>,
}

impl RunMetrics {
    /// Counts a run: `report` is that of the run, with its tally, `plans` are the run's plan and the one that it was
    /// listed from, and `lanes` say what was sent.
    #[must_use]
    pub fn of<'p, R: RowSource>(
        (report, tally): (&Report<R>, &Tally),
        plans: impl IntoIterator<Item = &'p Plan>,
        lanes: &[(LaneInfo, LaneStats)],
    ) -> Self {
        let mut groups = Groups::default();
        plans.into_iter().for_each(|plan| groups.expect(plan));
        groups.count(&report.targets);
        groups.request(lanes);
        let run = &report.run;
        let succeeded = has_succeeded(run, tally);
        let ended = seconds(run.finished_at.timestamp().as_duration());
        let families = [run_families(report, succeeded), target_families(&groups), request_families(&groups)];
        Self {
            labels: run_labels(run.mode, &run.plan.name, run.shard.clone()),
            succeeded,
            succeeded_at: (succeeded && run.mode == RunMode::Live).then_some(ended),
            families: families.into_iter().flatten().chain(selection_families(&report.selections)).collect(),
        }
    }
}

impl RunMetrics {
    /// Returns how many targets have an outcome.
    #[cfg(feature = "otel")]
    pub(crate) fn targets(&self, outcome: Outcome) -> i64 {
        let targets = self.families.iter().filter(|family| family.name == TARGETS);
        let samples = targets.flat_map(|family| match &family.samples {
            Samples::Gauge(samples) => &samples[..],
            Samples::Histogram(_) => &[],
        });
        let of_outcome =
            samples.filter(|of| of.labels.iter().any(|(name, value)| *name == "outcome" && value == outcome.name()));
        of_outcome.map(|sample| sample.value).sum::<f64>() as i64
    }
}

/// Tells whether nothing is left to do: also where a plan that selects finds that nothing runs.
fn has_succeeded(run: &RunInfo, tally: &Tally) -> bool {
    let is_empty = run.exit_code == ExitStatus::NothingSelected.code() && tally.found_nothing();
    run.exit_code == ExitStatus::Done.code() || is_empty
}

/// Returns the labels that all metrics of a run of this plan have: its mode, its plan and, if it is of one, its shard.
#[must_use]
pub fn metrics_labels(mode: RunMode, plan: &Plan) -> Vec<Label> {
    run_labels(mode, &plan.name, plan.shard.map(|shard| shard.to_string()))
}

/// Returns the labels of all samples of a run.
fn run_labels(run: RunMode, plan: &str, shard: Option<String>) -> Vec<Label> {
    let shard = shard.map(|shard| ("shard", shard));
    [("mode", mode(run).name.to_owned()), ("plan", plan.to_owned())].into_iter().chain(shard).collect()
}

/// Returns seconds since 1970, or of a duration.
fn seconds(time: jiff::SignedDuration) -> f64 {
    time.as_millis() as f64 / 1000.0
}

/// Returns what says how the run went as a whole.
fn run_families<R>(report: &Report<R>, succeeded: bool) -> Vec<Family> {
    let run = &report.run;
    let info = [
        ("run", run.id.clone()),
        ("status", wording::status(run.status).name.to_owned()),
        ("version", report.tool.version.clone()),
    ];
    let info = vec![Sample { labels: info.to_vec(), value: 1.0 }];
    let [began, ended] = [run.started_at, run.finished_at].map(|at| seconds(at.timestamp().as_duration()));
    let took = Duration::from_millis(run.duration_ms).as_secs_f64();
    vec![
        Family::one(
            "run_success",
            "Whether the run succeeded: its exit status is 0, or 4 because nothing that runs matches.",
            f64::from(u8::from(succeeded)),
        ),
        Family::one("run_exit_status", "Exit status of the run.", f64::from(run.exit_code)),
        Family::one("run_start_timestamp", "When the run began, in seconds since 1970.", began).in_seconds(),
        Family::one("run_end_timestamp", "When the run ended, in seconds since 1970.", ended).in_seconds(),
        Family::one("run_duration", "How long the run took, in seconds.", took).in_seconds(),
        Family::gauge("run_info", "The run's id, why it ended, and the version of allstop.", info),
    ]
}

/// Returns what became of the targets.
fn target_families(groups: &Groups) -> Vec<Family> {
    let outcomes = |group: &Group| {
        let counts = *group.tally.counts();
        Outcome::ALL.map(|outcome| (label("outcome", outcome.name()), count(counts.of_outcome(outcome))))
    };
    let reasons = |group: &Group| {
        let tally = group.tally;
        SkipReason::ALL.map(|reason| (label("reason", reason.name()), count(tally.skipped(reason))))
    };
    let took = Samples::Histogram(groups.samples(|group| [(None, group.took)]));
    vec![
        Family::gauge(TARGETS, "Targets of the run, by outcome.", groups.samples(outcomes)),
        Family::gauge("run_targets_skipped", "Targets with outcome skipped, by reason.", groups.samples(reasons)),
        Family::gauge(
            "run_targets_not_done",
            "Targets that do not count as done and were not left out by choice.",
            groups.samples(|group| [(None, count(group.tally.open()))]),
        ),
        Family {
            name: "run_stop_duration",
            unit: Unit::Seconds,
            help: "Time from the first request of a target to its outcome, of targets with outcome stopped.",
            samples: took,
        },
    ]
}

/// Returns what was sent.
fn request_families(groups: &Groups) -> Vec<Family> {
    let sorts = |group: &Group| [("stop", group.stops), ("read", group.reads)];
    let sent = groups.samples(|group| sorts(group).map(|(sort, of)| (label("operation", sort), count(of.sent))));
    let throttled =
        groups.samples(|group| sorts(group).map(|(sort, of)| (label("operation", sort), count(of.throttled))));
    let attempts = groups.samples(|group| [(None, count(group.tally.counts().attempts))]);
    let retries = groups.samples(|group| {
        let causes = group.tally.counts().retries.by_name();
        causes.map(|(cause, number)| (label("cause", cause), count(number)))
    });
    vec![
        Family::gauge("run_requests", "Requests sent; account is the first of those that share a key.", sent),
        Family::gauge("run_requests_throttled", "Requests that the service throttled.", throttled),
        Family::gauge("run_attempts", "Attempts to stop a target.", attempts),
        Family::gauge("run_retries", "Attempts that were followed by another one, by cause.", retries),
    ]
}

/// Returns what became of the plan's selections.
fn selection_families(selections: &[SelectionSummary]) -> Vec<Family> {
    if selections.is_empty() {
        return Vec::new();
    }
    let samples = |value: fn(&SelectionSummary) -> u64| {
        let labels = |of: &SelectionSummary| vec![("kind", of.kind.clone()), ("selection", of.id.clone())];
        selections.iter().map(|of| Sample { labels: labels(of), value: count(value(of)) }).collect()
    };
    vec![
        Family::gauge("run_selection_targets", "Targets that the selection found.", samples(|of| of.matched)),
        Family::gauge(
            "run_selection_missing",
            "Lists of the selection that could not be read.",
            samples(|of| of.missing.len() as u64),
        ),
        Family::gauge(
            "run_selection_unusable",
            "Resources that match the selection and cannot be targets.",
            samples(|of| of.left_out.unusable),
        ),
        Family::gauge(
            "run_selection_requests",
            "Requests that list; those that serve several selections count for each.",
            samples(|of| of.requests),
        ),
    ]
}

fn label(name: &'static str, value: &str) -> Option<Label> {
    Some((name, value.to_owned()))
}

const fn count(number: u64) -> f64 {
    number as f64
}
