//! What the report says of the run as a whole: `tool`, `run`, `lanes` and `rehearsal`.

use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::{Moment, millis};
use super::schema;
use super::stage::StageInfo;
use crate::base::ExitStatus;
use crate::base::rate::thousandths;
use crate::engine::{LaneInfo, LaneStats, Record, Status};
use crate::plan::{Plan, Reviewed};
use crate::report::disposition::Accepts;
use crate::report::exit::Signal;
use crate::report::tally::Tally;

/// The program that wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tool {
    /// `allstop`
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Default for Tool {
    fn default() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The mode of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Mode")]
#[serde(rename_all = "snake_case")]
pub enum RunMode {
    /// It stopped things.
    #[default]
    Live,
    /// It ran against the built-in simulator.
    Rehearsal,
    /// It read states and sent no stop.
    DryRun,
}

/// The run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Run")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RunInfo {
    /// Its id, a UUID.
    #[schemars(example = &"019ab0c2-7e5f-7000-8000-000000000000")]
    pub id: String,
    /// Its mode.
    pub mode: RunMode,
    /// Its plan.
    pub plan: PlanRef,
    /// The operator's reason.
    pub reason: Option<String>,
    /// The journal from which it was resumed.
    pub resumed_from: Option<String>,
    /// The id of the retried run, in retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<String>,
    /// What was reviewed, where its plan is a reviewed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<ReviewedRef>,
    /// Its part of the plan, as `I/N`.
    #[schemars(example = &"2/5")]
    pub shard: Option<String>,
    /// When it began.
    #[schemars(schema_with = "schema::moment")]
    pub started_at: Moment,
    /// When it ended.
    #[schemars(schema_with = "schema::moment")]
    pub finished_at: Moment,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Why it ended.
    #[schemars(schema_with = "schema::status")]
    pub status: Status,
    /// What ended it early, in words; reports of runs that nothing ended early do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub ended_by: Option<String>,
    /// The exit status that its record gives.
    pub exit_code: u8,
    /// What its plan counts as done besides a stop; reports of earlier versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Accepts")]
    pub accepts: Option<Accepts>,
    /// The stages of its plan, in their order, where it has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageInfo>,
    /// That it has no end, where that is so: of a run in progress, or one that was killed. A report that a run wrote at its
    /// end does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Unended")]
    pub unended: Option<Unended>,
}

/// Why a run has no end that anybody knows of. Its status and exit status are then those that it would have if it had
/// been interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unended {
    /// It goes on.
    #[serde(rename = "running")]
    GoesOn,
    /// Nobody goes on with it.
    Killed,
}

/// What a run of a reviewed plan goes back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Reviewed")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReviewedRef {
    /// The plan that was listed for the review.
    pub of: OriginalRef,
    /// The seal of the reviewed plan, in hexadecimal.
    pub sha256: String,
    /// When it was listed for the review.
    #[schemars(schema_with = "schema::second")]
    pub listed_at: Timestamp,
    /// When its selections were listed again for this run; null where they were not.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub listed_again_at: Option<Moment>,
    /// How many reviewed targets did not match any more.
    pub stale: u64,
    /// How many resources matched that were not reviewed.
    pub unreviewed: u64,
}

/// Names the plan that was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Original")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OriginalRef {
    /// Where it was read from.
    pub path: String,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

impl ReviewedRef {
    /// Takes what was reviewed; nothing was listed again.
    #[must_use]
    pub fn new(review: &Reviewed) -> Self {
        let of = OriginalRef { path: review.of.path.clone(), sha256: review.of.sha256.clone() };
        let (sha256, listed_at) = (review.sha256.clone(), review.listed_at);
        Self { of, sha256, listed_at, listed_again_at: None, stale: 0, unreviewed: 0 }
    }
}

/// Names a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PlanRef {
    /// The plan's name.
    pub name: String,
    /// Where it was read from.
    pub path: String,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The time zone that it states, that of its window; times are shown in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"Asia/Shanghai")]
    pub timezone: Option<String>,
}

impl PlanRef {
    /// Tells whether the plan was read from standard input, so that nobody can read it again.
    #[must_use]
    pub fn is_standard_input(&self) -> bool {
        self.path == "-"
    }
}

