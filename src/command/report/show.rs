//! `allstop report show`: a report as a table.

use std::io::{self, IsTerminal};

use allstop::environment::Environment;
use allstop::report::Table;

use super::super::{colours, say};
use super::Failure;
use crate::cli::ShowArgs;

pub(super) fn show(args: &ShowArgs, environment: &Environment) -> Result<u8, Failure> {
    let report = super::read(&args.report)?;
    let out = io::stdout();
    let width = terminal_size::terminal_size_of(&out).map(|(width, _)| width.0);
    let again = super::again(&args.report, &report);
    let colour = colours(environment, out.is_terminal());
    let table = Table { report: &report, all: args.all, again: again.as_deref(), width, colour };
    say::aloud_by(|out| table.write(out))?;
    Ok(0)
}
