//! A report as Markdown.

use allstop::engine::{Outcome, Status};
use allstop::error::ErrorClass;
use allstop::report::{About, Markdown, Report};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::every::{NASTY, every, infested, outcomes, read};
use super::fixture::{executions, failed, plan, record};

fn markdown(report: &Report) -> String {
    let mut text = Vec::new();
    Markdown { report, again: Some("allstop retry 'a `b`.json'") }.write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn says_what_is_not_stopped_and_why() {
    insta::assert_snapshot!("markdown", markdown(&every()));
}

#[test]
fn is_short_when_all_is_well() {
    insta::assert_snapshot!("markdown_all_good", markdown(&outcomes(0, &[Outcome::Stopped; 3])));
}

#[test]
fn names_some_targets_of_every_cause_and_at_most_twenty() {
    let rows = (0..600).map(|number| match number % 30 {
        0 => failed(ErrorClass::Denied, "Rare", &format!("cause {}", number / 30)),
        _ => failed(ErrorClass::Denied, "AccessDenied", "no"),
    });
    let record = record(Status::Completed, rows.collect());
    let text = markdown(&read(&plan(executions(600)), &record, &About::default()));
    insta::assert_snapshot!("markdown_many", text);
    assert_eq!(text.matches("etl/run-").count(), 20);
}

/// Fails where a reader would see markup, a link or a mention that came from a text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let shown = markdown(&infested(text));
    let mut in_table = false;
    #[expect(clippy::wildcard_enum_match_arm, reason = "Markdown has more than what a text must not be")]
    for event in Parser::new_ext(&shown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => prop_assert!(false, "{shown}"),
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_)) => {
                prop_assert!(false, "{shown}");
            }
            Event::Start(Tag::Table(_)) => in_table = true,
            Event::Text(plain) => prop_assert!(!plain.contains(['@', '<', '`', '[', '#']), "{plain} in {shown}"),
            _ => {}
        }
    }
    prop_assert!(in_table, "{shown}");
    Ok(())
}

#[test]
fn a_nasty_text_is_only_a_text() {
    for text in [NASTY, "`", "``", "a`", "`@team", "``@team`", "\\`@team\\`", " ", "", "$`x`$", "~~~", "|`|"] {
        check(text).unwrap();
    }
}

proptest! {
    #[test]
    fn no_text_is_more_than_a_text(text in "[ -~\n\u{202e}é]{0,40}") {
        check(&text)?;
    }
}
