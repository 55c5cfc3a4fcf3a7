//! Retrying what an earlier run has not stopped, as its report says.

use std::path::{Path, PathBuf};

use crate::base::ExitStatus;
use crate::base::count::agreed;
use crate::engine::Status;
use crate::plan::Shard;
use crate::report::{Destination, Escaped, Report, RunMode, Shards, Unended};

use super::begun::Session;
use super::context::Context;
use super::error::SessionError;
use super::input::Input;
use super::listed::Listed;
use super::next::run_again;
use super::options::{BeginOptions, SelectionOptions, SessionOptions, ShardChoice};
use super::place;
use super::plan::SelectedPlan;

/// What is to be retried.
#[derive(Clone)]
pub struct RetryOptions {
    /// The JSON report of the earlier run.
    pub report: PathBuf,
    /// The plan of that run; `None` where it is still at its path.
    pub plan: Option<Input>,
    /// The variables that are set, before those of the environment.
    pub set: Vec<(String, String)>,
    /// Which part of what is open to take.
    pub scope: SelectionOptions,
}

impl Session {
    /// Prepares a new run of what an earlier run has not stopped.
    ///
    /// # Errors
    ///
    /// Fails when the report cannot be read or leaves nothing to do, when its run was no live run and this one is, and
    /// when the plan is not the one of the report.
    pub fn retry(
        retried: RetryOptions,
        mut begin: BeginOptions,
        options: SessionOptions,
        context: &Context,
    ) -> Result<Self, SessionError> {
        let RetryOptions { report: path, plan, set, scope } = retried;
        let earlier = place::read_report(&path, context)?;
        refuse_unreal(earlier.run.mode, begin.rehearsal.is_some())?;
        if earlier.run.unended == Some(Unended::GoesOn) {
            let message = "the run had not ended when this report was written: it and the retry would both send";
            let hint = "wait until the run ends or cancel it, and pass the report that it has then; nothing was sent";
            return Err(SessionError::input(message, hint));
        }
        if earlier.run.status == Status::Unlisted {
            let message = "nothing was selected in that run: something could not be listed";
            return Err(SessionError::input(message, "run the plan again: `allstop run PLAN`; nothing was sent"));
        }
        if earlier.was_ended_while_listing() {
            let message = "nothing was sent in that run, and it selected nothing: it was ended first";
            return Err(SessionError::input(message, "run the plan again: `allstop run PLAN`; nothing was sent"));
        }
        let unbegun = unbegun(&earlier);
        if !earlier.targets.iter().any(|row| earlier.retries(row)) {
            return Err(unbegun.unwrap_or_else(|| nothing_left(&earlier)));
        }
        unbegun.iter().for_each(|left| context.ui.warning(&format!("{left}; {}", left.hint())));
        let shard = shard(scope.shard, &earlier, context)?;
        refuse_unnamed(plan.as_ref(), &earlier)?;
        let mut whole = SelectedPlan::read_again(plan, set, Path::new(&earlier.run.plan.path), context)?;
        if let Some(refusal) = whole.review_refusal(context.now()).filter(|error| error.status() == ExitStatus::Refused)
        {
            return Err(refusal);
        }
        let unexpected = earlier.unexpected(whole.plan());
        if !unexpected.is_empty() {
            // What a guard refused is not done by another command.
            let hint = "change `expect` if that is right, or run the plan again; nothing was sent";
            return Err(SessionError::new(ExitStatus::Refused, unexpected.join("; "), hint));
        }
        let listed = Listed::of_report(&mut whole, &earlier, context)?;
        let whole = whole.take_shard(shard)?;
        let open = earlier.remainder(whole.plan())?;
        let is_open = |number: usize| open.binary_search(&number).is_ok();
        let selected = whole.select(scope.filters, is_open, context)?;
        let is_own = |shard: &Shard| earlier.run.shard.as_deref() == Some(&*shard.to_string());
        let tagged = shard.filter(|shard| !is_own(shard));
        let report = Destination::File(place::report_of_retry(&path, tagged, begin.ending()));
        let retried_accounts = earlier.known_accounts(&selected.plan);
        begin.reason = begin.reason.or(earlier.run.reason);
        let session = Self::new(selected, report, begin, options, context);
        let id = listed.as_ref().map_or_else(|| session.id.clone(), |listed| listed.id.clone());
        Ok(Self { id, retry_of: Some(earlier.run.id), listed, retried_accounts, ..session })
    }
}

