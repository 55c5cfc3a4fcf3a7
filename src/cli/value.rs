//! The parsers of option values, for `value_parser` of an option.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use clap::Error;
use clap::builder::{PathBufValueParser, PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue};

use jiff::Span;
use jiff::fmt::friendly::SpanParser;

use crate::explain;
use crate::plan::ShardError;
use crate::provider::Cloud;
use crate::report::Destination;
use crate::service::Kind;
use crate::session::{Input, ShardChoice};
use crate::simulator::Faults;

/// Parses where to read from; `-` is standard input.
pub fn input() -> impl TypedValueParser<Value = Input> {
    PathBufValueParser::new().map(|path| file(path).map_or(Input::Stdin, Input::File))
}

/// Parses where to write to; `-` is standard output.
pub fn output() -> impl TypedValueParser<Value = Destination> {
    PathBufValueParser::new().map(|path| file(path).map_or(Destination::Stdout, Destination::File))
}

fn file(path: PathBuf) -> Option<PathBuf> {
    (path.as_os_str() != "-").then_some(path)
}

/// Parses the name of a kind of target.
pub fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::all().iter().map(|kind| kind.name);
    PossibleValuesParser::new(names).try_map(|name| Kind::named(&name).ok_or("no such kind"))
}

pub(super) fn cloud() -> impl TypedValueParser<Value = Cloud> {
    let of = |name: String| Cloud::ALL.into_iter().find(|cloud| cloud.name() == name).ok_or("no such cloud");
    PossibleValuesParser::new(Cloud::ALL.map(Cloud::name)).try_map(of)
}

/// Parses what becomes part of a host name or path.
pub(super) fn host_word(text: &str) -> Result<String, String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        return Ok(text.to_owned());
    }
    Err("expected letters, digits, `-` and `_` only".to_owned())
}

/// Accepts any word, and lists the words that can be explained for shell completion.
#[derive(Debug, Clone, Copy)]
pub(super) struct Explained;

impl TypedValueParser for Explained {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(WORDS.iter().map(|(word, means)| PossibleValue::new(word.as_str()).help(*means))))
    }
}

/// The words that can be explained, each once, with their meaning. Words with blanks are left out: a shell splits them.
static WORDS: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
    let mut seen = HashSet::new();
    let words = explain::entries().into_iter().map(|entry| (entry.path(), entry.means));
    words.filter(|(word, _)| !word.contains(' ') && seen.insert(word.clone())).collect()
});

pub(super) fn faults() -> impl TypedValueParser<Value = Faults> {
    let names = [Faults::None, Faults::Some, Faults::Storm].map(Faults::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Faults>())
}

/// Parses a duration such as `30m`.
///
/// # Errors
///
/// Fails with the reason and a hint if the text is no duration.
pub fn duration(text: &str) -> Result<Duration, String> {
    crate::plan::duration(text).map_err(|error| format!("{error}; {}", error.hint(text)))
}

/// Parses how long ago something is, such as `30d`, `12w`, `6mo` or `1y`.
///
/// # Errors
///
/// Fails if the text is no such time, or not longer than nothing.
pub(super) fn ago(text: &str) -> Result<Span, String> {
    let span = SpanParser::new().parse_span(text).ok().filter(|span| span.is_positive());
    span.ok_or_else(|| "expected a time such as `30d`, `12w`, `6mo` or `1y`".to_owned())
}

/// Parses `NAME=VALUE`; the value may be empty.
///
/// # Errors
///
/// Fails if there is no `=`, or no name before it.
pub fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("expected NAME=VALUE".to_owned()),
    }
}

/// Removes the values of variables from an error, because they may be secret.
pub(super) fn without_values(mut error: Error) -> Error {
    const HIDDEN: &str = "…";
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let Some(argument) = text(ContextKind::InvalidArg) else { return error };
    if argument.starts_with("--set ") {
        error.insert(ContextKind::InvalidValue, ContextValue::String(HIDDEN.to_owned()));
    } else if let Some((name, _)) = argument.split_once('=').filter(|(name, _)| !name.starts_with('-')) {
        error.insert(ContextKind::InvalidArg, ContextValue::String(format!("{name}={HIDDEN}")));
    }
    error
}

/// Parses a reason for a stop.
///
/// # Errors
///
/// Fails if the text is empty or has more than 1000 characters.
pub fn reason(text: &str) -> Result<String, String> {
    match text.chars().count() {
        1..=1000 => Ok(text.to_owned()),
        length => Err(format!("expected 1 to 1000 characters, got {length}")),
    }
}

pub(super) fn shard(text: &str) -> Result<ShardChoice, ShardError> {
    if text == "auto" { Ok(ShardChoice::Auto) } else { text.parse().map(ShardChoice::Of) }
}

pub(super) fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.01..=1_000_000.0).contains(&speed) => Ok(speed),
        Ok(_) | Err(_) => Err("expected a number from 0.01 to 1000000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;

    #[test]
    fn a_dash_is_standard_input_or_output() {
        let parsed = |plan: &str, report: &str| {
            let cli = Cli::try_parse_from(["allstop", "run", plan, "--report", report]).unwrap();
            let Command::Run(args) = cli.command else { panic!("{cli:?}") };
            (args.plan.plan, args.begin.report.unwrap())
        };
        assert_eq!(parsed("-", "-"), (Input::Stdin, Destination::Stdout));
        let (input, output) = parsed("./-", "a.json");
        assert_eq!((input.path(), output.path()), (Some(Path::new("./-")), Some(Path::new("a.json"))));
    }
}
