//! The prompt before anything is sent.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use console::Term;

use crate::engine::AtPause;
use crate::report::{at_pause, escaped_lines, folded, targets, wrapped};
use crate::session::Question;

use super::columns::columns;

/// How many targets the question names; `l` lists the others.
const NAMED: usize = 10;

const STOP: &str = "\nStop all of this now?";
const STOP_LATER: &str = "Stop all of this at these times?";
const STOP_FOUND: &str = " Stop them?";
const GO_ON: &str = "\nGo on?";

/// Shows what would be stopped and asks on the terminal whether to go on; anything but yes is no.
pub(super) fn confirm(question: &Question<'_>) -> bool {
    let (mut shown, listing) = (question.text(), question.listing);
    if let Some(columns) = columns(&Term::stderr()) {
        shown = folded(&shown, columns);
    }
    let (input, output) = (io::stdin(), io::stderr());
    let all = || targets(listing, usize::MAX);
    if !question.selections.is_empty() {
        // What was found is long, and the table says how much it is.
        return ask((shown.trim_end(), STOP_FOUND), Some(all), (input.lock(), output.lock()));
    }
    shown.push_str(&format!("\n{}", targets(listing, NAMED)));
    let all = listing.is_longer_than(NAMED).then_some(all);
    ask((&shown, &stop(question.later)), all, (input.lock(), output.lock()))
}

/// Asks whether to stop what is shown, now or when `later` says.
fn stop(later: Option<&str>) -> Cow<'_, str> {
    let Some(later) = later else { return Cow::Borrowed(STOP) };
    let later = escaped_lines(later);
    let later = columns(&Term::stderr()).map_or_else(|| later.to_string(), |columns| wrapped(&later, columns));
    Cow::Owned(format!("\n{later}\n{STOP_LATER}"))
}

/// Shows how far a run is at a pause and asks whether it goes on; anything but yes is no.
pub(super) fn goes_on(pause: &AtPause) -> bool {
    let mut shown = at_pause(pause) + "\n";
    if let Some(columns) = columns(&Term::stderr()) {
        shown = folded(&shown, columns);
    }
    let nothing: Option<fn() -> String> = None;
    let (input, output) = (io::stdin(), io::stderr());
    ask((&shown, GO_ON), nothing, (input.lock(), output))
}

/// Asks a question on the terminal; anything but yes is no.
pub(super) fn agrees(question: &str) -> bool {
    let nothing: Option<fn() -> String> = None;
    let (input, output) = (io::stdin(), io::stderr());
    ask(("", question), nothing, (input.lock(), output.lock()))
}

/// Asks; `all` names every target, where `shown` does not.
fn ask(
    (shown, question): (&str, &str),
    all: Option<impl Fn() -> String>,
    (mut input, mut output): (impl BufRead, impl Write),
) -> bool {
    let choices = if all.is_some() { "y/N, l = list all" } else { "y/N" };
    let mut shown = Cow::Borrowed(shown);
    loop {
        let mut answer = String::new();
        // An answer to a question that could not be shown does not count.
        let asked = write!(output, "{shown}{question} [{choices}] ").and_then(|()| output.flush());
        let answered = asked.and_then(|()| input.read_line(&mut answer));
        if !answer.ends_with('\n') {
            // Ctrl-D leaves the cursor behind the question.
            let _ = writeln!(output);
        }
        match (answer.trim().to_ascii_lowercase().as_str(), &all) {
            ("y" | "yes", _) if answered.is_ok() => return true,
            ("l", Some(all)) if answered.is_ok() => shown = Cow::Owned(all()),
            _ => return false,
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
        let confirmed = ask(("3 targets", STOP), all, (text.as_bytes(), &mut output));
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
        let question = |shown: &str| format!("{shown}\nStop all of this now? [y/N, l = list all] ");
        for (text, expected, lists) in
            [("y\n", true, 0), ("l\ny\n", true, 1), ("l\nL\nn\n", false, 2), ("l\nn\n", false, 1), ("ll\n", false, 0)]
        {
            let mut output = Vec::new();
            let all = Some(|| "a\nb\nc\n".to_owned());
            let confirmed = ask(("3 targets", STOP), all, (text.as_bytes(), &mut output));
            assert_eq!(confirmed, expected, "{text:?}");
            let shown = question("3 targets") + &question("a\nb\nc\n").repeat(lists);
            assert_eq!(String::from_utf8(output).unwrap(), shown, "{text:?}");
        }
        let mut output = Vec::new();
        let all: Option<fn() -> String> = None;
        assert!(!ask(("3 targets", STOP), all, ("l\ny\n".as_bytes(), &mut output)));
    }

    #[test]
    fn what_is_stopped_later_is_not_said_to_be_stopped_now() {
        let question = stop(Some("A run starts at 2 o'clock."));
        assert_eq!(question, "\nA run starts at 2 o'clock.\nStop all of this at these times?");
        assert_eq!(stop(None), STOP);
    }

    #[test]
    fn a_question_that_nobody_sees_has_no_answer() {
        let full: &mut [u8] = &mut [];
        let all: Option<fn() -> String> = None;
        assert!(!ask(("3 targets", STOP), all, ("yes\n".as_bytes(), full)));
    }
}
