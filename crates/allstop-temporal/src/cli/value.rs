//! The parsers of option values.

use std::time::Duration;

use allstop::report::progress::Progress;
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::schedule::LEAST_CATCHUP;
use crate::wire::own_use;

/// Parses the name of a task queue of runs or lanes.
pub(super) fn queue(text: &str) -> Result<String, String> {
    match own_use(text) {
        _ if text.is_empty() => Err("expected the name of a task queue".to_owned()),
        Some(what) => Err(format!("allstop-temporal uses the task queue {text} for {what}; name another one")),
        None => Ok(text.to_owned()),
    }
}

/// Parses `ACCOUNT=QUEUE`.
pub(super) fn route(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((account, to)) if is_one(account) && is_one(to) => Ok((account.to_owned(), queue(to)?)),
        Some(_) | None => Err("expected ACCOUNT=QUEUE, such as prod=allstop.prod".to_owned()),
    }
}

/// Parses the name of an account, which becomes part of the name of a task queue.
pub(super) fn account(text: &str) -> Result<String, String> {
    match is_one(text) {
        true => Ok(text.to_owned()),
        false => Err("expected the name of one account, such as prod; repeat the option for others".to_owned()),
    }
}

/// Tells whether a text is one name, and not none or a list.
fn is_one(text: &str) -> bool {
    let ends = |character: char| character.is_whitespace() || character.is_control() || "=,".contains(character);
    !text.is_empty() && !text.contains(ends)
}

/// Parses the id of a run, which becomes part of ids at the server.
pub(super) fn run_id(text: &str) -> Result<String, String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.:".contains(character);
    match text.len() {
        1..=128 if text.chars().all(is_plain) && !text.starts_with('-') => Ok(text.to_owned()),
        _ => Err("expected 1 to 128 letters, digits, `-`, `_`, `.` and `:`, and another one than `-` first".to_owned()),
    }
}

/// Parses how a submission shows its progress. Bars are refused with a hint.
pub(super) fn progress() -> impl TypedValueParser<Value = Progress> {
    let values = [
        PossibleValue::new("auto").help("Lines; bars for a listing on a terminal"),
        PossibleValue::new("bars").hide(true),
        PossibleValue::new("plain").help("Lines; of the run every 3 seconds, if something has changed"),
        PossibleValue::new("json").help("JSON lines: listings, notes and the end; log messages are JSON lines, too"),
        PossibleValue::new("off").help("Nothing"),
    ];
    PossibleValuesParser::new(values).try_map(|text| Progress::from_str(&text, false))
}

/// Parses the time between heartbeats.
pub(super) fn checkpoint(text: &str) -> Result<Duration, String> {
    within(text, Duration::from_millis(100), Duration::from_secs(60))
}

/// Parses how long after the last heartbeat a session counts as lost.
pub(super) fn heartbeat_timeout(text: &str) -> Result<Duration, String> {
    within(text, Duration::from_secs(2), Duration::from_secs(600))
}

/// Parses how late a run of a schedule may start.
pub(super) fn catchup(text: &str) -> Result<Duration, String> {
    within(text, LEAST_CATCHUP, Duration::from_secs(366 * 86_400))
}

fn within(text: &str, least: Duration, most: Duration) -> Result<Duration, String> {
    let duration = allstop::cli::value::duration(text)?;
    if (least..=most).contains(&duration) {
        return Ok(duration);
    }
    Err(format!("expected a time from {least:?} to {most:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_no_option_for_other_commands() {
        for id in ["-x", "--help", "-", "", "a b", "a/b"] {
            assert!(run_id(id).is_err(), "{id:?}");
        }
        assert_eq!(run_id("x-").unwrap(), "x-");
        assert_eq!(run_id("nightly-2026-11-27T01:30:00Z").unwrap(), "nightly-2026-11-27T01:30:00Z");
    }

    #[test]
    fn a_name_of_an_account_or_a_queue_is_one_word() {
        for name in ["", "a b", "a,b", "a=b", "a\n", " "] {
            assert!(account(name).is_err(), "{name:?}");
            assert!(route(&format!("prod={name}")).is_err(), "{name:?}");
        }
        assert_eq!(account("prod-1").unwrap(), "prod-1");
        assert_eq!(route("prod=allstop.prod").unwrap(), ("prod".to_owned(), "allstop.prod".to_owned()));
        assert!(route("a b=queue").is_err());
    }

    #[test]
    fn a_queue_that_the_program_uses_is_refused() {
        assert_eq!(queue("allstop").unwrap(), "allstop");
        for name in ["allstop-quotas", "allstop-plans", "allstop/lists", "allstop.prod/reports"] {
            let refused = queue(name).unwrap_err();
            assert!(refused.contains(name) && refused.ends_with("; name another one"), "{refused}");
            assert!(route(&format!("prod={name}")).is_err(), "{name}");
        }
    }
}
