//! Words to the person at the other end, who may have gone away: what cannot be written is lost, and nothing fails.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use allstop::report::progress::{Print, to_stderr};

use super::failure::Failure;

/// How lines reach standard error while something else is drawn there. It is the process's, as standard error is.
static PRINT: Mutex<Option<Print>> = Mutex::new(None);

/// Lets lines to standard error go through `print` from now on; `None` is straight.
pub(super) fn through(print: Option<Print>) {
    *PRINT.lock().unwrap_or_else(PoisonError::into_inner) = print;
}

/// Writes a line to standard error.
pub(super) fn aside(text: impl Display) {
    let print = PRINT.lock().unwrap_or_else(PoisonError::into_inner).clone();
    print.unwrap_or_else(to_stderr)(&text.to_string());
}

/// Writes a line to standard output. A reader that has gone away is no error.
pub(super) fn aloud(text: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::unwritten(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
