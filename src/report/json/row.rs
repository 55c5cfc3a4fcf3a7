//! One target's row of the report.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::{Moment, millis};
use super::params::{NamedValue, NamedValues};
use super::schema;
use crate::engine::{Attempt, Evidence, Outcome, Record, Results, SkipReason, TargetError, TargetResult};
use crate::error::ErrorClass;
use crate::plan::{Labels, Plan, Seen, Target};
use crate::report::disposition::{Accepts, Disposition};
use crate::report::tally::Tally;
use crate::service::Kind;

/// The rows of a report: those that were read (`Vec<Row>`), or those of a run, each made when it is needed ([`Rows`]).
pub trait RowSource {
    /// Returns how many rows there are.
    fn count(&self) -> usize;

    /// Returns the rows of a range of numbers, in plan order.
    fn part(&self, numbers: Range<usize>) -> impl Iterator<Item = Cow<'_, Row>>;

    /// Returns all rows, in plan order.
    fn rows(&self) -> impl Iterator<Item = Cow<'_, Row>> {
        self.part(0..self.count())
    }

    /// Returns the rows that do not count as done and were not left out by choice.
    fn open(&self) -> impl Iterator<Item = Cow<'_, Row>> {
        self.rows().filter(|row| row.disposition == Disposition::Open)
    }

    /// Counts the rows alone; see [`Report::tally`](super::Report) for what the selections leave open.
    fn tally(&self) -> Tally;

    /// Returns whether the targets are of more than one account or region.
    fn are_in_several_places(&self) -> bool;

    /// Returns whether a listing found or showed one of the targets.
    fn are_found(&self) -> bool;
}

impl RowSource for Vec<Row> {
    fn count(&self) -> usize {
        self.len()
    }

    fn part(&self, numbers: Range<usize>) -> impl Iterator<Item = Cow<'_, Row>> {
        self.get(numbers).unwrap_or_default().iter().map(Cow::Borrowed)
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.iter().for_each(|row| row.count(&mut tally));
        tally
    }

    fn are_in_several_places(&self) -> bool {
        let mut places = self.iter().map(|row| (&row.account, &row.region));
        let first = places.next();
        places.any(|place| Some(place) != first)
    }

    fn are_found(&self) -> bool {
        self.iter().any(|row| row.selection.is_some() || row.seen.is_some())
    }
}

/// The rows of a run, each made when it is needed.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    plan: &'a Plan,
    results: &'a Results,
    respawned: &'a BTreeSet<u32>,
    accepts: Accepts,
}

impl<'a> Rows<'a> {
    /// Takes the rows of a run of the plan.
    pub(in crate::report) fn new(plan: &'a Plan, record: &'a Record) -> Self {
        Self { plan, results: &record.results, respawned: &record.respawned, accepts: plan.into() }
    }

    fn disposition(&self, result: &TargetResult) -> Disposition {
        Disposition::of(result.outcome, result.reason, self.accepts)
    }

    fn row(&self, number: usize, target: &Target, result: TargetResult) -> Cow<'static, Row> {
        let row = Row::new(self.plan, target, self.disposition(&result), result);
        let respawned = u32::try_from(number).is_ok_and(|number| self.respawned.contains(&number));
        Cow::Owned(Row { respawned, ..row })
    }
}

impl RowSource for Rows<'_> {
    fn count(&self) -> usize {
        self.plan.targets.len().min(self.results.len())
    }

    fn part(&self, numbers: Range<usize>) -> impl Iterator<Item = Cow<'_, Row>> {
        let results = numbers.clone().filter_map(|number| self.results.get(number));
        let targets = self.plan.targets.get(numbers.clone()).unwrap_or_default();
        numbers.zip(targets).zip(results).map(|((number, target), result)| self.row(number, target, result))
    }

    fn open(&self) -> impl Iterator<Item = Cow<'_, Row>> {
        let results = self.plan.targets.iter().enumerate().zip(self.results.iter());
        let open = results.filter(|(_, result)| self.disposition(result) == Disposition::Open);
        open.map(|((number, target), result)| self.row(number, target, result))
    }

    fn tally(&self) -> Tally {
        Tally::of_rows(self.plan, self.results)
    }

    fn are_in_several_places(&self) -> bool {
        self.plan.has_several_accounts()
    }

    fn are_found(&self) -> bool {
        self.plan.targets.iter().any(|target| target.selection.is_some() || target.seen.is_some())
    }
}

/// Everything known of one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = schema::done_is_new)]
#[non_exhaustive]
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
    /// The id of the selection that found it; rows of targets that the plan names have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"old-etl")]
    pub selection: Option<String>,
    /// What a listing showed of it; rows of targets that the plan names usually have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Box<RowSeen>>,
    /// Whether an earlier round of a watch had stopped it, or another execution of its flow; only where it is so.
    #[serde(default, skip_serializing_if = "is_not")]
    pub respawned: bool,
    /// The name of its stage, in plans with stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The result.
    #[schemars(schema_with = "schema::outcome")]
    pub outcome: Outcome,
    /// Whether it counts as done, by `run.accepts`; null where it was left out by choice. Reports of earlier versions do
    /// not have it.
    #[serde(rename = "done", default = "unstated")]
    #[schemars(with = "Option<bool>")]
    pub disposition: Disposition,
    /// How the result is known.
    #[schemars(schema_with = "schema::maybe_evidence")]
    pub evidence: Option<Evidence>,
    /// Why nothing was sent, for `skipped`; `credentials` for `accepted`, where nobody could read what became of the stop.
    #[schemars(schema_with = "schema::maybe_reason")]
    pub reason: Option<SkipReason>,
    /// The id of the first target that names the same resource.
    pub duplicate_of: Option<String>,
    /// The last state that the service reported, in its own word.
    pub state: Option<String>,
    /// When the first request was sent.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub started_at: Option<Moment>,
    /// When the result was known.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub finished_at: Option<Moment>,
    /// Why it is not stopped.
    pub error: Option<RowError>,
    /// How many times its state was read.
    pub reads: u32,
    /// The stop requests, in order.
    pub attempts: Vec<RowAttempt>,
}

