//! `allstop report show`: a report as a table.

use std::io::{self, IsTerminal};

use allstop::environment::Environment;
use allstop::report::Table;
use console::Term;

use super::super::{colours, columns, say};
use super::Failure;
use crate::cli::ShowArgs;

pub(super) fn show(args: &ShowArgs, environment: &Environment) -> Result<u8, Failure> {
    let report = super::read(&args.report, &args.journal, environment)?;
    let out = io::stdout();
    let width = columns(&Term::stdout());
    let again = super::again(&args.report, &report);
    let colour = colours(environment, out.is_terminal());
    let table = Table { report: &report, all: args.all, again: again.as_deref(), width, colour };
    say::aloud_by(|out| table.write(out))?;
    Ok(0)
}
