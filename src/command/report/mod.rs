//! `allstop report`: what earlier runs wrote, for people and for other programs.

mod convert;
mod diff;
mod files;
mod merge;
mod show;

use allstop::session::SessionError;

use super::process::Process;
use crate::cli::{ReportArgs, ReportCommand};

pub(super) fn report(args: ReportArgs, process: &Process) -> Result<u8, SessionError> {
    match args.command {
        ReportCommand::Convert(args) => convert::convert(args, process),
        ReportCommand::Diff(args) => diff::diff(&args, process),
        ReportCommand::Merge(args) => merge::merge(args, process),
        ReportCommand::Show(args) => show::show(args, process),
    }
}
