//! Words to whoever is at the other end, who may have gone away: what cannot be written is lost, and nothing fails.
//!
//! How standard error is written to is the process's, as standard error is: set once, from the command line.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allstop::clock::SystemClock;
use allstop::report::Destination;
use allstop::report::progress::json::{End, Line, Scribe};
use allstop::report::progress::{Print, to_stderr};

use super::failure::Failure;

/// How standard error is written to.
struct Voice {
    /// Whether only errors and the verdict are wanted.
    is_quiet: bool,
    /// Writes everything as lines of JSON.
    scribe: Option<Scribe>,
    /// Prints while something else is drawn there.
    print: Option<Print>,
}

static VOICE: Mutex<Voice> = Mutex::new(Voice { is_quiet: false, scribe: None, print: None });

fn voice() -> MutexGuard<'static, Voice> {
    VOICE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says how standard error is written to from now on.
pub(super) fn speak(is_quiet: bool, is_json: bool) {
    let scribe = is_json.then(|| Scribe::new(Arc::new(SystemClock), to_stderr()));
    *voice() = Voice { is_quiet, scribe, print: None };
}

/// Returns the one who writes lines of JSON, where those are wanted.
pub(super) fn scribe() -> Option<Scribe> {
    voice().scribe.clone()
}

/// Lets lines to standard error go through `print` from now on; `None` is straight.
pub(super) fn through(print: Option<Print>) {
    voice().print = print;
}

fn print(text: &str) {
    let print = voice().print.clone();
    print.unwrap_or_else(to_stderr)(text);
}

/// Says something that is good to know, on standard error.
pub(super) fn aside(text: impl Display) {
    let text = text.to_string();
    match scribe() {
        _ if voice().is_quiet => {}
        Some(scribe) => scribe.write(&Line::Note { text: text.into() }),
        None => print(&text),
    }
}

/// Says what kept a command from its work, on standard error.
pub(super) fn error(text: &str, exit_code: u8) {
    match scribe() {
        Some(scribe) => scribe.write(&Line::Error { text: text.into(), exit_code }),
        None => print(text),
    }
}

/// Says how a run ended, on standard error: for people or for programs.
pub(super) fn ending(text: &str, end: End<'_>) {
    match scribe() {
        Some(scribe) => scribe.write(&Line::Ended(end)),
        None => print(text),
    }
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
