//! Mappings with fixed keys: a heading and a table for each.

use std::fmt::Write;
use std::time::Duration;

use allstop::plan::format::{KeyInfo, Section, Takes};
use allstop::provider::Cloud;
use allstop::service::{Kind, products};

pub(super) use allstop::wording::sentence;

/// Writes every section of a plan, each before those within it.
pub(super) fn write_all(page: &mut String, plan: &Section) {
    write_keys(page, "## The plan", plan);
    write_within(page, "", "##", plan);
}

fn write_within(page: &mut String, place: &str, depth: &str, section: &Section) {
    for key in &section.keys {
        let path = below(place, key.name);
        match &key.takes {
            Takes::Section(inner) => write_section(page, &path, depth, inner),
            Takes::Each(inner) => write_section(page, &format!("{path}.NAME"), depth, inner),
            Takes::List(inner) | Takes::Exceptions(inner) => write_section(page, &path, depth, inner),
            Takes::PerKind(inner) => write_section(page, &format!("{path}.KIND"), depth, inner),
            Takes::Source(inner) => write_section(page, &path, depth, inner),
            Takes::Endpoints => write_endpoints(page, &format!("{depth} `{path}`"), key),
            Takes::Version
            | Takes::Name
            | Takes::Globs
            | Takes::Tags
            | Takes::Names
            | Takes::Moment
            | Takes::Until
            | Takes::Words(_)
            | Takes::Select(_)
            | Takes::Conditions
            | Takes::HostWord
            | Takes::Variable
            | Takes::Word(_)
            | Takes::Count(..)
            | Takes::Flag
            | Takes::Duration
            | Takes::Wait
            | Takes::Between(..)
            | Takes::AccountId
            | Takes::AccountIds
            | Takes::Path
            | Takes::Url
            | Takes::Command
            | Takes::Policy
            | Takes::Secret(_)
            | Takes::Secrets(_)
            | Takes::Template
            | Takes::Fitting(_)
            | Takes::Nothing
            | Takes::SameSource
            | Takes::Rate
            | Takes::MaxFailures
            | Takes::Pause
            | Takes::TimeOfDay
            | Takes::Wording
            | Takes::Generated
            | Takes::Labels
            | Takes::Patterns
            | Takes::Cycle(_)
            | Takes::Regions
            | Takes::Projects
            | Takes::Kind
            | Takes::TargetList
            | Takes::Targets(_) => {}
        }
    }
}

fn write_section(page: &mut String, path: &str, depth: &str, section: &Section) {
    write_keys(page, &format!("{depth} `{path}`"), section);
    write_within(page, path, &format!("{depth}#"), section);
}

