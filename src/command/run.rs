//! `allstop run`: a plan carried out, a report written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Process;
use super::errand::Errand;
use super::failure::Failure;
use super::selection;
use crate::cli::RunArgs;

pub(super) fn run(args: RunArgs, process: &Process) -> Result<u8, Failure> {
    args.options.speak()?;
    let plan = super::load(&args.plan.plan, args.plan.set.clone(), &process.environment)?.plan;
    let selection = selection::of(args.selection, &plan)?;
    let left_out = selection::left_out(&plan, |_, target| selection.takes(target));
    let report = args.options.report.clone().unwrap_or_else(|| default_report(&plan.path));
    let (plan, set, options) = (Arc::new(plan), args.plan.set, args.options);
    let book = options.book(&report, &plan.path);
    Errand { plan, set, left_out, report, retry_of: None, book, options }.carry_out(process)
}

fn default_report(plan: &Path) -> PathBuf {
    let stem = plan.file_stem().filter(|_| plan != Path::new("-"));
    let mut name = stem.map_or_else(|| "allstop".into(), ToOwned::to_owned);
    name.push(".report.json");
    PathBuf::from(name)
}
