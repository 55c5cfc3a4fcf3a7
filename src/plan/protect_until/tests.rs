use super::*;
use crate::plan::pattern::compile;

fn until(zone: &str, entries: &[(&str, &str)]) -> ProtectUntil {
    let entries =
        entries.iter().map(|(text, day)| (compile(text).unwrap(), (*text).to_owned(), day.parse().unwrap())).collect();
    ProtectUntil::of(entries, TimeZone::get(zone).unwrap()).unwrap()
}

fn holding(until: &ProtectUntil, began: &str) -> Vec<String> {
    let mut until = until.clone();
    until.decide(began.parse().unwrap());
    until.holding().texts().to_vec()
}

#[test]
fn a_pattern_protects_until_the_last_second_of_its_day_in_its_zone() {
    let shanghai = until("Asia/Shanghai", &[("a*", "2026-12-31"), ("b*", "2027-01-01")]);
    assert_eq!(holding(&shanghai, "2026-12-31T15:59:59Z"), ["a*", "b*"]);
    assert_eq!(holding(&shanghai, "2026-12-31T16:00:00Z"), ["b*"]);
    assert_eq!(holding(&shanghai, "2027-01-01T16:00:00Z"), [""; 0]);
    let new_york = until("America/New_York", &[("a*", "2026-12-31")]);
    assert_eq!(holding(&new_york, "2027-01-01T04:59:59Z"), ["a*"]);
    assert_eq!(holding(&new_york, "2027-01-01T05:00:00Z"), [""; 0]);
}

#[test]
fn without_a_clock_all_protect_and_a_decision_can_be_made_again() {
    let mut one = until("UTC", &[("a*", "2026-12-31")]);
    assert_eq!(one.holding().texts(), ["a*"]);
    one.decide("2027-02-01T00:00:00Z".parse().unwrap());
    assert_eq!(one.holding().texts(), [""; 0]);
    one.decide("2026-12-01T00:00:00Z".parse().unwrap());
    assert_eq!(one.holding().texts(), ["a*"]);
}

#[test]
fn a_day_that_begins_late_ends_the_one_before() {
    // Beirut's clocks went from 00:00 to 01:00 on 2022-03-27, at 22:00 UTC.
    let beirut = until("Asia/Beirut", &[("a*", "2022-03-26")]);
    assert_eq!(holding(&beirut, "2022-03-26T21:59:59Z"), ["a*"]);
    assert_eq!(holding(&beirut, "2022-03-26T22:00:00Z"), [""; 0]);
}

#[test]
fn the_end_of_time_never_comes() {
    let ever = until("America/New_York", &[("a*", "9999-12-31")]);
    assert_eq!(holding(&ever, "9999-12-30T22:00:00Z"), ["a*"]);
    assert_eq!(ever.warnings("2026-12-30T22:00:00Z".parse().unwrap()), [""; 0]);
}

#[test]
fn warns_from_a_week_before_and_ever_after() {
    let one = until("Asia/Shanghai", &[("a*", "2026-12-31")]);
    let said = |now: &str| one.warnings(now.parse().unwrap()).join("\n");
    assert_eq!(said("2026-12-23T15:59:59Z"), "");
    let ends = "guards.protect_until: `a*` protects until the end of 2026-12-31: its last day is";
    assert_eq!(said("2026-12-23T16:00:00Z"), format!("{ends} in 7 days"));
    assert_eq!(said("2026-12-30T15:59:59Z"), format!("{ends} in 1 day"));
    assert_eq!(said("2026-12-31T15:59:59Z"), format!("{ends} today"));
    let ended = "guards.protect_until: `a*` protects nothing any more: its last day was 2026-12-31";
    assert_eq!(said("2026-12-31T16:00:00Z"), ended);
    assert_eq!(said("2030-01-01T00:00:00Z"), ended);
}
