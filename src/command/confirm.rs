//! The question before anything is sent.

use std::io::{self, BufRead, IsTerminal, Write};

use allstop::plan::Overview;
use allstop::report::{Harmless, folded};
use console::Term;

use super::failure::Failure;

/// Shows what would be stopped and asks once, on the terminal, whether to go on; anything but yes is no.
///
/// Somebody `can_read` it unless standard error is for programs.
///
/// # Errors
///
/// Fails when there is no terminal to ask on, or when the answer is no.
pub(super) fn confirm(overview: &Overview, reason: Option<&str>, can_read: bool) -> Result<(), Failure> {
    let mut shown = overview.to_string();
    if let Some(reason) = reason {
        shown.push_str(&format!("The reason given is: {}\n", Harmless(reason)));
    }
    if let Some(columns) = super::columns(&Term::stderr()) {
        shown = folded(&shown, columns);
    }
    let (input, output) = (io::stdin(), io::stderr());
    ask(&shown, can_read && can_ask(), input.lock(), output.lock())
}

/// Tells whether there is a terminal to ask on.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn ask(shown: &str, is_terminal: bool, mut input: impl BufRead, mut output: impl Write) -> Result<(), Failure> {
    if !is_terminal {
        return Err(Failure::input(
            "nobody can confirm this run: standard input or standard error is no terminal, or is for programs",
            "add --yes to send without asking, or --rehearse to try it first; nothing was sent",
        ));
    }
    let mut answer = String::new();
    // Who cannot see the question cannot mean to answer it.
    let asked = write!(output, "{shown}\nStop all of this now? [y/N] ").and_then(|()| output.flush());
    let answered = asked.and_then(|()| input.read_line(&mut answer));
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" if answered.is_ok() => Ok(()),
        _ => Err(Failure::refused("not confirmed", "nothing was sent")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether it was confirmed, and what was shown.
    fn answer(is_terminal: bool, text: &str) -> (bool, String) {
        let mut output = Vec::new();
        let confirmed = ask("3 targets", is_terminal, text.as_bytes(), &mut output).is_ok();
        (confirmed, String::from_utf8(output).unwrap())
    }

    #[test]
    fn only_yes_is_yes() {
        for (text, expected) in [
            ("y\n", true),
            (" YES \n", true),
            ("yes", true),
            ("n\n", false),
            ("\n", false),
            ("", false),
            ("yep\n", false),
            ("no\nyes\n", false),
        ] {
            assert_eq!(
                answer(true, text),
                (expected, "3 targets\nStop all of this now? [y/N] ".to_owned()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn no_is_the_refusal_of_a_guard_and_having_nobody_to_ask_a_bad_invocation() {
        for (is_terminal, text, expected) in [(true, "n\n", 3), (true, "", 3), (false, "n\n", 2)] {
            let answered = ask("3 targets", is_terminal, text.as_bytes(), Vec::new());
            assert_eq!(answered.unwrap_err().code(), expected, "{text:?}");
        }
    }

    #[test]
    fn off_a_terminal_nobody_is_asked() {
        assert_eq!(answer(false, "yes\n"), (false, String::new()));
    }

    #[test]
    fn a_question_that_nobody_sees_has_no_answer() {
        let full: &mut [u8] = &mut [];
        assert!(ask("3 targets", true, "yes\n".as_bytes(), full).is_err());
    }
}