fn below(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

/// Writes a heading, what a section is about, and its keys.
pub(super) fn write_keys(page: &mut String, heading: &str, section: &Section) {
    let place = heading.split('`').nth(1).unwrap_or_default();
    write!(page, "\n{heading}\n\n{}\n\n", section.about).unwrap();
    write_head(page);
    for key in &section.keys {
        let presence = match (key.required, &key.default) {
            (true, _) => "required".to_owned(),
            (false, Some(default)) => format!("`{default}`"),
            (false, None) => "none".to_owned(),
        };
        let about = with_examples(key.about, key.examples);
        write_row(page, key.name, &value(&key.takes, &below(place, key.name)), &presence, &about);
    }
}

/// Writes the head of a table of keys.
pub(super) fn write_head(page: &mut String) {
    page.push_str("| key | value | default | meaning |\n|---|---|---|---|\n");
}

/// Writes a row of a table of keys.
pub(super) fn write_row(page: &mut String, name: &str, value: &str, default: &str, about: &str) {
    writeln!(page, "| `{name}` | {value} | {default} | {} |", about.replace('|', "\\|")).unwrap();
}

/// Adds examples to what is said of a key, unless they are in there.
pub(super) fn with_examples(about: &str, examples: &[&str]) -> String {
    match examples {
        [] => about.to_owned(),
        [first, ..] if about.contains(first) => about.to_owned(),
        examples => format!("{about} Such as `{}`.", examples.join("` or `")),
    }
}

/// Writes a duration of whole seconds, minutes or hours.
fn short(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        seconds if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

/// Returns a link to where a section stands.
fn link(text: &str, path: &str) -> String {
    format!("[{text}](#{})", path.to_lowercase().replace('.', ""))
}

fn words(words: &[&str]) -> String {
    format!("`{}`", words.join("`, `"))
}

/// Says what values a key takes.
fn value(takes: &Takes, path: &str) -> String {
    match takes {
        Takes::Version => "`1`".to_owned(),
        Takes::Name => "[name](#values)".to_owned(),
        Takes::HostWord => "[word](#values)".to_owned(),
        Takes::Variable => "[environment variable](#values)".to_owned(),
        Takes::Word(choices) => words(choices),
        Takes::Count(from, to) if *to == u64::from(u32::MAX) => format!("whole number from {from}"),
        Takes::Count(from, to) => format!("whole number, {from} to {to}"),
        Takes::Flag => words(&["true", "false"]),
        Takes::Duration => "[duration](#values)".to_owned(),
        Takes::Wait => "[duration](#values) or `0s`".to_owned(),
        Takes::Between(least, most) => format!("[duration](#values), {} to {}", short(*least), short(*most)),
        Takes::AccountId => "[account id](#values)".to_owned(),
        Takes::AccountIds => "list of [account ids](#values), at least one".to_owned(),
        Takes::Path => "[path](#values)".to_owned(),
        Takes::Url => "URL".to_owned(),
        Takes::Command => "[command](#values)".to_owned(),
        Takes::Policy => "mapping, or text of JSON".to_owned(),
        Takes::Secret(_) => "`{env: VARIABLE}` or `{file: PATH}`".to_owned(),
        Takes::Secrets(_) => "mapping of names to `{env: VARIABLE}` or `{file: PATH}`, at least one".to_owned(),
        Takes::Template => "mapping, or text of JSON".to_owned(),
        Takes::Fitting(fit) => fit.words.to_owned(),
        Takes::Nothing => "`{}`".to_owned(),
        Takes::Source(_) => format!("`default`, or {}", link("mapping", path)),
        Takes::SameSource => format!("`default`, or {}", link("mapping", path.trim_end_matches(".source"))),
        Takes::Rate => "[rate](#values)".to_owned(),
        Takes::MaxFailures => "[count or percentage](#values)".to_owned(),
        Takes::Pause => "[duration](#values) or `ask`".to_owned(),
        Takes::TimeOfDay => "[time of day](#values)".to_owned(),
        Takes::Wording => "text".to_owned(),
        Takes::Generated => "list".to_owned(),
        Takes::Labels => "[labels](#values)".to_owned(),
        Takes::Patterns => "list of [patterns](#values)".to_owned(),
        Takes::Globs => "[pattern](#values), or list of patterns".to_owned(),
        Takes::Tags => "mapping of tags to patterns, or to lists of them".to_owned(),
        Takes::Names => "list of names or [patterns](#values), at least one".to_owned(),
        Takes::Moment => "[moment](#values)".to_owned(),
        Takes::Until => "mapping of [patterns](#values) to [days](#values), at least one".to_owned(),
        Takes::Exceptions(_) => format!("[day or span of days](#values), {}, or list of them", link("mapping", path)),
        Takes::Words(choices) => format!("{}, or list of them", words(choices)),
        Takes::Select(_) => format!("`all`, or {}", link("mapping", "select")),
        Takes::Conditions => "mapping of conditions, or list of mappings".to_owned(),
        Takes::Cycle(choices) => format!("list, at least one of {} or a range", words(choices)),
        Takes::Regions => "list of [words](#values), at least one".to_owned(),
        Takes::Projects => "mapping of [words](#values) to [words](#values), at least one".to_owned(),
        Takes::Kind => Kind::all().iter().map(|kind| format!("[`{kind}`](#{kind})")).collect::<Vec<_>>().join(", "),
        Takes::Section(_) | Takes::Endpoints => link("mapping", path),
        Takes::Each(_) => format!("{} by name, at least one", link("mapping", &format!("{path}.NAME"))),
        Takes::PerKind(_) => format!("{} by kind", link("mapping", &format!("{path}.KIND"))),
        Takes::List(_) => format!("list of {}, at least one", link("mappings", path)),
        Takes::TargetList => format!("{}, at least one", link("list", "targets")),
        Takes::Targets(_) => format!("{}, at least one", link("list", path)),
    }
}

fn write_endpoints(page: &mut String, heading: &str, key: &KeyInfo) {
    write!(page, "\n{heading}\n\n{}\n\n| key | value | only for |\n|---|---|---|\n", key.about).unwrap();
    for cloud in Cloud::ALL {
        for name in
            products(cloud).into_iter().map(|product| product.name).chain(cloud.credential_endpoints().iter().copied())
        {
            writeln!(page, "| `{name}` | [base URL](#values) | `{}` |", cloud.name()).unwrap();
        }
    }
}
