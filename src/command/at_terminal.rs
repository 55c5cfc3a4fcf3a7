//! A command with its terminal around it.

use std::sync::Arc;

use crate::base::environment::Environment;
use crate::cli::{Output, ShownOptions};
use crate::report::OutputLine;
use crate::session::SessionError;
use crate::system;
use crate::terminal::Terminal;

/// Runs a command of a program and returns the exit status to end with.
///
/// The command gets a terminal that shows what `shown` asks for; a command without such options has `None`. It returns
/// its exit status, or an error: that is shown on standard error and, for `--output json`, printed on standard output.
/// Before that, the limit of open files is raised as far as the system lets the process.
#[must_use]
pub fn at_terminal(
    shown: Option<&ShownOptions>,
    command: impl FnOnce(&Arc<Terminal>) -> Result<u8, SessionError>,
) -> u8 {
    system::raise_descriptors();
    let (terminal, refused) = match Terminal::new(Environment::of_process(), shown) {
        Ok(terminal) => (terminal, None),
        Err(refused) => (refused.0, Some(refused.1)),
    };
    let terminal = &Arc::new(terminal);
    let code = match refused.map_or_else(|| command(terminal), Err) {
        Ok(code) => code,
        Err(error) => {
            terminal.error(&error);
            if shown.is_some_and(|shown| shown.output == Output::Json) {
                // If this cannot be written, the exit status still says the rest.
                let _ = terminal.print_json(&OutputLine::of_failure(error.status().code(), error.text()));
            }
            error.status().code()
        }
    };
    terminal.finish();
    terminal.deliver();
    code
}
