//! The HTML report, as text.

use allstop::engine::{Outcome, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::plan::{NotFound, Target};
use allstop::report::{About, Format, HtmlPage, Rehearsal, Report, RunMode};
use proptest::prelude::*;
use serde_json::Value;

use super::every::{of_two_accounts, read, steady};
use super::fixture::{attempt, execution, executions, failed, plan, record, row, stopped};

/// Text that does harm wherever somebody takes it for more than text.
const NASTY: &str =
    "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> \u{1b}[2J\u{202e}\u{2028}\r\n\"'&";

/// Returns the report of a run, as if it had been read from its file.
fn report(targets: Vec<Target>, results: Vec<TargetResult>, about: &About) -> Report {
    read(&plan(targets), &record(Status::Completed, results), about)
}

fn page(report: &Report) -> String {
    let mut page = Vec::new();
    Format::Html.write(report, None, &mut page).unwrap();
    String::from_utf8(page).unwrap()
}

/// Returns what stands between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
}

/// Returns the rows as the page's script gets them.
fn rows(page: &str) -> Value {
    serde_json::from_str(between(page, "id=\"report-rows\">", "</script>")).unwrap()
}

/// A run with a bit of everything.
fn mixed() -> Report {
    let throttled = (1..4).map(|n| attempt(n, Some(ErrorClass::Throttled), Some(312)));
    let results = vec![
        TargetResult { attempts: throttled.chain([attempt(4, None, None)]).collect(), ..stopped() },
        failed(ErrorClass::Denied, "AccessDenied", "No permission for execution run-0001 (REQ-1)."),
        failed(ErrorClass::Denied, "AccessDenied", "No permission for execution run-0002 (REQ-1)."),
        row(Outcome::NotFound),
        TargetResult::skipped(SkipReason::Protected),
    ];
    report(executions(5), results, &About::default())
}

#[test]
fn account_and_region_stand_beside_ids_of_several() {
    let page = page(&of_two_accounts());
    let ids = between(&page, "<p class=\"ids\">", "</p>");
    for (id, place) in [("fnf_execution:etl/x", "ali-prod cn-hangzhou"), ("drs_job:j-1", "hw-prod cn-north-4")] {
        let beside = format!("<code><bdi>{id}</bdi></code> <span class=\"place\"><bdi>{place}</bdi></span>");
        assert!(ids.contains(&beside), "{ids}");
    }
    assert!(page.contains("<body class=\"has-places\">"));
    assert!(!self::page(&mixed()).contains("<body class"));
}

#[test]
fn tells_the_verdict_and_why_without_its_script() {
    let page = page(&mixed());
    let shown = between(&page, "<main>", "<section id=\"targets\"");
    insta::assert_snapshot!("page", shown);
}

