//! Words to the person at the other end, who may have gone away: what cannot be written is lost, and nothing fails.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use super::failure::Failure;

/// Writes a line to standard error.
pub(super) fn aside(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes a line to standard output. A reader that has gone away is no error.
pub(super) fn aloud(text: impl Display) -> Result<(), Failure> {
    aloud_by(|out| writeln!(out, "{text}"))
}

/// Writes what `content` writes to standard output. A reader that has gone away is no error.
pub(super) fn aloud_by(content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match content(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::unwritten(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
