//! `allstop run`: a plan carried out, a report written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use allstop::plan::{Loaded, Plan};

use super::Process;
use super::errand::Errand;
use super::failure::Failure;
use super::selection;
use super::shard;
use crate::cli::RunArgs;

pub(super) fn run(args: RunArgs, process: &Process) -> Result<u8, Failure> {
    args.options.speak()?;
    let part = shard::of(args.selection.shard, &process.environment)?;
    let loaded = super::load(&args.plan.plan, args.plan.set.clone(), &process.environment)?;
    let (inputs, mut plan) = (inputs(&loaded), loaded.plan);
    shard::take(&mut plan, part);
    let selection = selection::of(args.selection, &plan)?;
    let left_out = selection::left_out(&plan, |_, target| selection.takes(target));
    let RunArgs { begin, options, .. } = args;
    let report = begin.report.clone().unwrap_or_else(|| default_report(&plan, begin.ending()));
    let book = begin.book(&report, &plan.path);
    let (plan, set) = (Arc::new(plan), args.plan.set);
    Errand { plan, inputs, set, left_out, report, retry_of: None, book, begin, options }.carry_out(process)
}

/// Returns the files that a plan was read from.
pub(super) fn inputs(loaded: &Loaded) -> Vec<PathBuf> {
    let plan = Some(&loaded.plan.path).filter(|path| *path != Path::new("-"));
    plan.into_iter().chain(&loaded.files).cloned().collect()
}

fn default_report(plan: &Plan, ending: &str) -> PathBuf {
    let stem = plan.path.file_stem().filter(|_| plan.path != Path::new("-"));
    let mut name = stem.map_or_else(|| "allstop".into(), ToOwned::to_owned);
    name.push(shard::tag(plan.shard));
    name.push(ending);
    PathBuf::from(name)
}
