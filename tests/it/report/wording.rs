//! One wording: every format has the texts of [`allstop::wording`], and no other file has a text of its own.

use allstop::ExitStatus;
use allstop::engine::{Evidence, Outcome, Record, SkipReason};
use allstop::error::ErrorClass;
use allstop::plan::Plan;
use allstop::report::{Format, Markdown, RunMode, Table};
use allstop::wording::{self, MODES, STATUSES, label, listed_outcome, listed_reason};

use super::every::{every, every_row};
use super::voice::{self, text};
use crate::layers::source::Source;

fn summary(plan: &Plan, record: &Record) -> String {
    text(|out| voice::summary(plan, record, RunMode::Live, None).write(out))
}

#[test]
fn every_format_has_the_words_of_every_outcome_and_reason() {
    let (plan, record) = every_row();
    let report = every();
    let summary = summary(&plan, &record);
    let markdown = text(|out| Markdown { report: &report, again: None }.write(out));
    let table = text(|out| Table { report: &report, all: true, again: None, width: None, colour: false }.write(out));
    let [page, junit] = [Format::Html, Format::Junit].map(|format| text(|out| format.write(&report, None, out)));
    let (page, junit) = (page.replace("&#39;", "'"), junit.replace("&apos;", "'"));
    for outcome in Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Skipped) {
        let listed = listed_outcome(outcome);
        assert!(summary.contains(&format!("  {listed}\n")), "{listed}: {summary}");
        assert!(markdown.contains(&format!(" | {listed} |\n")), "{listed}: {markdown}");
        assert!(table.contains(&format!("\n{}  ", label(outcome.name()))), "{listed}: {table}");
        assert!(page.contains(wording::outcome(outcome).short), "{listed}");
    }
    for reason in SkipReason::ALL {
        let listed = listed_reason(reason);
        assert!(summary.contains(&format!("  {listed}\n")), "{listed}: {summary}");
        assert!(markdown.contains(&format!(" | {listed} |\n")), "{listed}: {markdown}");
        assert!(page.contains(&format!("\"{}\"", wording::reason(reason).short)), "{listed}");
        // What a row is a duplicate of, it names.
        let listed = if reason == SkipReason::Duplicate { "duplicate of fnf_execution:etl/nightly" } else { &*listed };
        assert!(table.contains(listed), "{listed}: {table}");
        assert!(junit.contains(&format!("skipped: {listed}")), "{listed}: {junit}");
    }
    assert!(page.contains(wording::evidence(Evidence::ReadBack)));
    assert!(page.contains(MODES[0].short) && table.contains(MODES[0].short) && markdown.contains(MODES[0].short));
}

/// Returns every text of the words' rows.
fn texts() -> Vec<&'static str> {
    let words = Outcome::ALL.map(wording::outcome).into_iter().chain(SkipReason::ALL.map(wording::reason));
    let words = words.chain(STATUSES.map(wording::status)).chain(MODES);
    let words = words.flat_map(|words| [Some(words.short), Some(words.means), words.advice]);
    let exits = ExitStatus::ALL.map(wording::exit).into_iter();
    let exits = exits.flat_map(|exit| [Some(exit.brief), Some(exit.means), exit.advice, exit.dry_run]);
    let classes = ErrorClass::ALL.into_iter().map(|class| Some(wording::class(class)));
    let evidence = [Evidence::Answer, Evidence::ReadBack].map(|evidence| Some(wording::evidence(evidence)));
    words.chain(exits).chain(classes).chain(evidence).flatten().filter(|text| text.contains(' ')).collect()
}

/// Returns the code of a file on one line: without its tests, its comments, and the breaks in its texts.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    lines.map(|line| line.strip_suffix('\\').map_or_else(|| format!("{line}\n"), str::to_owned)).collect()
}

/// The types whose values the program words.
const WORDED: [&str; 7] = ["Outcome", "SkipReason", "ErrorClass", "Status", "Evidence", "RunMode", "ExitStatus"];

/// Tells whether a line of a `match` gives a text for people to a value of such a type.
fn words_a_value(line: &str) -> bool {
    let Some((pattern, text)) = line.split_once("=> \"").or_else(|| line.split_once("=> Some(\"")) else {
        return false;
    };
    let mut names = pattern.split(|ch: char| !(ch.is_alphanumeric() || ch == ':'));
    let is_worded = |name: &str| name.split_once("::").is_some_and(|(of, _)| WORDED.contains(&of));
    names.any(is_worded) && text.split('"').next().is_some_and(|text| text.trim_start().contains(' '))
}

#[test]
fn no_other_file_words_them() {
    let source = Source::of("src");
    let (texts, mut seen) = (texts(), 0);
    for path in source.paths().filter(|path| !path.contains("tests")) {
        let code = code(source.text(path));
        let is_wording = path.starts_with("wording/");
        let found = texts.iter().filter(|text| code.contains(&format!("\"{}\"", text.replace('"', "\\\""))));
        if is_wording {
            seen += found.count();
        } else {
            assert_eq!(found.collect::<Vec<_>>(), Vec::<&&str>::new(), "{path} has a text of src/wording");
            // What to do about an error of a class is the advice's.
            let line = code.lines().find(|line| words_a_value(line)).filter(|_| path != "advice/class.rs");
            assert_eq!(line, None, "{path} words a value");
        }
    }
    assert!(seen > 80, "only {seen} texts were found");
    assert!(words_a_value("Outcome::Failed | Outcome::Unknown => \"not done\","));
    assert!(!words_a_value("Outcome::Failed => \"failed\",") && !words_a_value("VerifyMode::Off => \"not at all\","));
}
