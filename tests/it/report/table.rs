//! A report as a table.

use allstop::report::{Report, Table};
use allstop::run::Outcome;
use proptest::prelude::*;

use super::every::{every, infested, outcomes};

fn table(report: &Report, all: bool, width: Option<usize>) -> String {
    let mut text = Vec::new();
    Table { report, all, again: Some("allstop retry a.json"), width, colour: false }.write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn shows_what_is_not_stopped() {
    insta::assert_snapshot!("table", table(&every(), false, None));
}

#[test]
fn shows_every_row_when_asked() {
    insta::assert_snapshot!("table_all", table(&every(), true, None));
}

#[test]
fn wraps_where_the_terminal_ends() {
    for width in [80, 20] {
        insta::assert_snapshot!(format!("table_{width}"), table(&every(), false, Some(width)));
    }
}

#[test]
fn the_rows_are_never_wider_than_the_terminal() {
    for width in 20..140 {
        let text = table(&every(), true, Some(width));
        let rows = text.split("\n\n").nth(1).unwrap();
        for line in rows.lines() {
            assert!(line.chars().count() <= width, "{width}: {line:?}");
        }
    }
}

#[test]
fn the_verdict_comes_first_and_says_no_more_than_the_report() {
    use Outcome::{Accepted, Failed, NotFound, Stopped};
    let table_of = [
        (0, &[Stopped, Stopped][..], "All 2 targets are stopped."),
        (0, &[Stopped, NotFound], "All 2 targets are stopped or gone."),
        (0, &[Accepted], "The one target is stopped or took the stop; whether it ended them was not checked."),
        (1, &[Stopped, NotFound], "1 of 2 targets is NOT known to be stopped."),
        (1, &[Stopped, Accepted], "1 of 2 targets is NOT known to be stopped."),
        (1, &[Failed, NotFound, NotFound], "1 of 3 targets is NOT stopped, 2 more cannot be found."),
    ];
    for (exit_code, rows, verdict) in table_of {
        let text = table(&outcomes(exit_code, rows), false, None);
        assert_eq!(text.lines().next(), Some(verdict), "{rows:?}");
    }
}

#[test]
fn colours_only_where_wanted() {
    let report = every();
    let mut text = Vec::new();
    Table { report: &report, all: false, again: None, width: None, colour: true }.write(&mut text).unwrap();
    assert!(text.starts_with(b"\x1b["));
    assert!(!table(&report, true, None).contains('\u{1b}'));
}

proptest! {
    #[test]
    fn no_text_can_play_with_the_terminal(text in any::<String>(), width in 20_usize..200) {
        for width in [None, Some(width)] {
            let shown = table(&infested(&text), true, width);
            prop_assert!(!shown.chars().any(|ch| ch.is_control() && ch != '\n'), "{shown:?}");
        }
    }
}
