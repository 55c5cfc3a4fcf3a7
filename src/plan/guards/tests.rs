use proptest::prelude::*;

use super::*;
use crate::service::{Kind, Params, Value};

fn protecting(patterns: &[&str]) -> Guards {
    Guards { protect: Patterns::new(patterns.iter().copied()).unwrap(), ..Guards::default() }
}

fn target(flow: Option<&str>, execution: &str) -> Target {
    Target {
        own_id: Some("nightly".into()),
        kind: Kind::named("fnf_execution").unwrap(),
        account: 0,
        params: Params::new([flow, Some(execution), Some("stop the payments"), None].map(|text| text.map(Value::Text))),
        labels: std::sync::Arc::new([("team".to_owned(), "data".to_owned())].into()),
        stage: None,
        duplicate_of: None,
        selection: None,
        seen: None,
    }
}

#[test]
fn patterns_match_the_id_the_identity_and_labels() {
    let table = [
        ("night*", true),
        ("nightly", true),
        ("night", false),
        ("NIGHT*", false),
        ("etl/*", true),
        ("*b/c", true),
        ("run-[0-9]", true),
        ("{x,run}-*", true),
        ("team=data", true),
        ("team=*", true),
        ("data", false),
        ("*payments*", false),
    ];
    for (pattern, expected) in table {
        let guards = protecting(&[pattern]);
        let protected = guards.protects(&target(Some("etl/b/c"), "run-7"));
        assert_eq!(protected, expected.then_some(pattern), "{pattern}");
    }
}

#[test]
fn patterns_with_a_last_day_match_in_the_same_way_until_then() {
    let entries = ["none", "team=*", "night*"].map(|text| (pattern::compile(text).unwrap(), text.to_owned()));
    let entries = entries.map(|(glob, text)| (glob, text, "2026-12-31".parse().unwrap()));
    let protect_until = ProtectUntil::of(entries.to_vec(), jiff::tz::TimeZone::UTC).unwrap();
    let mut guards = Guards { protect_until, ..protecting(&["other"]) };
    assert_eq!(guards.protects(&target(Some("f"), "e")), Some("team=*"));
    assert_eq!(guards.protects(&target(None, "e")), Some("other"), "what cannot be read is protected");
    assert!(guards.may_need_tags());
    guards.protect_until.decide("2027-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(guards.protects(&target(Some("f"), "e")), None);
    assert!(!guards.may_need_tags());
}

#[test]
fn the_first_pattern_that_matches_is_named() {
    let guards = protecting(&["none", "team=*", "night*"]);
    assert_eq!(guards.protects(&target(Some("f"), "e")), Some("team=*"));
}

#[test]
fn what_cannot_be_read_is_protected() {
    assert_eq!(protecting(&["payments"]).protects(&target(None, "e")), Some("payments"));
    assert_eq!(Guards::default().protects(&target(None, "e")), None);
}

#[test]
fn a_percentage_is_rounded_up_and_at_least_one() {
    let table = [
        (MaxFailures::Count(3), 100, 3),
        (MaxFailures::Percent(1000), 6, 1),
        (MaxFailures::Percent(1000), 10, 1),
        (MaxFailures::Percent(1000), 11, 2),
        (MaxFailures::Percent(1), 3, 1),
        (MaxFailures::Percent(10_000), 7, 7),
        (MaxFailures::Percent(250), 0, 1),
        (MaxFailures::Percent(10_000), u64::MAX, u64::MAX),
    ];
    for (rule, total, expected) in table {
        assert_eq!(rule.limit(total), expected, "{rule} of {total}");
    }
}

proptest! {
    #[test]
    fn a_threshold_is_reached_exactly_when_the_share_is(hundredths in 1..=10_000_u32, total in 1..1_000_000_u64) {
        let limit = MaxFailures::Percent(hundredths).limit(total);
        let reaches = |failures: u64| failures * 10_000 >= total * u64::from(hundredths);
        prop_assert!(limit >= 1 && limit <= total && reaches(limit));
        prop_assert!(limit == 1 || !reaches(limit - 1));
    }

    #[test]
    fn a_threshold_reads_back_as_it_shows(hundredths in 1..=10_000_u32) {
        let rule = MaxFailures::Percent(hundredths);
        prop_assert_eq!(rule.to_string().parse(), Ok(rule));
    }
}
