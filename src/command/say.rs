//! Words to whoever is at the other end, who may have gone away: what cannot be written is lost, and nothing fails.
//!
//! How standard error is written to is the process's, as standard error is: set once, from the command line. Before a run
//! begins, who says something waits until it is written. From then on a thread of its own writes, and nobody waits.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use allstop::clock::SystemClock;
use allstop::report::progress::json::{Line, RunEnd, Scribe};
use allstop::report::progress::{Bars, Missing, Outlet, Print, to_stderr};
use allstop::report::{Destination, escaped_lines, wrapped};
use console::Term;

use super::failure::Failure;

/// How long the end of a process waits for what it has to say; docs/progress.md names it.
const PATIENCE: Duration = Duration::from_secs(2);

/// How standard error is written to.
struct Voice {
    /// Whether only errors and the verdict are wanted.
    is_quiet: bool,
    /// Whether everything is written as lines of JSON.
    is_json: bool,
    /// Writes while a run runs, and after it.
    outlet: Option<Outlet>,
}

static VOICE: Mutex<Voice> = Mutex::new(Voice { is_quiet: false, is_json: false, outlet: None });

fn voice() -> MutexGuard<'static, Voice> {
    VOICE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says how standard error is written to from now on.
pub(super) fn speak(is_quiet: bool, is_json: bool) {
    let mut voice = voice();
    (voice.is_quiet, voice.is_json) = (is_quiet, is_json);
}

/// Lets nobody wait any more for what is written to standard error: a run begins.
pub(super) fn detach() -> Result<(), Failure> {
    let missing: Missing = if is_json() {
        Box::new(|lines| scribe_to(to_stderr()).text(&Line::Dropped { lines }))
    } else {
        Box::new(|lines| format!("note: {lines} lines are missing here: they could not be written in time"))
    };
    let outlet = Outlet::to_stderr(missing)
        .map_err(|error| Failure::input(format!("no thread can be started: {error}"), "raise ulimit -u"))?;
    voice().outlet = Some(outlet);
    Ok(())
}

/// Waits until all is written that was said since [`detach`], but not for long.
pub(super) fn finish() {
    let outlet = voice().outlet.clone();
    if let Some(outlet) = outlet {
        outlet.flush(PATIENCE);
    }
}

/// Tells whether standard error is for programs.
pub(super) fn is_json() -> bool {
    voice().is_json
}

/// Returns the one who writes lines of JSON to `print`.
pub(super) fn scribe_to(print: Print) -> Scribe {
    Scribe::new(Arc::new(SystemClock), print)
}

/// Returns a way to print lines of progress, which may be dropped.
pub(super) fn lines() -> Print {
    voice().outlet.as_ref().map_or_else(to_stderr, Outlet::print)
}

/// Returns bars on standard error, which is a terminal.
pub(super) fn bars() -> Option<Bars> {
    voice().outlet.clone().map(Bars::on_stderr)
}

/// Prints what must not be dropped: to people, or to programs.
fn print(text: &str, line: &Line<'_>) {
    let (is_json, outlet) = {
        let voice = voice();
        (voice.is_json, voice.outlet.clone())
    };
    let print = outlet.as_ref().map_or_else(to_stderr, Outlet::print_kept);
    if is_json {
        scribe_to(print).write(line);
    } else {
        print(text);
    }
}

/// Says something that is good to know, on standard error.
pub(super) fn aside(text: impl Display) {
    note(&escaped_lines(&text.to_string()), fitted);
}

/// Says something that is good to know and is harmless as it is, colours and all, and whose lines are laid out already.
pub(super) fn drawn(text: &str) {
    note(text, str::to_owned);
}

fn note(text: &str, fit: impl FnOnce(&str) -> String) {
    if !voice().is_quiet {
        print(&fit(text), &Line::Note { text: text.into() });
    }
}

/// Folds a text for the terminal, if standard error is one: a terminal itself would break words.
pub(super) fn fitted(text: &str) -> String {
    let columns = super::columns(&Term::stderr()).filter(|_| !is_json());
    columns.map_or_else(|| text.to_owned(), |columns| wrapped(text, columns))
}

/// Says what kept a command from its work, on standard error.
pub(super) fn error(text: &str, exit_code: u8) {
    print(text, &Line::Error { text: text.into(), exit_code });
}

/// Says how a run ended, on standard error: for people or for programs.
///
/// It is there before anything that comes next on standard output, unless nobody reads it.
pub(super) fn ending(text: &str, end: RunEnd<'_>) {
    print(text, &Line::Ended(end));
    finish();
}

/// Writes a line to standard output. A reader that has gone away is no error.
pub(super) fn aloud(text: impl Display) -> Result<(), Failure> {
    aloud_by(|out| writeln!(out, "{text}"))
}

/// Writes what `content` writes to standard output. A reader that has gone away is no error.
pub(super) fn aloud_by(content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    match Destination::Stdout.write(content) {
        Err(error) if error.cause().kind() != io::ErrorKind::BrokenPipe => Err(Failure::unwritten(error.cause())),
        Ok(()) | Err(_) => Ok(()),
    }
}
