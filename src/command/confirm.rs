//! The question before anything is sent.

use std::borrow::Cow;
use std::io::{self, BufRead, IsTerminal, Write};

use allstop::plan::{Listing, Overview};
use allstop::report::{Escaped, Preview, folded, targets, warnings};
use console::Term;

use super::failure::Failure;

/// How many targets the question names; `l` lists the others.
const NAMED: usize = 10;

/// Shows what would be stopped and asks once, on the terminal, whether to go on; anything but yes is no.
///
/// Somebody `can_read` it unless standard error is for programs; who cannot be asked is told the `other_ways`.
///
/// # Errors
///
/// Fails when there is no terminal to ask on, or when the answer is no.
pub(super) fn confirm(
    overview: &Overview,
    listing: &Listing<'_>,
    reason: Option<&str>,
    can_read: bool,
    other_ways: &str,
) -> Result<(), Failure> {
    if !(can_read && can_ask()) {
        return Err(unasked(other_ways));
    }
    let plan = listing.plan();
    let mut shown = Preview { plan, overview, warnings: &warnings(plan, overview) }.to_string();
    if let Some(reason) = reason {
        shown.push_str(&format!("The reason given is: {}\n", Escaped(reason)));
    }
    if let Some(columns) = super::columns(&Term::stderr()) {
        shown = folded(&shown, columns);
    }
    shown.push_str(&format!("\n{}", targets(listing, NAMED)));
    let (input, output) = (io::stdin(), io::stderr());
    let all = listing.is_longer_than(NAMED).then_some(|| targets(listing, usize::MAX));
    ask(&shown, all, (input.lock(), output.lock()))
}

/// Says that there is nobody to ask.
fn unasked(other_ways: &str) -> Failure {
    Failure::input(
        "nobody can confirm this run: standard input or standard error is no terminal, or is for programs",
        &format!("{other_ways}; nothing was sent"),
    )
}

/// Tells whether there is a terminal to ask on.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks; `all` names every target, where `shown` does not.
fn ask(
    shown: &str,
    all: Option<impl Fn() -> String>,
    (mut input, mut output): (impl BufRead, impl Write),
) -> Result<(), Failure> {
    let choices = if all.is_some() { "y/N, l lists all" } else { "y/N" };
    let mut shown = Cow::Borrowed(shown);
    loop {
        let mut answer = String::new();
        // Who cannot see the question cannot mean to answer it.
        let asked = write!(output, "{shown}\nStop all of this now? [{choices}] ").and_then(|()| output.flush());
        let answered = asked.and_then(|()| input.read_line(&mut answer));
        if !answer.ends_with('\n') {
            // Ctrl-D leaves the cursor behind the question.
            let _ = writeln!(output);
        }
        match (answer.trim().to_ascii_lowercase().as_str(), &all) {
            ("y" | "yes", _) if answered.is_ok() => return Ok(()),
            ("l", Some(all)) if answered.is_ok() => shown = Cow::Owned(all()),
            _ => return Err(Failure::refused("not confirmed", "nothing was sent")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether it was confirmed, and what was shown.
    fn answer(text: &str) -> (bool, String) {
        let mut output = Vec::new();
        let all: Option<fn() -> String> = None;
        let confirmed = ask("3 targets", all, (text.as_bytes(), &mut output)).is_ok();
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
            let end = if text.ends_with('\n') { "" } else { "\n" };
            let shown = format!("3 targets\nStop all of this now? [y/N] {end}");
            assert_eq!(answer(text), (expected, shown), "{text:?}");
        }
    }

    #[test]
    fn a_long_list_is_shown_on_demand_and_then_asked_again() {
        let question = |shown: &str| format!("{shown}\nStop all of this now? [y/N, l lists all] ");
        for (text, expected, lists) in
            [("y\n", true, 0), ("l\ny\n", true, 1), ("l\nL\nn\n", false, 2), ("l\nn\n", false, 1), ("ll\n", false, 0)]
        {
            let mut output = Vec::new();
            let all = Some(|| "a\nb\nc\n".to_owned());
            let confirmed = ask("3 targets", all, (text.as_bytes(), &mut output)).is_ok();
            assert_eq!(confirmed, expected, "{text:?}");
            let shown = question("3 targets") + &question("a\nb\nc\n").repeat(lists);
            assert_eq!(String::from_utf8(output).unwrap(), shown, "{text:?}");
        }
        let mut output = Vec::new();
        let all: Option<fn() -> String> = None;
        assert!(ask("3 targets", all, ("l\ny\n".as_bytes(), &mut output)).is_err());
    }

    #[test]
    fn no_is_the_refusal_of_a_guard_and_having_nobody_to_ask_a_bad_invocation() {
        for text in ["n\n", ""] {
            let all: Option<fn() -> String> = None;
            assert_eq!(ask("3 targets", all, (text.as_bytes(), Vec::new())).unwrap_err().code(), 3, "{text:?}");
        }
        assert_eq!(unasked("add --yes").code(), 2);
    }

    #[test]
    fn a_question_that_nobody_sees_has_no_answer() {
        let full: &mut [u8] = &mut [];
        let all: Option<fn() -> String> = None;
        assert!(ask("3 targets", all, ("yes\n".as_bytes(), full)).is_err());
    }
}