/// What a listing showed of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Seen")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RowSeen {
    /// The service's own word for the state.
    pub state: Option<String>,
    /// The name that people know it by.
    pub name: Option<String>,
    /// When it began, as the service writes it.
    #[schemars(example = &"2026-11-22T01:02:03.004Z")]
    pub since: Option<String>,
    /// When the listing showed it.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub at: Option<Moment>,
}

/// Why a target is not stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
#[non_exhaustive]
pub struct RowAttempt {
    /// Its number within the target, from 1.
    pub n: u32,
    /// When it was sent.
    #[schemars(schema_with = "schema::moment")]
    pub at: Moment,
    /// The time until the response or the end of the wait for it, in milliseconds.
    pub duration_ms: u64,
    /// The HTTP status; null if there was no response.
    pub http_status: Option<u16>,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message, or what happened to the connection.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// What went wrong; null if nothing did.
    #[schemars(schema_with = "schema::maybe_class")]
    pub class: Option<ErrorClass>,
    /// The wait before the next attempt, in milliseconds; null if there was none.
    pub retry_in_ms: Option<u64>,
    /// The number of targets that the request was for; only where it was for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &10)]
    pub batch: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_not(respawned: &bool) -> bool {
    !*respawned
}

/// The value for a row without `done`; reading a report replaces or refuses it.
const fn unstated() -> Disposition {
    Disposition::LeftOut
}

impl Row {
    /// Builds the row of a target.
    fn new(plan: &Plan, target: &Target, disposition: Disposition, result: TargetResult) -> Self {
        let account = plan.account_of(target);
        let first = target.duplicate_of.and_then(|index| plan.targets.get(index as usize));
        Self {
            id: target.id().into_owned(),
            kind: target.kind.name.to_owned(),
            account: account.name.clone(),
            region: account.region.clone(),
            labels: Labels::clone(&target.labels),
            params: NamedValues::of(&target.params, target.kind.params),
            selection: target.selection.as_deref().map(str::to_owned),
            seen: target.seen.as_deref().map(|seen| Box::new(RowSeen::from(seen))),
            respawned: false,
            stage: plan.stage_of(target).map(|stage| stage.name.clone()),
            outcome: result.outcome,
            disposition,
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
    /// Decides whether it counts as done.
    pub(in crate::report) fn judged(&self, accepts: Accepts) -> Disposition {
        Disposition::of(self.outcome, self.reason, accepts)
    }

    /// Counts it.
    pub(in crate::report) fn count(&self, tally: &mut Tally) {
        let retried = self.attempts.iter().map(|attempt| attempt.class.filter(|_| attempt.retry_in_ms.is_some()));
        tally.add(self.disposition, self.outcome, self.reason, retried);
    }

    /// Returns how long it took from the first request to the result, where something was sent.
    pub(in crate::report) fn took(&self) -> Option<Duration> {
        let span = self.finished_at?.timestamp().duration_since(self.started_at?.timestamp());
        Duration::try_from(span).ok()
    }

    /// Returns the parameters that name the resource, each with its name; those of a kind that is not known are all
    /// taken.
    pub(in crate::report) fn identity(&self) -> impl Iterator<Item = (&str, &NamedValue)> {
        let declared = Kind::named(&self.kind).map(|kind| kind.params);
        let names_it = move |name: &str| {
            declared.is_none_or(|params| params.iter().any(|param| param.identifying && param.name == name))
        };
        let params = self.params.0.iter().filter(move |(name, _)| names_it(name));
        params.map(|(name, value)| (name.as_str(), value))
    }
}

impl From<&RowSeen> for Seen {
    fn from(seen: &RowSeen) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Into::into);
        let RowSeen { state, name, since, at } = seen;
        Self { state: text(state), name: text(name), since: text(since), at: at.map(Moment::timestamp) }
    }
}

impl From<&Seen> for RowSeen {
    fn from(seen: &Seen) -> Self {
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        let [state, name, since] = [&seen.state, &seen.name, &seen.since].map(text);
        Self { state, name, since, at: seen.at.map(Moment::from) }
    }
}

impl From<&RowError> for TargetError {
    fn from(error: &RowError) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Box::from);
        let [code, request_id, hint] = [&error.code, &error.request_id, &error.hint].map(text);
        Self { class: error.class, code, message: error.message.as_str().into(), request_id, hint }
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
            duration_ms: millis(attempt.duration),
            http_status: attempt.http_status,
            code: attempt.code.map(String::from),
            message: attempt.message.map(String::from),
            request_id: attempt.request_id.map(String::from),
            class: attempt.class,
            retry_in_ms: attempt.retry_in.map(millis),
            batch: attempt.batch,
        }
    }
}
