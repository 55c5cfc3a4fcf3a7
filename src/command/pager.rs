//! A manual page for somebody at a terminal: shown by `man`, or where there is none, as text by a pager.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::base::environment::Environment;

/// What shows text where neither `MANPAGER` nor `PAGER` says so.
const PAGER: &str = "less";

/// Shows a page; returns whether something could show it.
///
/// `man` itself goes by `MANPAGER` and `PAGER`. `roff` is what it reads, and `text` is for a pager.
pub(super) fn show(roff: &[u8], text: &str, environment: &Environment) -> bool {
    by_man(roff).is_ok_and(|is_shown| is_shown) || by_pager(text, environment).is_ok_and(|is_shown| is_shown)
}

fn by_man(roff: &[u8]) -> io::Result<bool> {
    let folder = tempfile::tempdir()?;
    // A name with a slash is a file for every `man`.
    let file = folder.path().join("allstop.1");
    std::fs::write(&file, roff)?;
    Ok(Command::new("man").arg(&file).stderr(Stdio::null()).status()?.success())
}

fn by_pager(text: &str, environment: &Environment) -> io::Result<bool> {
    let named =
        ["MANPAGER", "PAGER"].into_iter().find_map(|name| environment.get(name).filter(|named| !named.is_empty()));
    // As `man` and `git` do: it may have options.
    let mut pager = Command::new("sh").arg("-c").arg(named.unwrap_or(PAGER)).stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = pager.stdin.take() {
        // Who has read enough closes it early.
        let _ = input.write_all(text.as_bytes());
    }
    Ok(pager.wait()?.success())
}
