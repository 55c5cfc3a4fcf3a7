use jiff::civil::time;
use proptest::prelude::*;

use super::*;

fn window(days: &[Weekday], from: (i8, i8), to: (i8, i8), zone: &str) -> Window {
    Window {
        days: days.to_vec(),
        from: time(from.0, from.1, 0, 0),
        to: time(to.0, to.1, 0, 0),
        timezone: TimeZone::get(zone).unwrap(),
        except: Exceptions::default(),
    }
}

fn except(window: Window, texts: &[&str]) -> Window {
    let mut except = Exceptions::default();
    except.extend(texts.iter().map(|text| text.parse().unwrap()));
    Window { except, ..window }
}

const WORKDAYS: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

#[track_caller]
fn assert_next(window: &Window, moment: &str, expected: &str) {
    let moment: Timestamp = moment.parse().unwrap();
    let expected: Timestamp = expected.parse().unwrap();
    assert_eq!(window.next_open(moment), Some(expected), "{window}");
    assert_eq!(window.is_open(moment), moment == expected, "{window}");
}

#[test]
fn is_exact_to_the_second() {
    let night = window(&WORKDAYS, (20, 0), (6, 0), "Asia/Shanghai");
    // 2026-11-20 is a Friday, and Shanghai is eight hours ahead.
    assert_next(&night, "2026-11-20T11:59:59Z", "2026-11-20T12:00:00Z");
    assert_next(&night, "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z");
    assert_next(&night, "2026-11-20T16:00:00Z", "2026-11-20T16:00:00Z");
    assert_next(&night, "2026-11-20T21:59:59Z", "2026-11-20T21:59:59Z");
    assert_next(&night, "2026-11-20T22:00:00Z", "2026-11-23T12:00:00Z");
}

#[test]
fn days_are_those_on_which_it_opens() {
    let monday = window(&[Weekday::Monday], (22, 0), (2, 0), "UTC");
    assert_next(&monday, "2026-11-23T01:00:00Z", "2026-11-23T22:00:00Z");
    assert_next(&monday, "2026-11-24T01:59:59Z", "2026-11-24T01:59:59Z");
    assert_next(&monday, "2026-11-24T02:00:00Z", "2026-11-30T22:00:00Z");
}

#[test]
fn equal_ends_make_a_whole_day() {
    let day = window(&[Weekday::Sunday], (6, 0), (6, 0), "UTC");
    assert_next(&day, "2026-11-22T05:59:59Z", "2026-11-22T06:00:00Z");
    assert_next(&day, "2026-11-23T05:59:59Z", "2026-11-23T05:59:59Z");
    assert_next(&day, "2026-11-23T06:00:00Z", "2026-11-29T06:00:00Z");
}

#[test]
fn midnight_is_an_end_like_any_other() {
    let evening = window(&[], (20, 0), (0, 0), "UTC");
    assert_next(&evening, "2026-11-22T23:59:59Z", "2026-11-22T23:59:59Z");
    assert_next(&evening, "2026-11-23T00:00:00Z", "2026-11-23T20:00:00Z");
    let morning = window(&[], (0, 0), (1, 0), "UTC");
    assert_next(&morning, "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z");
}

#[test]
fn a_skipped_opening_opens_when_the_clock_has_jumped() {
    // Berlin's clocks go from 02:00 to 03:00 on 2026-03-29, at 01:00 UTC.
    let early = window(&[], (2, 30), (4, 0), "Europe/Berlin");
    assert_next(&early, "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z");
    assert_next(&early, "2026-03-29T02:00:00Z", "2026-03-30T00:30:00Z");
    let skipped = window(&[], (2, 15), (2, 45), "Europe/Berlin");
    assert_next(&skipped, "2026-03-29T00:30:00Z", "2026-03-30T00:15:00Z");
}

#[test]
fn a_repeated_hour_counts_twice() {
    // Berlin's clocks go from 03:00 back to 02:00 on 2026-10-25, at 01:00 UTC.
    let early = window(&[], (2, 0), (2, 30), "Europe/Berlin");
    assert_next(&early, "2026-10-24T23:59:59Z", "2026-10-25T00:00:00Z");
    assert_next(&early, "2026-10-25T00:29:59Z", "2026-10-25T00:29:59Z");
    assert_next(&early, "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z");
    assert_next(&early, "2026-10-25T01:30:00Z", "2026-10-26T01:00:00Z");
}

