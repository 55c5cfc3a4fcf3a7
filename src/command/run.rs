//! `allstop run`: a plan carried out, a report written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use allstop::plan::Plan;

use super::Process;
use super::errand::Errand;
use super::failure::Failure;
use super::selection;
use super::shard;
use crate::cli::RunArgs;

pub(super) fn run(args: RunArgs, process: &Process) -> Result<u8, Failure> {
    args.options.speak()?;
    let part = shard::of(args.selection.shard, &process.environment)?;
    let mut plan = super::load(&args.plan.plan, args.plan.set.clone(), &process.environment)?.plan;
    shard::take(&mut plan, part);
    let selection = selection::of(args.selection, &plan)?;
    let left_out = selection::left_out(&plan, |_, target| selection.takes(target));
    let report = args.options.report.clone().unwrap_or_else(|| default_report(&plan));
    let (plan, set, options) = (Arc::new(plan), args.plan.set, args.options);
    let book = options.book(&report, &plan.path);
    Errand { plan, set, left_out, report, retry_of: None, book, options }.carry_out(process)
}

fn default_report(plan: &Plan) -> PathBuf {
    let stem = plan.path.file_stem().filter(|_| plan.path != Path::new("-"));
    let mut name = stem.map_or_else(|| "allstop".into(), ToOwned::to_owned);
    name.push(shard::tag(plan.shard));
    name.push(".report.json");
    PathBuf::from(name)
}
