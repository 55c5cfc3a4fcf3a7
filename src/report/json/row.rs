//! One target's row of the report.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::params::{NamedValue, NamedValues};
use super::schema;
use crate::engine::{Attempt, Evidence, Outcome, Results, SkipReason, TargetError, TargetResult};
use crate::error::ErrorClass;
use crate::plan::{Labels, Plan, Target};
use crate::service::Kind;

/// The rows of a run, built one at a time while they are written.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    pub(super) plan: &'a Plan,
    pub(super) results: &'a Results,
}

impl Rows<'_> {
    pub(super) fn len(&self) -> usize {
        self.plan.targets.len().min(self.results.len())
    }

    /// Returns those of a range of numbers.
    pub(super) fn part(&self, numbers: Range<usize>) -> impl Iterator<Item = Row> {
        numbers.filter_map(|number| {
            let (target, result) = (self.plan.targets.get(number)?, self.results.get(number)?);
            Some(Row::new(self.plan, target, result))
        })
    }
}

/// Everything known of one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The target's id.
    #[schemars(example = &"fnf_execution:etl/run-7")]
    pub id: String,
    /// The name of its kind.
    #[schemars(example = &"fnf_execution")]
    pub kind: String,
    /// Its account's name in the plan.
    pub account: String,
    /// Its account's region.
    pub region: String,
    /// Its labels, the plan's defaults included.
    pub labels: Labels,
    /// The parameters that the plan gives, in the order the kind declares them.
    #[schemars(schema_with = "schema::params")]
    pub params: NamedValues,
    /// The final fact.
    #[schemars(schema_with = "schema::outcome")]
    pub outcome: Outcome,
    /// How it is known.
    #[schemars(schema_with = "schema::maybe_evidence")]
    pub evidence: Option<Evidence>,
    /// Why nothing was sent, for `skipped`.
    #[schemars(schema_with = "schema::maybe_reason")]
    pub reason: Option<SkipReason>,
    /// The id of the first target that names the same resource.
    pub duplicate_of: Option<String>,
    /// The service's last word for the state.
    pub state: Option<String>,
    /// When the first request left.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub started_at: Option<Moment>,
    /// When the fact was known.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub finished_at: Option<Moment>,
    /// Why it is not stopped.
    pub error: Option<RowError>,
    /// How many read-backs were made for it.
    pub reads: u32,
    /// The stop requests, in order.
    pub attempts: Vec<RowAttempt>,
}

/// Why a target is not stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowError {
    /// The class of the last error.
    #[schemars(schema_with = "schema::class")]
    pub class: ErrorClass,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message, or what happened.
    pub message: String,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// One stop request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowAttempt {
    /// Its number within the target, from 1.
    pub n: u32,
    /// When it was sent.
    #[schemars(schema_with = "schema::moment")]
    pub at: Moment,
    /// How long the answer took, in milliseconds.
    pub duration_ms: u64,
    /// The answer's status, where one arrived.
    pub http_status: Option<u16>,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message, or what happened to the connection.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// What went wrong; `None` where nothing did.
    #[schemars(schema_with = "schema::maybe_class")]
    pub class: Option<ErrorClass>,
    /// How long the target waited before its next try, in milliseconds, where there was one.
    pub retry_in_ms: Option<u64>,
}

impl Row {
    /// Builds the row of a target.
    fn new(plan: &Plan, target: &Target, result: TargetResult) -> Self {
        let account = plan.accounts.get(usize::from(target.account));
        let first = target.duplicate_of.and_then(|index| plan.targets.get(index as usize));
        Self {
            id: target.id().into_owned(),
            kind: target.kind.name().to_owned(),
            account: account.map(|account| account.name.clone()).unwrap_or_default(),
            region: account.map(|account| account.region.clone()).unwrap_or_default(),
            labels: Labels::clone(&target.labels),
            params: NamedValues::of(&target.params, target.kind.params()),
            outcome: result.outcome,
            evidence: result.evidence,
            reason: result.reason,
            duplicate_of: first.map(|first| first.id().into_owned()),
            state: result.state.map(String::from),
            started_at: result.started_at.map(Moment::from),
            finished_at: result.finished_at.map(Moment::from),
            error: result.error.map(|error| RowError::from(*error)),
            reads: result.reads,
            attempts: result.attempts.into_iter().map(RowAttempt::from).collect(),
        }
    }
}

impl Row {
    /// Returns the parameters that name the resource, each with its name; those of a kind that is not known are all
    /// taken.
    pub(in crate::report) fn identity(&self) -> impl Iterator<Item = (&str, &NamedValue)> {
        let declared = Kind::named(&self.kind).map(|kind| kind.params());
        let names_it = move |name: &str| {
            declared.is_none_or(|params| params.iter().any(|param| param.identifying && param.name == name))
        };
        let params = self.params.0.iter().filter(move |(name, _)| names_it(name));
        params.map(|(name, value)| (name.as_str(), value))
    }
}

impl From<TargetError> for RowError {
    fn from(error: TargetError) -> Self {
        Self {
            class: error.class,
            code: error.code.map(String::from),
            message: error.message.into(),
            request_id: error.request_id.map(String::from),
            hint: error.hint.map(String::from),
        }
    }
}

impl From<Attempt> for RowAttempt {
    fn from(attempt: Attempt) -> Self {
        Self {
            n: attempt.n,
            at: attempt.at.into(),
            duration_ms: super::millis(attempt.duration),
            http_status: attempt.http_status,
            code: attempt.code.map(String::from),
            message: attempt.message.map(String::from),
            request_id: attempt.request_id.map(String::from),
            class: attempt.class,
            retry_in_ms: attempt.retry_in.map(super::millis),
        }
    }
}