impl From<&Plan> for PlanRef {
    fn from(plan: &Plan) -> Self {
        let timezone = plan.guards.window.as_ref().and_then(|window| window.timezone.iana_name());
        Self {
            name: plan.name.clone(),
            path: plan.path.display().to_string(),
            sha256: plan.sha256.clone(),
            timezone: timezone.map(str::to_owned),
        }
    }
}

/// One API of one account in one region, and what was sent to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Lane")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LaneSummary {
    /// The account's name in the plan; the first, where accounts share a key.
    pub account: String,
    /// The region.
    pub region: String,
    /// The API, such as `fnf:StopExecution`.
    #[schemars(example = &"fnf:StopExecution")]
    pub api: String,
    /// Requests sent, state reads included.
    pub requests: u64,
    /// Requests that were throttled.
    pub throttled: u64,
    /// From the first request to the last response, in milliseconds.
    pub duration_ms: u64,
    /// Requests a second over that time, to three decimals; 0 where the time is 0.
    pub requests_per_second: f64,
    /// The rate that it began with, the plan's or the documented quota, in requests a second; reports of earlier
    /// versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_per_second: Option<f64>,
}

impl From<&(LaneInfo, LaneStats)> for LaneSummary {
    fn from((lane, stats): &(LaneInfo, LaneStats)) -> Self {
        Self {
            account: lane.account.clone(),
            region: lane.region.clone(),
            api: lane.api.clone(),
            requests: stats.requests,
            throttled: stats.throttled,
            duration_ms: millis(stats.duration),
            requests_per_second: per_second(stats.requests, stats.duration),
            stated_per_second: Some(thousandths(lane.rate)),
        }
    }
}

/// Returns requests a second, to three decimals; 0 where the time is 0.
pub(in crate::report) fn per_second(requests: u64, duration: Duration) -> f64 {
    if duration.is_zero() {
        return 0.0;
    }
    thousandths(requests as f64 / duration.as_secs_f64())
}

/// How a rehearsal was set up, and whether the simulator's ledger bears the report out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rehearsal {
    /// The seed of its faults.
    pub seed: u64,
    /// The strength of its faults.
    pub faults: String,
    /// How many times faster than the real services the simulated ones were.
    pub speed: f64,
    /// Whether the ledger agrees with every row.
    pub agrees: bool,
    /// Where it does not, in words.
    pub disagreements: Vec<String>,
}

/// What a report says of a run beyond its plan and record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct About {
    /// What the run was for.
    pub mode: RunMode,
    /// The signal that ended the run, where one did; the exit status depends on it.
    pub signal: Option<Signal>,
    /// The journal the run went on from.
    pub resumed_from: Option<String>,
    /// The id of the run whose open targets this one took up, where it was a retry.
    pub retry_of: Option<String>,
    /// What was reviewed, where the plan is a reviewed one.
    pub reviewed: Option<ReviewedRef>,
    /// The run's part of the plan, as `I/N`.
    pub shard: Option<String>,
    /// How the rehearsal went, where it was one.
    pub rehearsal: Option<Rehearsal>,
}

impl RunInfo {
    /// Builds the run's part of a report.
    pub(super) fn new(plan: &Plan, record: &Record, about: &About, tally: &Tally) -> Self {
        let disagrees = about.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.agrees);
        let status = tally.exit_status(record, about.signal);
        let exit_status = if disagrees && status == ExitStatus::Done { ExitStatus::NotDone } else { status };
        Self {
            id: record.id.clone(),
            mode: about.mode,
            plan: plan.into(),
            reason: record.reason.clone(),
            resumed_from: about.resumed_from.clone(),
            retry_of: about.retry_of.clone(),
            reviewed: about.reviewed.clone(),
            shard: about.shard.clone(),
            started_at: record.started_at.into(),
            finished_at: record.finished_at.into(),
            duration_ms: millis(record.duration),
            status: record.status,
            ended_by: record.ended_by.clone(),
            exit_code: exit_status.code(),
            accepts: Some(plan.into()),
            stages: StageInfo::all(plan, record),
            unended: None,
        }
    }
}