#[test]
fn a_night_of_either_change_ends_to_the_second() {
    let night = window(&WORKDAYS, (20, 0), (6, 0), "America/New_York");
    let daily = window(&[], (20, 0), (6, 0), "America/New_York");
    // New York's clocks go from 02:00 to 03:00 on Sunday 2026-03-08: that night has nine hours.
    assert_next(&daily, "2026-03-08T00:59:59Z", "2026-03-08T01:00:00Z");
    assert_next(&daily, "2026-03-08T09:59:59Z", "2026-03-08T09:59:59Z");
    assert_next(&daily, "2026-03-08T10:00:00Z", "2026-03-09T00:00:00Z");
    // They go from 02:00 back to 01:00 on Sunday 2026-11-01: that night has eleven.
    assert_next(&daily, "2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z");
    assert_next(&daily, "2026-11-01T10:59:59Z", "2026-11-01T10:59:59Z");
    assert_next(&daily, "2026-11-01T11:00:00Z", "2026-11-02T01:00:00Z");
    // Over either weekend, Friday's window closes on Saturday and the next opens on Monday, by the new clock.
    assert_next(&night, "2026-03-07T11:00:00Z", "2026-03-10T00:00:00Z");
    assert_next(&night, "2026-10-31T10:00:00Z", "2026-11-03T01:00:00Z");
}

#[test]
fn a_skipped_day_is_no_end() {
    // Samoa had no Friday 2011-12-30.
    let fridays = window(&[Weekday::Friday], (8, 0), (9, 0), "Pacific/Apia");
    assert_next(&fridays, "2011-12-24T00:00:00Z", "2012-01-05T18:00:00Z");
}

#[test]
fn shows_itself_in_words() {
    let night = window(&[Weekday::Monday, Weekday::Friday], (20, 0), (6, 0), "Asia/Shanghai");
    assert_eq!(night.to_string(), "Mon, Fri from 20:00 to 06:00 the next day, Asia/Shanghai time");
}

