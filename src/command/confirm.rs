//! The question before anything is sent.

use std::io::{self, BufRead, IsTerminal, Write};

use allstop::plan::Plan;

use super::failure::Failure;

/// Asks on the terminal whether to go on; anything but yes is no.
///
/// # Errors
///
/// Fails when there is no terminal to ask on, or when the answer is no.
pub(super) fn confirm(plan: &Plan) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::input(
            "standard input is no terminal, so nobody can confirm this run",
            "add --yes to send without asking, or --rehearse to try it first; nothing was sent",
        ));
    }
    eprintln!("{}", plan.overview());
    eprint!("Stop all of this now? [y/N] ");
    let _ = io::stderr().flush();
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" if read.is_ok() => Ok(()),
        _ => Err(Failure::input("not confirmed", "nothing was sent")),
    }
}
