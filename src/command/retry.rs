//! `allstop retry`: a new run of what an earlier one has not stopped, as its report says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use allstop::environment::Environment;
use allstop::plan::Shard;
use allstop::report::{Escaped, Report, Row, RunMode, Shards};

use super::Process;
use super::beside;
use super::errand::Errand;
use super::failure::Failure;
use super::run::inputs;
use super::say;
use super::selection;
use super::shard;
use crate::cli::RetryArgs;

pub(super) fn retry(args: RetryArgs, process: &Process) -> Result<u8, Failure> {
    args.options.speak()?;
    let parent = Report::read(&args.parent).map_err(|error| beside::no_report(&error, &args.parent))?;
    beside::mind_later_run(&args.parent, &parent);
    refuse_unreal(parent.run.mode, args.begin.rehearse)?;
    if !parent.targets.iter().any(Row::is_open) {
        return Err(nothing_left(&parent));
    }
    let part = part(&args, &parent, &process.environment)?;
    let load = if args.plan.is_some() { super::load } else { super::load_again };
    let loaded = load(&plan(&args, &parent)?, args.set.clone(), &process.environment)?;
    let (inputs, mut plan) = (inputs(&loaded), loaded.plan);
    shard::take(&mut plan, part);
    args.options.apply(&mut plan, &process.environment);
    let open = parent.remainder(&plan).map_err(|error| Failure::input(&error, error.hint()))?;
    let selection = selection::of(args.selection, &plan)?;
    let is_open = |number: usize| open.binary_search(&number).is_ok();
    let left_out = selection::left_out(&plan, |number, target| is_open(number) && selection.takes(target));
    let (mut begin, options) = (args.begin, args.options);
    begin.reason = begin.reason.or(parent.run.reason);
    let is_own = |part: &Shard| parent.run.shard.as_deref() == Some(&*part.to_string());
    let tagged = part.filter(|part| !is_own(part));
    let report = begin.report.clone().unwrap_or_else(|| default_report(&args.parent, tagged, begin.ending()));
    let retry_of = Some(parent.run.id);
    let book = begin.book(&report, &plan.path);
    let (plan, set) = (Arc::new(plan), args.set);
    Errand { plan, inputs, set, left_out, report, retry_of, book, begin, options }.carry_out(process)
}

/// Returns the shard to retry: the one that is asked for or, of a report of one shard, that one. A retry never leaves
/// the shards that its report is of; of a report of several, it takes up what they left, as one run.
fn part(args: &RetryArgs, report: &Report, environment: &Environment) -> Result<Option<Shard>, Failure> {
    let asked = shard::of(args.selection.shard, environment)?;
    let Some(text) = &report.run.shard else { return Ok(asked) };
    let own = Shards::parse(text).ok_or_else(|| {
        let forms = "expected I/N, such as `1/4` for the first of four, or `1,3/4` for several";
        let message = format!("the report's shard is {}: {forms}", Escaped(text));
        Failure::input(message, "was it edited? nothing was sent")
    })?;
    match (asked, own.only()) {
        (Some(asked), one) if !own.takes(asked) => {
            let noun = if one.is_some() { "shard" } else { "shards" };
            let hint = "leave --shard out, or retry the report of that shard; nothing was sent";
            Err(Failure::input(format!("the report is of {noun} {own}"), hint))
        }
        (None, None) => {
            say::aside(format_args!(
                "note: this takes up what shards {own} left, at the whole of the rates; --shard I/N takes one of them, \
                 at its part"
            ));
            Ok(None)
        }
        (asked, one) => Ok(asked.or(one)),
    }
}

/// Refuses to draw conclusions for a cloud from a report of a run that did not touch it.
fn refuse_unreal(mode: RunMode, rehearse: bool) -> Result<(), Failure> {
    match mode {
        RunMode::Live => Ok(()),
        RunMode::Rehearsal if rehearse => Ok(()),
        RunMode::Rehearsal => Err(Failure::input(
            "the report is of a rehearsal: it says nothing of what runs in the cloud",
            "add --rehearse, or run the plan itself with `allstop run`",
        )),
        RunMode::DryRun => Err(Failure::input(
            "the report is of a dry run, which stopped nothing",
            "run the plan itself with `allstop run`",
        )),
    }
}

fn nothing_left(report: &Report) -> Failure {
    let (all, stopped) = (report.summary.targets, report.summary.stopped + report.summary.already_stopped);
    let message = if stopped == all {
        format!("all {all} targets are stopped already")
    } else {
        format!(
            "nothing is left to retry: {stopped} of {all} targets are stopped already, the others are gone or were left out by choice"
        )
    };
    Failure::nothing(message, "to stop what that run left out, run the plan with `allstop run`; nothing was sent")
}

/// Returns where the plan is.
fn plan(args: &RetryArgs, report: &Report) -> Result<PathBuf, Failure> {
    match &args.plan {
        Some(path) => Ok(path.clone()),
        None if report.run.plan.path == "-" => {
            Err(Failure::input("the plan of that run came from standard input", "name a file that has it with --plan"))
        }
        None => Ok(PathBuf::from(&report.run.plan.path)),
    }
}

/// Names the report after its parent, so that it never replaces it.
fn default_report(parent: &Path, part: Option<Shard>, ending: &str) -> PathBuf {
    let name = parent.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    let stem = stem.strip_suffix(".report").unwrap_or(stem);
    let stem = stem.strip_suffix(".rehearsal").unwrap_or(stem);
    PathBuf::from(format!("{stem}.retry{}{ending}", shard::tag(part)))
}
