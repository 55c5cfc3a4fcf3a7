//! A program that asks on a terminal.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Command;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Runs a program on a terminal, types the answer when it asks, and returns its exit status and what was shown up to the
/// question, with one blank in place of every other space.
#[track_caller]
pub(crate) fn answered(command: &mut Command, answer: &str) -> (i32, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let open = || File::options().read(true).write(true).open(&name).unwrap();
    let mut child = command.stdin(open()).stdout(open()).stderr(open()).spawn().unwrap();
    // The command holds the terminal open, too.
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let mut terminal = File::from(master);
    let (mut shown, mut byte) = (Vec::new(), [0]);
    while ![&b"[y/N] "[..], b", l = list all] "].iter().any(|end| shown.ends_with(end))
        && terminal.read(&mut byte).is_ok_and(|read| read == 1)
    {
        shown.extend(byte);
    }
    terminal.write_all(answer.as_bytes()).unwrap();
    // A terminal that nobody reads holds up who writes to it; it ends with an error when all have closed it.
    let mut rest = Vec::new();
    let _ = terminal.read_to_end(&mut rest);
    let shown = String::from_utf8(shown).unwrap();
    (child.wait().unwrap().code().unwrap(), shown.split_whitespace().collect::<Vec<_>>().join(" "))
}
