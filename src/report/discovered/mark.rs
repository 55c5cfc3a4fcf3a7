//! By what the files of `allstop discover` and `allstop plan` are known: they are replaced without being asked for it.

use jiff::Timestamp;

use crate::plan::Reviewed;

/// The second comment of a discovered plan.
pub(super) const ADVICE: &str = "Look through it, take out what must go on, then: allstop run this.yaml --reason '…'";

/// The comment of a plan that has no targets.
pub(super) const NOTHING: &str = "No run takes this file: it stands in place of an older list.";

/// How the first line of a file of targets begins and what it has in it, and that of an object for programs.
const JSON: [(&str, &str); 2] = [("{\"version\":1,\"listed_at\":", ""), ("{\"account\":", "\"seen\":{")];

/// What the first line of a table with commas has in it.
const CSV: &str = ",seen.state,seen.name,seen.since,seen.at";

/// The first line of a table for people, without its blanks.
const TABLE: &str = "kindaccounttargetnamestateage";

/// Says what ran where, and when it was listed.
pub(super) fn some((places, summary): &(String, String), at: Timestamp) -> String {
    format!("What ran in {places} at {}: {summary}", moment(at))
}

/// Says that not all is known.
pub(super) fn gaps(places: &str, at: Timestamp) -> String {
    format!("Not everything in {places} could be listed at {}.", moment(at))
}

/// Says that nothing ran.
pub(super) fn none(places: &str, at: Timestamp) -> String {
    format!("Nothing that was asked for ran in {places} at {}.", moment(at))
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// Tells whether the beginning of a file shows that `allstop discover` or `allstop plan` wrote it.
#[must_use]
pub fn is_own(beginning: &str) -> bool {
    let first = beginning.lines().next().unwrap_or_default();
    let comments = beginning.lines().take_while(|line| line.starts_with('#'));
    let is_mark = |line: &str| {
        let text = line.trim_start_matches('#').trim_start();
        [ADVICE, NOTHING, Reviewed::MARK].contains(&text)
    };
    JSON.iter().any(|(start, part)| first.starts_with(start) && first.contains(part))
        || first.contains(CSV)
        || first.split_whitespace().collect::<String>() == TABLE
        || comments.into_iter().any(is_mark)
}