/// Returns the shard to retry: the one that is asked for or, of a report of one shard, that one. A retry never leaves
/// the shards that its report covers; of a report of several, it takes what all of them left, as one run.
fn shard(choice: ShardChoice, report: &Report, context: &Context) -> Result<Option<Shard>, SessionError> {
    let asked = choice.find(context)?;
    let Some(text) = &report.run.shard else { return Ok(asked) };
    let own = Shards::parse(text).ok_or_else(|| {
        let forms = "expected I/N, such as `1/4` for the first of four, or `1,3/4` for several";
        let message = format!("invalid shard in report: {}: {forms}", Escaped(text));
        SessionError::input(message, "the report may have been edited; no request was sent")
    })?;
    match (asked, own.only()) {
        (Some(asked), one) if !own.takes(asked) => {
            let noun = if one.is_some() { "shard" } else { "shards" };
            let hint = "remove --shard, or retry the report of that shard; nothing was sent";
            Err(SessionError::input(format!("the report covers {noun} {own}"), hint))
        }
        (None, None) => {
            context.ui.note(&format!(
                "retrying shards {own} together at the full rate limits; use --shard I/N to retry one shard at its share"
            ));
            Ok(None)
        }
        (asked, one) => Ok(asked.or(one)),
    }
}

/// Refuses to draw conclusions for a cloud from a report of a run that did not touch it.
fn refuse_unreal(mode: RunMode, is_rehearsal: bool) -> Result<(), SessionError> {
    match mode {
        RunMode::Live => Ok(()),
        RunMode::Rehearsal if is_rehearsal => Ok(()),
        RunMode::Rehearsal => Err(SessionError::input(
            "the report is of a rehearsal, which touched no real target",
            "pass --rehearse, or use `allstop run` with the plan",
        )),
        RunMode::DryRun => Err(SessionError::input(
            "the report is of a dry run, which stopped nothing",
            "use `allstop run` with the plan",
        )),
    }
}

/// Says what a retry of a reviewed plan leaves alone, because nobody knows whether it still matches; `None` where that is
/// nothing.
fn unbegun(report: &Report) -> Option<SessionError> {
    let count = report.targets.iter().filter(|row| report.is_unbegun(row)).count() as u64;
    let words = agreed(count, "reviewed target was not begun and is", "reviewed targets were not begun and are");
    let message = format!("{words} left alone: a retry does not list them again");
    let command = run_again(Path::new(&report.run.plan.path)).unwrap_or_else(|| "allstop run PLAN --again".to_owned());
    let hint = format!("run the reviewed plan again: `{command}`");
    (count > 0).then(|| SessionError::new(ExitStatus::NothingSelected, message, hint))
}

fn nothing_left(report: &Report) -> SessionError {
    let (all, stopped) = (report.summary.targets, report.summary.stopped + report.summary.already_stopped);
    let message = if stopped == all {
        format!(
            "nothing to retry: {}",
            if all == 1 { "the target is stopped".into() } else { format!("all {all} targets are stopped") }
        )
    } else {
        format!(
            "nothing to retry: {stopped} of {all} targets are stopped; the others count as done, do not exist or were left out"
        )
    };
    let missing: usize = report.selections.iter().map(|selection| selection.missing.len()).sum();
    if missing > 0 {
        // What nobody has seen is not known to be stopped.
        let lists = agreed(missing as u64, "list could not be read", "lists could not be read");
        let message = format!("{message}, but {lists} in that run");
        return SessionError::new(
            ExitStatus::NotDone,
            message,
            "run the plan again: `allstop run PLAN`; nothing was sent",
        );
    }
    let hint = "to stop targets that were left out, use `allstop run` with the plan; nothing was sent";
    SessionError::new(ExitStatus::NothingSelected, message, hint)
}

/// Asks for the plan where the earlier run read it from standard input.
fn refuse_unnamed(plan: Option<&Input>, report: &Report) -> Result<(), SessionError> {
    if plan.is_none() && report.run.plan.is_standard_input() {
        let message = "the plan of that run came from standard input";
        return Err(SessionError::input(message, "pass a file with that plan with --plan"));
    }
    Ok(())
}