/// Returns a strategy for exceptions of the year 2026: some days, or some quarters of an hour.
fn exceptions() -> impl Strategy<Value = String> {
    let first: Date = "2026-01-01".parse().unwrap();
    let days = (0..366_i64, 0..5_i64)
        .prop_map(move |(at, long)| format!("{}..{}", first + at.days(), first + (at + long).days()));
    let base: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let times = (0..366 * 96_i64, 1..400_i64)
        .prop_map(move |(at, long)| format!("{}..{}", base + (at * 15).minutes(), base + ((at + long) * 15).minutes()));
    prop_oneof![days, times]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Looking at the clock every quarter of an hour finds nothing that `next_open` does not.
    #[test]
    fn next_open_is_the_first_open_moment(
        days in proptest::sample::subsequence(WORKDAYS.to_vec(), 0..=3),
        from in 0..96_i64, to in 0..96_i64, start in 0..(366 * 96_i64),
        texts in prop::collection::vec(exceptions(), 0..6),
        zone in proptest::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    ) {
        let quarter = |n: i64| Time::midnight() + (n * 15).minutes();
        let window = Window {
            days, from: quarter(from), to: quarter(to), timezone: TimeZone::get(zone).unwrap(), except: Exceptions::default(),
        };
        let window = except(window, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let base: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let start = base + (start * 15).minutes();
        let next = window.next_open(start);
        let seen = (0..60 * 96_i64).map(|n| start + (n * 15).minutes()).find(|moment| window.is_open(*moment));
        prop_assert_eq!(next, seen);
    }
}

#[test]
fn an_opened_one_is_never_closed_and_keeps_its_zone() {
    let zone = TimeZone::get("America/New_York").unwrap();
    let days = vec![Weekday::Monday];
    let window = Window { days, timezone: zone.clone(), ..window(&[], (9, 0), (9, 1), "UTC") };
    let window = except(window, &["2026-10-31", "2026-11-01T00:00:00Z..2026-11-01T03:00:00Z"]);
    let opened = window.opened();
    let first: Timestamp = "2026-10-30T00:00:00Z".parse().unwrap();
    let moments = (0..24 * 60).map(|minutes| first.checked_add((minutes * 7_i64).minutes()).unwrap());
    assert!(
        moments.clone().all(|moment| opened.is_open(moment)) && !moments.clone().all(|moment| window.is_open(moment))
    );
    assert_eq!(opened.timezone, zone);
}

#[test]
fn an_excepted_day_does_not_open_and_the_evening_before_closes_as_usual() {
    let night = except(window(&WORKDAYS, (20, 0), (6, 0), "Asia/Shanghai"), &["2026-12-25", "2026-12-31..2027-01-03"]);
    // The window of Thursday 2026-12-24 goes on into the morning of the 25th; the one of the 25th does not open.
    assert_next(&night, "2026-12-24T21:59:59Z", "2026-12-24T21:59:59Z");
    assert_next(&night, "2026-12-25T12:00:00Z", "2026-12-28T12:00:00Z");
    assert_next(&night, "2026-12-31T12:00:00Z", "2027-01-04T12:00:00Z");
    let said = |moment: &str| night.exception_at(moment.parse().unwrap());
    assert_eq!(said("2026-12-25T12:00:00Z").unwrap(), "2026-12-25 is excepted");
    assert_eq!(said("2026-12-25T18:00:00Z").unwrap(), "2026-12-25 is excepted");
    assert_eq!(said("2027-01-01T13:00:00Z").unwrap(), "2027-01-01 is excepted");
    // Open, closed at this hour on any day, and a weekend.
    for moment in ["2026-12-24T12:00:00Z", "2026-12-25T08:00:00Z", "2026-12-26T13:00:00Z"] {
        assert_eq!(said(moment), None, "{moment}");
    }
}

#[test]
fn an_excepted_time_interrupts_it() {
    let day = except(window(&[], (8, 0), (18, 0), "UTC"), &["2026-12-24T12:00:00Z..2026-12-24T13:30:00Z"]);
    assert_next(&day, "2026-12-24T11:59:59Z", "2026-12-24T11:59:59Z");
    assert_next(&day, "2026-12-24T12:00:00Z", "2026-12-24T13:30:00Z");
    let said = day.exception_at("2026-12-24T12:00:00Z".parse().unwrap());
    assert_eq!(said.unwrap(), "2026-12-24T12:00:00Z..2026-12-24T13:30:00Z is excepted");
    // One that covers the opening moves it.
    let late = except(window(&[], (8, 0), (18, 0), "UTC"), &["2026-12-24T07:00:00Z..2026-12-24T09:00:00Z"]);
    assert_next(&late, "2026-12-24T06:00:00Z", "2026-12-24T09:00:00Z");
    assert_eq!(late.exception_at("2026-12-24T07:30:00Z".parse().unwrap()), None, "it is closed at this hour anyway");
}

#[test]
fn it_opens_after_exceptions_however_long() {
    let long = except(window(&[Weekday::Monday], (20, 0), (6, 0), "Europe/Berlin"), &["2026-12-01..2031-06-30"]);
    assert_next(&long, "2026-12-07T19:00:00Z", "2031-07-07T18:00:00Z");
    let hours = except(window(&[], (20, 0), (21, 0), "UTC"), &["2026-12-01T00:00:00Z..2031-06-30T20:15:00Z"]);
    assert_next(&hours, "2026-12-07T20:00:00Z", "2031-06-30T20:15:00Z");
    let ever = except(window(&[], (20, 0), (21, 0), "Europe/Berlin"), &["2026-12-01..9999-12-31"]);
    assert_eq!(ever.next_open("2026-12-07T19:00:00Z".parse().unwrap()), None);
}

#[test]
fn every_day_but_these_is_a_window_of_whole_days() {
    let always = except(window(&[], (0, 0), (0, 0), "Asia/Shanghai"), &["2026-12-25"]);
    assert_next(&always, "2026-12-24T15:59:59Z", "2026-12-24T15:59:59Z");
    assert_next(&always, "2026-12-24T16:00:00Z", "2026-12-25T16:00:00Z");
    let shown = "every day from 00:00 to 00:00 the next day, Asia/Shanghai time, except 2026-12-25";
    assert_eq!(always.to_string(), shown);
}

/// Returns a window with a calendar.
fn with_calendar(mut window: Window, texts: &[&str]) -> Window {
    let all: Vec<_> = texts.iter().map(|text| text.parse().unwrap()).collect();
    window.except.add_calendar("`c.ics`", &all);
    window
}

#[test]
fn the_calendar_of_an_exception_is_named() {
    let day = except(window(&[], (0, 0), (0, 0), "UTC"), &["2026-12-24", "2026-12-26"]);
    let day = with_calendar(day, &["2026-12-25..2026-12-26", "2026-12-28T08:00:00Z..2026-12-28T09:00:00Z"]);
    let said = |moment: &str| day.exception_at(moment.parse().unwrap()).unwrap();
    assert_eq!(said("2026-12-24T12:00:00Z"), "2026-12-24 is excepted");
    assert_eq!(said("2026-12-25T12:00:00Z"), "2026-12-25 is excepted by `c.ics`");
    assert_eq!(said("2026-12-26T12:00:00Z"), "2026-12-26 is excepted by `c.ics`");
    let time = "2026-12-28T08:00:00Z..2026-12-28T09:00:00Z is excepted by `c.ics`";
    assert_eq!(said("2026-12-28T08:30:00Z"), time);
}

#[test]
fn an_opening_is_shown_in_the_zone() {
    let shown = |zone: &str, at: &str| window(&[], (20, 0), (6, 0), zone).opening_text(at.parse().unwrap());
    let at = "2026-11-27T12:00:00Z";
    assert_eq!(shown("Asia/Shanghai", at), "2026-11-27 20:00 Asia/Shanghai (2026-11-27T12:00:00Z)");
    assert_eq!(shown("UTC", at), at);
    assert_eq!(
        shown("Europe/Berlin", "2026-11-27T23:00:01Z"),
        "2026-11-28 00:00:01 Europe/Berlin (2026-11-27T23:00:01Z)"
    );
}

#[test]
fn what_is_excepted_as_far_as_calendars_are_read_never_opens() {
    let now = "2026-11-26T17:00:00Z".parse().unwrap();
    let opens = |window: Window, texts: &[&str]| with_calendar(window, texts).next_open(now).map(|at| at.to_string());
    let every = || window(&[], (20, 0), (6, 0), "Asia/Shanghai");
    assert_eq!(opens(every(), &["2026-11-01..2099-12-31"]), None);
    // The last Monday is three days before the end.
    let monday = || window(&[Weekday::Monday], (20, 0), (6, 0), "Asia/Shanghai");
    assert_eq!(opens(monday(), &["2026-11-01..2099-12-28"]), None);
    // Daily times end on the next day.
    assert_eq!(opens(every(), &["2026-11-01T00:00:00Z..2100-01-01T00:00:00Z"]), None);
    assert_eq!(opens(every(), &["2026-11-26..2099-12-29"]).unwrap(), "2099-12-30T12:00:00Z");
    // An end that is written and lies elsewhere is one.
    assert_eq!(opens(every(), &["2026-11-26..2150-12-31"]).unwrap(), "2151-01-01T12:00:00Z");
}

#[test]
fn warns_of_exceptions_that_are_over() {
    let said = |window: &Window, now: &str| window.warnings(now.parse().unwrap()).join("\n");
    let night = window(&[], (20, 0), (6, 0), "Asia/Shanghai");
    let calendar = with_calendar(night.clone(), &["2025-12-24", "2025-12-26"]);
    // The night that does not begin on the 26th would end on the 27th at 06:00, which is 22:00 in UTC.
    let over = "guards.window.except: `c.ics` excepts nothing any more: its last day was 2025-12-26";
    assert_eq!(said(&calendar, "2025-12-26T21:59:59Z"), "");
    assert_eq!(said(&calendar, "2025-12-26T22:00:00Z"), over);
    let day = with_calendar(window(&[], (8, 0), (20, 0), "Asia/Shanghai"), &["2025-12-26"]);
    assert_eq!(said(&day, "2025-12-26T15:59:59Z"), "");
    assert_eq!(said(&day, "2025-12-26T16:00:00Z"), over);
    // A time to midnight is of the day before.
    let time = with_calendar(night.clone(), &["2025-12-26T12:00:00Z..2025-12-26T16:00:00Z"]);
    assert_eq!(
        (said(&time, "2025-12-26T15:59:59Z"), said(&time, "2025-12-26T16:00:00Z")),
        (String::new(), over.into())
    );
    // Days that are over beside some that are not.
    let both = except(night.clone(), &["2025-12-26", "2026-12-26"]);
    assert_eq!(said(&both, "2026-11-26T00:00:00Z"), "");
    let list = "guards.window.except excepts nothing any more: its last day was 2026-12-26";
    assert_eq!(said(&both, "2027-01-01T00:00:00Z"), list);
    let mixed = with_calendar(except(night.clone(), &["2025-12-26"]), &["2026-12-26"]);
    assert_eq!(said(&mixed, "2026-11-26T00:00:00Z"), "");
    assert_eq!(said(&night, "2026-11-26T00:00:00Z"), "");
}
