//! What a run was for, and the program's other words.

use super::{Entry, Topic};

/// A word, what it means, and what to do, where there is something.
type Term = (&'static str, &'static str, Option<&'static str>);

/// What a run was for, as reports name it, in the order they are listed.
pub const MODES: [Term; 3] = [
    ("live", "a real run: its stops went to the services", None),
    (
        "rehearsal",
        "a run against the built-in cloud: nothing real was touched",
        Some("leave `--rehearse` out to stop the real things"),
    ),
    (
        "dry_run",
        "a run that read the states of the real things, and sent no stop",
        Some("leave `--dry-run` out to stop them"),
    ),
];

/// Words that output and docs use, in the order they are listed.
pub const TERMS: [Term; 4] = [
    (
        "lane",
        "all requests to one API with one access key in one region; each lane has a rate of its own, and lanes run side \
         by side",
        None,
    ),
    ("attempt", "one stop request for a target, sent once; a target that is tried again has several", None),
    (
        "journal",
        "the file in which a run notes what it sends and what came of it; it stands beside the report and survives a \
         crash",
        Some("`allstop report show JOURNAL` shows it; `allstop resume JOURNAL` goes on with its run"),
    ),
    (
        "in_doubt",
        "a target that a run was about to stop, or had asked to stop, when it ended: nobody knows yet what came of it",
        Some("`allstop resume JOURNAL` reads its state first"),
    ),
];

pub(super) fn entries(topic: Topic, terms: &[Term]) -> Vec<Entry> {
    terms.iter().map(|(word, means, advice)| Entry::own(topic, word, means, *advice)).collect()
}
