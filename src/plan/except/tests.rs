use super::*;

fn read(text: &str) -> Result<String, String> {
    text.parse::<Exception>().map(|one| one.to_string()).map_err(|error| error.to_string())
}

fn of(texts: &[&str]) -> Exceptions {
    let mut all = Exceptions::default();
    all.extend(texts.iter().map(|text| text.parse().unwrap()));
    all
}

#[test]
fn days_and_spans_read_back_as_they_show() {
    for text in ["2026-12-25", "2026-12-24..2027-01-02", "2026-12-24T12:00:00Z..2026-12-24T18:30:00Z"] {
        assert_eq!(read(text), Ok(text.to_owned()));
    }
    assert_eq!(read("2026-12-25..2026-12-25"), Ok("2026-12-25".into()));
    assert_eq!(read("2026-12-24 .. 2027-01-02"), Ok("2026-12-24..2027-01-02".into()));
    let shanghai = "2026-12-24T12:00:00+08:00..2026-12-24T18:00:00+08:00";
    assert_eq!(read(shanghai), Ok("2026-12-24T04:00:00Z..2026-12-24T10:00:00Z".into()));
}

#[test]
fn what_is_none_says_why() {
    let table = [
        ("2026-02-30", "there is no such day"),
        ("2026-02-28..2026-02-30", "there is no such day"),
        ("2027-01-02..2026-12-24", "it ends before it begins"),
        ("2026-12-24T12:00:00Z..2026-12-24T12:00:00Z", "it ends before it begins"),
        ("2026-12-24T12:00:00..2026-12-24T18:00:00", "the zone is missing"),
        ("2026-12-24..2026-12-24T18:00:00Z", "invalid format"),
        ("2026-12-24T12:00:00Z", "invalid format"),
        ("christmas", "invalid format"),
        ("2026-12-24..", "invalid format"),
        ("2026-12-24...2026-12-26", "invalid format"),
    ];
    for (text, why) in table {
        assert_eq!(read(text), Err(why.to_owned()), "{text}");
    }
}

#[test]
fn those_that_overlap_or_touch_are_one() {
    let all = of(&["2026-12-27", "2026-12-25", "2026-12-26", "2027-01-01..2027-01-05", "2027-01-02..2027-01-03"]);
    assert_eq!(all.texts(), ["2026-12-25..2026-12-27", "2027-01-01..2027-01-05"]);
    let hours = of(&[
        "2026-12-24T12:00:00Z..2026-12-24T13:00:00Z",
        "2026-12-24T13:00:00Z..2026-12-24T14:00:00Z",
        "2026-12-24T15:00:00Z..2026-12-24T16:00:00Z",
    ]);
    assert_eq!(
        hours.texts(),
        ["2026-12-24T12:00:00Z..2026-12-24T14:00:00Z", "2026-12-24T15:00:00Z..2026-12-24T16:00:00Z"]
    );
}

#[test]
fn the_last_day_is_in_it_and_the_last_moment_is_not() {
    let all = of(&["2026-12-24..2026-12-26", "2026-12-30T12:00:00Z..2026-12-30T13:00:00Z"]);
    let on = |day: &str| all.on(day.parse().unwrap()).is_some();
    assert_eq!(["2026-12-23", "2026-12-24", "2026-12-26", "2026-12-27"].map(on), [false, true, true, false]);
    let at = |time: &str| all.at(format!("2026-12-30T{time}Z").parse().unwrap()).is_some();
    assert_eq!(["11:59:59", "12:00:00", "12:59:59", "13:00:00"].map(at), [false, true, true, false]);
}

#[test]
fn the_first_few_are_named() {
    assert_eq!(of(&["2026-12-25"]).to_string(), "2026-12-25");
    let mut all = of(&["2026-12-25", "2026-12-31..2027-01-02"]);
    assert_eq!(all.to_string(), "2026-12-25 and 2026-12-31..2027-01-02");
    all.add_calendar("holidays.ics", &[]);
    assert_eq!(all.to_string(), "2026-12-25, 2026-12-31..2027-01-02 and the events of holidays.ics");
    all.extend(["2027-05-01", "2027-05-02", "2027-05-03"].map(|text| text.parse().unwrap()));
    assert!(all.to_string().ends_with("the events of holidays.ics, 2027-05-01 and 2 more"), "{all}");
}

#[test]
fn those_that_touch_a_span_of_days_stay() {
    let all = of(&["2025-12-25", "2026-12-25", "2027-12-25", "2026-06-01T23:30:00Z..2026-06-01T23:45:00Z"]);
    let some = all.between("2026-06-02".parse().unwrap(), "2026-12-25".parse().unwrap());
    assert_eq!(some.texts(), ["2026-12-25", "2026-06-01T23:30:00Z..2026-06-01T23:45:00Z"]);
}
