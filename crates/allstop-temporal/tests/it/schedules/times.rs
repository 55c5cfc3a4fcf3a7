//! Cron expressions and time zones.

use allstop::Timestamp;
use allstop_temporal::schedule::Cron;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::{TWO, created, described, fast, now};
use crate::harness::{Site, TestPlan};

#[test]
fn times_that_clock_changes_leave_out_or_repeat_are_told() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    let args = ["schedule", "create", "nightly", "plan.yaml", "--yes", "--cron", TWO, "--timezone", "Europe/Berlin"];
    let ended = site.run(args);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let shown = described(&site, "nightly");
    let changes = shown["clock_changes"].as_array().unwrap();
    let mut kinds: Vec<_> = changes.iter().map(|change| change["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    // A year has one of each, and a day more may have the next one.
    kinds.dedup();
    assert_eq!(kinds, ["missing", "twice"]);
    for change in zone.following(now()).take(2) {
        let day = change.timestamp().to_zoned(zone.clone()).date();
        let told = changes.iter().find(|told| told["day"] == day.to_string()).unwrap();
        let (what, starts) = match told["kind"].as_str() {
            Some("missing") => ("does not exist", 0),
            _ => ("comes twice", 1),
        };
        assert!(ended.stderr.contains(&format!("{day} 02:30 in Europe/Berlin {what}")), "{}", ended.stderr);
        assert_eq!(told["starts"].as_array().unwrap().len(), starts, "{told}");
    }
    assert!(ended.stderr.contains("rows of a run are kept for"), "{}", ended.stderr);
    let [first, ..] = &shown["next"].as_array().unwrap()[..] else { panic!("no next time") };
    let first = first.as_str().unwrap();
    assert!(first.contains("T02:30:00+0"), "{first}");
    assert_eq!(ended.stdout.lines().filter(|line| line.contains("02:30 +0")).count(), 5 + changes.len() / 2);
}

#[test]
fn a_cron_expression_has_the_meaning_that_the_server_gives_it() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    let table = [
        "*/25 1-3 * * *",
        "5/20 2,14 * * 1/3",
        "0 12 * * 7",
        "0 12 13-20 * fri-sat",
        "0 12 */9 * */2",
        "0 0 1 feb,Jul *",
    ];
    for (number, text) in table.into_iter().enumerate() {
        let cron: Cron = text.parse().unwrap();
        let shown = created(&site, &format!("s{number}"), &["--cron", text]);
        let next: Vec<Timestamp> =
            shown["next"].as_array().unwrap().iter().map(|at| at.as_str().unwrap().parse().unwrap()).collect();
        let from = next[0].to_zoned(TimeZone::UTC).datetime();
        let ours = from.series(1.minute()).filter(|at| cron.matches(*at)).take(next.len());
        let ours: Vec<_> = ours.map(|at| at.to_zoned(TimeZone::UTC).unwrap().timestamp()).collect();
        assert_eq!(next, ours, "{text}");
    }
    let ended = site.run(["schedule", "describe", "s3"]);
    assert!(ended.stdout.contains("0 12 13-20 * fri-sat in UTC"), "{}", ended.stdout);
}
