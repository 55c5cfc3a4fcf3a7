//! The outcomes of targets.

use super::{Entry, Topic};
use crate::engine::Outcome;

/// Returns what is known of a target with this outcome.
#[must_use]
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stopped => "this run's stop took effect",
        Outcome::AlreadyStopped => "it had ended or stood still before this run touched it",
        Outcome::Accepted => "the service accepted the stop; its end was not seen",
        Outcome::NotFound => "the service does not know it",
        Outcome::Failed => {
            "it was refused, or the retries ran out, and it is not stopped: where an answer was lost, it was still running ten seconds later"
        }
        Outcome::Unknown => {
            "a request went out, its answer was lost or can mean either, and no read of the state settled it; in a dry run, the state could not be read"
        }
        Outcome::Skipped => "no stop was sent",
        Outcome::WouldStop => "dry run: it is running",
    }
}

const fn advice(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Stopped | Outcome::AlreadyStopped => None,
        Outcome::Accepted => Some(
            "look at it, raise `verify.timeout`, or `allstop retry REPORT`; with `verify: {mode: off}` it counts as done",
        ),
        Outcome::NotFound => Some("check id, account and region; with `guards: {not_found: ok}` it counts as done"),
        Outcome::Failed => Some("read the row's `error` and its hint, then `allstop retry REPORT`"),
        Outcome::Unknown => Some("look at it before you rely on anything; `allstop retry REPORT` reads it again"),
        Outcome::Skipped => Some("the row's `reason` says why: `allstop explain` knows each"),
        Outcome::WouldStop => Some("run without `--dry-run` to stop it"),
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let entry = |word: Outcome| Entry::own(Topic::Outcome, word.name(), outcome(word), advice(word));
    Outcome::ALL.into_iter().map(entry).collect()
}
