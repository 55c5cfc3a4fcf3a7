//! The file that a listing is written to: only those that this program wrote are replaced.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::error::SessionError;
use super::place;
use crate::report::{Destination, is_own, nothing};

/// So much of a file shows who wrote it.
const BEGINNING: u64 = 16 * 1024;

/// Standard output, or a file that may be written.
#[derive(Debug)]
pub(super) struct OwnFile(Destination);

impl OwnFile {
    /// Takes a destination, unless it is an input, or a file that somebody else wrote and that is not to be replaced.
    pub(super) fn new(to: Destination, inputs: &[PathBuf], is_forced: bool) -> Result<Self, SessionError> {
        let Destination::File(path) = &to else { return Ok(Self(to)) };
        if let Some(input) = inputs.iter().find(|input| to.replaces(input)) {
            let message = format!("-o would overwrite {}, which is an input", input.display());
            return Err(SessionError::input(message, "name another file"));
        }
        place::refuse_journal("-o", &to)?;
        if !is_forced && is_foreign(path) {
            let message = format!("{} was not written by `allstop discover` or `allstop plan`", path.display());
            return Err(SessionError::input(message, "name another file, or pass --force to overwrite it"));
        }
        to.prepare()?;
        Ok(Self(to))
    }

    /// Returns the file, where it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        self.0.path()
    }

    /// Writes the file, or to standard output.
    pub(super) fn write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), SessionError> {
        match (self.0.write(content), &self.0) {
            // Whoever reads standard output may go away.
            (Err(error), Destination::Stdout) if error.cause().kind() == io::ErrorKind::BrokenPipe => Ok(()),
            (written, _) => Ok(written?),
        }
    }

    /// Replaces the file by a plan that no run takes; standard output stays empty.
    pub(super) fn empty(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), SessionError> {
        if self.path().is_some() { self.write(content) } else { Ok(()) }
    }

    /// Replaces the file by a plan that no run takes, because of an error.
    pub(super) fn failed(&self, error: SessionError) -> SessionError {
        let first = error.to_string().lines().next().unwrap_or_default().to_owned();
        match self.empty(|out| nothing([format!("The listing failed: {first}")], [], out)) {
            Ok(()) => error,
            Err(unwritten) => unwritten,
        }
    }
}

/// Tells whether there is something at `path` that this program did not write.
fn is_foreign(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let mut beginning = Vec::new();
    match File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning)) {
        Ok(0) => false,
        Ok(_) => !is_own(&String::from_utf8_lossy(&beginning)),
        // What cannot be read is not replaced.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        let fits = |text: Option<&str>, is_forced| {
            match text {
                Some(text) => std::fs::write(&path, text).unwrap(),
                None => drop(std::fs::remove_file(&path)),
            }
            OwnFile::new(Destination::File(path.clone()), &[], is_forced).is_ok()
        };
        assert!(fits(None, false) && fits(Some(""), false) && fits(Some("my notes\n"), true));
        for foreign in [
            "my notes\n",
            "# What ran in my head\n",
            "version: 1\n",
            "{\"account\":\"a\"}\n",
            "a,b\n",
            "{\"version\":1}\n",
        ] {
            assert!(!fits(Some(foreign), false), "{foreign}");
        }
        let mut text = Vec::new();
        nothing(["why".to_owned()], [], &mut text).unwrap();
        assert!(fits(Some(std::str::from_utf8(&text).unwrap()), false));
    }

    #[test]
    fn an_input_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.yaml");
        std::fs::write(&path, "").unwrap();
        let error = OwnFile::new(Destination::File(path.clone()), &[path], true).unwrap_err();
        assert!(error.to_string().contains("which is an input"), "{error}");
    }
}