#[test]
fn names_the_command_that_goes_on() {
    let report = mixed();
    let mut page = Vec::new();
    HtmlPage { report: &report, again: Some("allstop retry 'a b.json'") }.write(&mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert_eq!(between(&page, "<code id=\"command\">", "</code>"), "allstop retry &#39;a b.json&#39;");
}

#[test]
fn the_verdict_says_no_more_than_is_known() {
    let disagrees = Rehearsal {
        seed: 7,
        faults: "some".to_owned(),
        speed: 1.0,
        agrees: false,
        disagreements: vec!["run-0000: says stopped, but it runs".to_owned()],
    };
    let rehearsed = About { mode: RunMode::Rehearsal, rehearsal: Some(disagrees), ..About::default() };
    let (live, dry) = (About::default(), About { mode: RunMode::DryRun, ..About::default() });
    let table = [
        ("good", "All 2 targets are stopped.", 0, &live, [stopped(), row(Outcome::AlreadyStopped)]),
        ("good", "All 2 targets are stopped or not found.", 0, &live, [stopped(), row(Outcome::NotFound)]),
        ("unsure", "1 of 2 targets is NOT known to be stopped.", 1, &live, [stopped(), row(Outcome::NotFound)]),
        ("bad", "1 of 2 targets is NOT stopped.", 1, &live, [stopped(), failed(ErrorClass::Server, "", "no")]),
        (
            "neutral",
            "Nothing to do: every target of the plan was left out.",
            4,
            &live,
            [TargetResult::skipped(SkipReason::Filtered), TargetResult::skipped(SkipReason::Protected)],
        ),
        (
            "neutral",
            "Nothing to do: every target is in another shard.",
            0,
            &live,
            [TargetResult::skipped(SkipReason::Shard), TargetResult::skipped(SkipReason::Shard)],
        ),
        (
            "neutral",
            "Dry run, nothing was stopped: 1 of 2 targets would be stopped.",
            0,
            &dry,
            [row(Outcome::WouldStop), row(Outcome::AlreadyStopped)],
        ),
        (
            "bad",
            "Rehearsal, no cloud was touched: all 2 targets are stopped, in the simulator.",
            1,
            &rehearsed,
            [stopped(), stopped()],
        ),
    ];
    for (tone, sentence, exit_code, about, results) in table {
        let mut plan = plan(executions(2));
        plan.guards.not_found = if exit_code == 0 { NotFound::Ok } else { NotFound::Fail };
        let report = read(&plan, &record(Status::Completed, results.into()), about);
        assert_eq!(report.run.exit_code, exit_code, "{sentence}");
        let page = page(&report);
        assert_eq!(between(&page, "<h1 id=\"sentence\">", "</h1>"), sentence);
        assert!(page.contains(&format!("<section class=\"verdict {tone}\"")), "{sentence}");
    }
}

#[test]
fn a_stated_rate_is_a_line_where_it_fits_and_told_everywhere() {
    let (title, beyond) = (|rate: &str| format!("<g class=\"stated\"><title>stated {rate}</title>"), "above the chart");
    for (stated, told, is_drawn) in [(2.0, "2/s", true), (12.5, "12.5/s", true), (2000.0, "2,000/s", false)] {
        let page = page(&steady(stated));
        assert!(page.contains(&format!("<div><dt>stated</dt><dd>{told}")), "{stated}");
        assert!(page.contains(&format!("on average, {told} stated")), "{stated}");
        assert_eq!(page.contains(&title(told)), is_drawn, "{stated}");
        assert_eq!(page.contains("<line class=\"quota\" x2=\"20\""), is_drawn, "the legend, {stated}");
        assert_eq!(page.contains(beyond), !is_drawn, "{stated}");
    }
    let mut older = steady(2.0);
    older.lanes.iter_mut().for_each(|lane| lane.stated_per_second = None);
    let page = page(&older);
    assert!(page.contains("<svg class=\"bars\"") && !page.contains("stated</") && !page.contains("<line class"));
}

#[test]
fn text_of_others_stays_text() {
    let about = About::default();
    let page = page(&report(vec![execution(NASTY)], vec![failed(ErrorClass::Invalid, NASTY, NASTY)], &about));
    assert_eq!(page.matches("</script>").count(), 2, "that of the rows and that of the script");
    assert!(!page.contains("<img"), "nobody's text makes an element");
    assert!(page.chars().all(|ch| ch == '\n' || !(ch.is_control() || "\u{202e}\u{2028}".contains(ch))));
    assert!(rows(&page)["texts"].as_array().unwrap().iter().any(|text| text == NASTY));
}

#[test]
fn asks_for_nothing_from_outside() {
    let page = page(&mixed());
    assert!(!page.contains("://"), "no address");
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\">");
    assert!(policy.starts_with("default-src &#39;none&#39;; "), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for attribute in [" style=", " onclick=", " src="] {
        assert!(!page.contains(attribute), "{attribute}");
    }
}

#[test]
fn rows_stream() {
    struct Largest(usize);
    impl std::io::Write for Largest {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.max(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let results = (0..5_000).map(|_| stopped()).collect();
    let report = report(executions(5_000), results, &About::default());
    let mut out = Largest(0);
    Format::Html.write(&report, None, &mut out).unwrap();
    assert!(out.0 < 64 << 10, "{} bytes in one go", out.0);
}

#[test]
fn a_writer_that_fails_ends_it() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = Format::Html.write(&mixed(), None, &mut Full).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
}

proptest! {
    #[test]
    fn every_text_arrives_as_it_was(text in "(?s)(.|[<>&'\"\u{1b}\u{2028}\u{202e}\\\\]|</script>|<!--){1,30}") {
        let about = About::default();
        let page = page(&report(vec![execution(&text)], vec![failed(ErrorClass::Invalid, "E", &text)], &about));
        let rows = rows(&page);
        prop_assert_eq!(&rows["rows"][0][0], &format!("fnf_execution:etl/{text}"));
        prop_assert!(rows["texts"].as_array().unwrap().iter().any(|known| *known == text));
    }
}
