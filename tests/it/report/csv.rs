//! A report as CSV.

use allstop::report::{Format, Report};
use proptest::prelude::*;

use super::every::{NASTY, every, infested};

fn csv(report: &Report) -> String {
    let mut text = Vec::new();
    Format::Csv.write(report, None, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn has_a_line_for_each_target() {
    let text = csv(&every());
    assert_eq!(text.lines().count(), every().targets.len() + 1);
    insta::assert_snapshot!("csv", text);
}

#[test]
fn the_docs_name_the_columns() {
    let text = csv(&every());
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.md")).unwrap();
    let columns: Vec<_> = text.lines().next().unwrap().split(',').map(|name| format!("`{name}`")).collect();
    assert!(docs.replace('\n', " ").contains(&columns.join(", ")), "{columns:?}");
}

#[test]
fn no_cell_is_a_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "=cmd|' /C calc'!A0"] {
        let rows = rows(&csv(&infested(text)));
        assert_eq!(rows[0][0], format!("'{text}"));
    }
    assert!(rows(&csv(&infested("\t=1")))[0][0].starts_with("\\t="));
}

proptest! {
    #[test]
    fn no_text_leaves_its_cell(text in any::<String>()) {
        for text in [&text, NASTY] {
            let shown = csv(&infested(text));
            prop_assert!(!shown.chars().any(|ch| ch.is_control() && ch != '\n'), "{shown:?}");
            prop_assert_eq!(shown.lines().count(), 20);
            let rows = rows(&shown);
            prop_assert_eq!(rows.len(), 19);
            for cell in rows.iter().flatten() {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell:?}");
            }
        }
    }
}
