//! What the script does about one target that the run stopped.

use std::io::{self, Write};

use super::accounts::Accounts;
use super::command;
use crate::base::shell::quoted;
use crate::report::json::Row;
use crate::report::text::Escaped;
use crate::service::{Again, AgainCommand, AgainInput, Kind};

/// What can be done about a target that was stopped.
pub(super) enum Step {
    /// It is started by this command, in whose place the input is read first, if there is one.
    Start {
        /// The command that reads its input.
        input: Option<String>,
        /// The command that starts it.
        start: String,
    },
    /// There is no command for it, and why.
    None(String),
}

impl Step {
    /// Decides about a row. Its command has the right profile once its account is [noted](Accounts::uses).
    pub(super) fn of(row: &Row, accounts: &Accounts<'_>) -> Self {
        match command_of(row) {
            Ok((kind, again)) => Self::of_command(row, kind, again, accounts).unwrap_or_else(|| {
                Self::None("no command, because its name has characters that nobody sees: start it by hand".to_owned())
            }),
            Err(why) => Self::None(why),
        }
    }

    fn of_command(row: &Row, kind: Kind, again: &AgainCommand, accounts: &Accounts<'_>) -> Option<Self> {
        let start = command::line(row, kind, accounts, again.operation, again.options)?;
        let Some(AgainInput { option, operation, options, field }) = &again.input else {
            return Some(Self::Start { input: None, start });
        };
        let read = command::line(row, kind, accounts, *operation, options)?;
        Some(Self::Start {
            input: Some(format!("read_input {field} {read}")),
            start: format!("{start} ${{input:+\"--{option}=$input\"}}"),
        })
    }

    /// Writes it; `number` is that of the command.
    pub(super) fn write(&self, row: &Row, number: u64, out: &mut dyn Write) -> io::Result<()> {
        let id = Escaped(&row.id).to_string();
        match self {
            Self::None(why) => writeln!(out, "\n# {id}: {why}."),
            Self::Start { input, start } => {
                let stopped = row.finished_at.map(|at| format!(", stopped at {at}")).unwrap_or_default();
                let place = Escaped(&format!("{} {}", row.account, row.region)).to_string();
                writeln!(out, "\n# {id} ({place}){stopped}")?;
                writeln!(out, "if begin {number} {}; then", quoted(&id))?;
                if let Some(input) = input {
                    writeln!(out, "  {input}")?;
                }
                writeln!(out, "  {start} || failed\nfi")
            }
        }
    }
}

/// Returns the command that starts a row's kind again, or why there is none.
pub(super) fn command_of(row: &Row) -> Result<(Kind, &'static AgainCommand), String> {
    let Some(kind) = Kind::named(&row.kind) else {
        return Err(format!("this version of allstop does not know the kind {}", Escaped(&row.kind)));
    };
    match kind.again {
        Again::Command(command) => Ok((kind, command)),
        Again::Never(why) => Err(format!("it cannot be started again: {why}")),
    }
}
