//! Outcomes of targets, and how they are known.

use super::words::{Words, label};
use crate::engine::{Evidence, Outcome};

/// Returns the words for an outcome.
#[must_use]
pub const fn outcome(outcome: Outcome) -> Words {
    let (short, means, advice) = match outcome {
        Outcome::Stopped => ("this run's stop took effect", "this run's stop took effect", None),
        Outcome::AlreadyStopped => ("it had already ended", "it had already ended before this run sent a stop", None),
        Outcome::Accepted => (
            "the service accepted the stop, its end was not verified",
            "the service accepted the stop; its end was not verified",
            Some(
                "check it, raise `verify.timeout`, or `allstop retry REPORT`; with `verify: {mode: off}` it counts as done",
            ),
        ),
        Outcome::NotFound => (
            "the service does not know it",
            "the service does not know it",
            Some("check id, account and region; with `guards: {not_found: ok}` it counts as done"),
        ),
        Outcome::Failed => (
            "it was refused, or the retries ran out",
            "it was refused, or the retries ran out, and it is not stopped: after a lost response, it was still running ten \
             seconds later",
            Some("read the row's `error` and its hint, then `allstop retry REPORT`"),
        ),
        Outcome::Unknown => (
            "a response was lost or unclear, and no read confirmed the state",
            "a request was sent, its response was lost or inconclusive, and no read confirmed the state; in a dry run, the \
             state could not be read",
            Some("check it manually; `allstop retry REPORT` reads it again"),
        ),
        Outcome::Skipped => (
            "no stop was sent",
            "no stop was sent",
            Some("the row's `reason` says why: `allstop explain` explains each reason"),
        ),
        Outcome::WouldStop => ("it is running", "dry run: it is running", Some("run without `--dry-run` to stop it")),
    };
    Words { name: outcome.name(), short, means, advice }
}

/// Returns what a list says of targets with an outcome; the label alone if that says everything.
#[must_use]
pub fn listed_outcome(of: Outcome) -> String {
    let Words { name, short, .. } = outcome(of);
    match of {
        Outcome::Stopped | Outcome::AlreadyStopped | Outcome::Failed => label(name),
        Outcome::Accepted | Outcome::NotFound | Outcome::Unknown | Outcome::Skipped | Outcome::WouldStop => {
            format!("{}: {short}", label(name))
        }
    }
}

/// Returns how an outcome with this evidence is known.
#[must_use]
pub const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Answer => "the service's response proves it",
        Evidence::ReadBack => "the state was read",
    }
}
