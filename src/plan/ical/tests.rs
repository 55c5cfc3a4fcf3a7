use jiff::tz::TimeZone;

use super::*;

/// Returns what the events of a calendar except, as plans write it, in Shanghai's time.
fn read(events: &str) -> Result<Vec<String>, String> {
    let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}\r\nEND:VCALENDAR\r\n");
    of(text.as_bytes())
}

fn of(bytes: &[u8]) -> Result<Vec<String>, String> {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    match exceptions(bytes, &zone) {
        Ok(all) => Ok(all.iter().map(ToString::to_string).collect()),
        Err(problems) => {
            let told = problems.iter().map(|problem| format!("{}: {}", problem.line, problem.title));
            Err(told.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// Returns an event with these lines; its first line is the third of the file, or later where others are before it.
fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT", lines.replace('\n', "\r\n"))
}

#[track_caller]
fn assert_excepts(lines: &str, expected: &[&str]) {
    assert_eq!(read(&event(lines)), Ok(expected.iter().map(|text| (*text).to_owned()).collect()), "{lines}");
}

#[track_caller]
fn assert_refused(lines: &str, expected: &str) {
    assert_eq!(read(&event(lines)), Err(expected.to_owned()), "{lines}");
}

#[test]
fn days_end_before_their_end() {
    assert_excepts("DTSTART;VALUE=DATE:20261225", &["2026-12-25"]);
    assert_excepts("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227", &["2026-12-25..2026-12-26"]);
    assert_excepts("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226", &["2026-12-25"]);
    // Some programs write the same day as the end.
    assert_excepts("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225", &["2026-12-25"]);
    assert_excepts("DTSTART;VALUE=DATE:20261225\nDURATION:P1W", &["2026-12-25..2026-12-31"]);
    assert_excepts("DTSTART:20261225\nDURATION:P2D", &["2026-12-25..2026-12-26"]);
}

#[test]
fn times_are_in_their_zone() {
    let hour = "2026-12-24T08:00:00Z..2026-12-24T09:00:00Z";
    assert_excepts("DTSTART:20261224T080000Z\nDTEND:20261224T090000Z", &[hour]);
    assert_excepts("DTSTART;TZID=Europe/Berlin:20261224T090000\nDURATION:PT1H", &[hour]);
    assert_excepts("DTSTART;TZID=\"/example.org/20260101_1/Europe/Berlin\":20261224T090000\nDURATION:PT1H", &[hour]);
    for zone in [
        "/mozilla.org/20050126_1/Europe/Berlin",
        "/Europe/Berlin",
        "W. Europe Standard Time",
        "\"W. Europe Standard Time\"",
        "w. europe standard time",
    ] {
        assert_excepts(&format!("DTSTART;TZID={zone}:20261224T090000\nDURATION:PT1H"), &[hour]);
    }
    assert_excepts("DTSTART;TZID=\"China Standard Time\":20261224T160000\nDURATION:PT1H", &[hour]);
    assert_excepts("DTSTART;TZID=\"tzone://Microsoft/Utc\":20261224T080000\nDURATION:PT1H", &[hour]);
    // Without a zone, in that of the window.
    assert_excepts("DTSTART:20261224T160000\nDTEND:20261224T170000", &[hour]);
    // The end may be in another zone than the start.
    assert_excepts("DTSTART:20261224T160000\nDTEND;TZID=Europe/Berlin:20261224T100000", &[hour]);
    // A day of the calendar has 25 hours when Berlin's clocks go back.
    let day = "2026-10-24T10:00:00Z..2026-10-25T11:00:00Z";
    assert_excepts("DTSTART;TZID=Europe/Berlin:20261024T120000\nDURATION:P1D", &[day]);
    let hours = "2026-10-24T10:00:00Z..2026-10-25T10:00:00Z";
    assert_excepts("DTSTART;TZID=Europe/Berlin:20261024T120000\nDURATION:PT24H", &[hours]);
    // Without an end it has no length.
    assert_excepts("DTSTART:20261224T160000", &[]);
}

#[test]
fn what_is_no_event_excepts_nothing() {
    let todo = "BEGIN:VTODO\r\nDTSTART:20261225\r\nRRULE:FREQ=SECONDLY\r\nEND:VTODO";
    let zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE";
    assert_eq!(read(&format!("{todo}\r\n{zone}")), Ok(Vec::new()));
    assert_excepts("DTSTART:20261225\nSTATUS:CANCELLED", &[]);
    // What is inside an event is not of the event.
    let alarm = "DTSTART:20261225\nBEGIN:VALARM\nTRIGGER:-PT1H\nDURATION:PT15M\nREPEAT:2\nEND:VALARM\nSTATUS:CONFIRMED";
    assert_excepts(alarm, &["2026-12-25"]);
    assert_excepts("DTSTART:20261225\nTRANSP:TRANSPARENT\nX-OWN;X=\"a:b\":c", &["2026-12-25"]);
}

#[test]
fn rules_choose_the_days_that_others_choose() {
    let mut tried = 0;
    for row in include_str!("tests/rules.txt").lines().filter(|row| !row.starts_with('#')) {
        let mut cells = row.split(' ');
        let [first, rule, count] = [(); 3].map(|()| cells.next().unwrap());
        let expected: Vec<_> = cells.map(str::to_owned).collect();
        let parsed = content::lines(format!("DTSTART:{first}\nRRULE:{rule}\n").as_bytes());
        let [first, rule]: [content::Line; 2] = parsed.map(Result::unwrap).collect::<Vec<_>>().try_into().unwrap();
        let start = value::when(&first, &TimeZone::UTC).unwrap();
        let days = recurrence::days(&rule::Rule::read(&rule, &start).unwrap(), &start);
        assert_eq!(days.len(), count.parse::<usize>().unwrap(), "{row}");
        let shown: Vec<_> = days.iter().map(|day| day.strftime("%Y%m%d").to_string()).collect();
        let shown = if shown.len() > 6 { [&shown[..6], &shown[shown.len() - 3..]].concat() } else { shown };
        assert_eq!(shown, expected, "{row}");
        tried += 1;
    }
    assert!(tried > 40, "only {tried} rules");
}

#[test]
fn an_event_without_an_end_is_repeated_until_2099() {
    let all = read(&event("DTSTART;VALUE=DATE:19701225\nRRULE:FREQ=YEARLY")).unwrap();
    let own = all.iter().filter(|day| *day == "1970-12-25").count();
    assert_eq!((own, all.last().map(String::as_str)), (2, Some("2099-12-25")), "the first one, and those of the rule");
    assert_eq!(all.len(), 131);
}

#[test]
fn repeated_times_keep_their_local_hour() {
    // Berlin is one hour ahead of UTC in winter, two in summer.
    let lines = "DTSTART;TZID=Europe/Berlin:20260327T120000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3";
    let expected = ["2026-03-27T11", "2026-03-27T11", "2026-03-28T11", "2026-03-29T10"];
    let all = read(&event(lines)).unwrap();
    assert_eq!(all.iter().map(|span| &span[..13]).collect::<Vec<_>>(), expected);
    let until = "DTSTART;TZID=Europe/Berlin:20260327T120000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260328T110000Z";
    assert_eq!(read(&event(until)).unwrap().len(), 3, "the last repetition is at UNTIL itself");
    let until = until.replace("110000Z", "105959Z");
    assert_eq!(read(&event(&until)).unwrap().len(), 2);
}

#[test]
fn repetitions_can_be_added_and_left_out() {
    let lines = "DTSTART:20261225\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE;VALUE=DATE:20261225,20281225\nRDATE;VALUE=DATE:20261226,20281225";
    assert_excepts(lines, &["2026-12-26", "2027-12-25"]);
    let periods = "DTSTART:20261224T160000\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20270101T000000Z/PT2H,20270102T000000Z/20270102T003000Z";
    let expected = [
        "2026-12-24T08:00:00Z..2026-12-24T09:00:00Z",
        "2027-01-01T00:00:00Z..2027-01-01T02:00:00Z",
        "2027-01-02T00:00:00Z..2027-01-02T00:30:00Z",
    ];
    assert_excepts(periods, &expected);
    // The same moment in another zone.
    let zones = "DTSTART;TZID=Europe/Berlin:20261224T090000\nDURATION:PT1H\nEXDATE:20261224T080000Z";
    assert_excepts(zones, &[]);
}

#[test]
fn one_repetition_can_be_moved_or_cancelled() {
    let series = event("UID:a\nDTSTART:20260101\nRRULE:FREQ=MONTHLY;COUNT=3");
    let moved = event("UID:a\nRECURRENCE-ID;VALUE=DATE:20260201\nDTSTART:20260203");
    let cancelled = event("UID:a\nRECURRENCE-ID;VALUE=DATE:20260301\nDTSTART:20260301\nSTATUS:CANCELLED");
    let other = event("UID:b\nRECURRENCE-ID;VALUE=DATE:20260101\nDTSTART:20260102");
    let mut all = read(&[series, moved, cancelled, other].join("\r\n")).unwrap();
    all.dedup();
    assert_eq!(all, ["2026-01-01", "2026-02-03", "2026-01-02"]);
}

#[test]
fn several_calendars_may_be_in_a_file() {
    let one = |day: &str| format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:{day}\nEND:VEVENT\nEND:VCALENDAR\n");
    let both = format!("\u{feff}{}\n{}", one("20261225"), one("20270101"));
    assert_eq!(of(both.as_bytes()), Ok(vec!["2026-12-25".into(), "2027-01-01".into()]));
}

#[test]
fn what_is_no_calendar_is_refused_at_its_line() {
    let none = "this is no iCalendar file: it does not begin with `BEGIN:VCALENDAR`";
    for (text, line) in [
        ("", 1),
        ("\n\n", 1),
        ("<!DOCTYPE html>\n", 1),
        ("name,day\nchristmas,2026-12-25\n", 1),
        ("\nBEGIN:VCARD\nEND:VCARD\n", 2),
        ("BEGIN:VEVENT\nDTSTART:20261225\nEND:VEVENT\n", 1),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nDTSTART:20261225\n", 3),
        ("\u{7f}ELF\u{0}", 1),
    ] {
        assert_eq!(of(text.as_bytes()), Err(format!("{line}: {none}")), "{text:?}");
    }
    assert_eq!(of(&[0xff, 0xfe, b'B', 0]), Err(format!("1: {none}")), "UTF-16");
    let cut = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\n";
    assert_eq!(of(cut.as_bytes()), Err("2: `VEVENT` has no end: the file is cut off".into()));
    let crossed = format!("{cut}END:VCALENDAR\n");
    assert_eq!(of(crossed.as_bytes()), Err("4: this ends `VCALENDAR`, and `VEVENT` is open".into()));
    let text = format!("{cut}no line\nEND:VEVENT\nEND:VCALENDAR\n");
    assert_eq!(of(text.as_bytes()), Err("4: this is no line of iCalendar: it has no name and colon".into()));
    let old = "BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR\n";
    assert_eq!(of(old.as_bytes()), Err("2: the version of the format is not 2.0".into()));
    let lunar = "BEGIN:VCALENDAR\nCALSCALE:CHINESE\nEND:VCALENDAR\n";
    assert_eq!(of(lunar.as_bytes()), Err("2: the calendar is not a Gregorian one".into()));
}

#[test]
fn what_cannot_be_read_faithfully_is_refused_at_its_line() {
    let at_rule = |rule: &str| format!("DTSTART:20261225\nRRULE:{rule}");
    for (rule, why) in [
        ("FREQ=HOURLY", "`FREQ=HOURLY` in RRULE cannot be read"),
        ("FREQ=YEARLY;BYWEEKNO=20", "`BYWEEKNO=20` in RRULE cannot be read"),
        ("FREQ=DAILY;BYHOUR=9", "`BYHOUR=9` in RRULE cannot be read"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "`RSCALE=CHINESE` in RRULE cannot be read"),
        ("FREQ=YEARLY;BYDAY=XX", "`BYDAY=XX` in RRULE cannot be read"),
        ("FREQ=YEARLY;BYDAY=54MO", "`BYDAY=54MO` in RRULE cannot be read"),
        ("FREQ=YEARLY;BYMONTH=13", "`BYMONTH=13` in RRULE cannot be read"),
        ("FREQ=YEARLY;BYMONTH=-1", "`BYMONTH=-1` in RRULE cannot be read"),
        ("FREQ=YEARLY;INTERVAL=0", "`INTERVAL=0` in RRULE cannot be read"),
        ("FREQ=YEARLY;COUNT=0", "`COUNT=0` in RRULE cannot be read"),
        ("FREQ=YEARLY;YEARLY", "`YEARLY` in RRULE cannot be read"),
        ("FREQ=YEARLY;UNTIL=20261340", "`20261340` in RRULE is no day, such as `20261225`"),
        ("FREQ=YEARLY;UNTIL=20271225T000000Z", "UNTIL is a time, and DTSTART of the event is a day"),
        ("FREQ=YEARLY;COUNT=2;UNTIL=20271225", "RRULE has both COUNT and UNTIL"),
        ("FREQ=YEARLY;FREQ=DAILY", "RRULE has a second FREQ"),
        ("COUNT=2", "RRULE has no FREQ"),
        ("FREQ=WEEKLY;BYDAY=1MO", "RRULE has BYDAY with a number without FREQ=MONTHLY or FREQ=YEARLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "RRULE has BYMONTHDAY with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "RRULE has BYYEARDAY without FREQ=YEARLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "RRULE has BYSETPOS without another part that chooses days"),
    ] {
        assert_refused(&at_rule(rule), &format!("5: {why}"));
    }
    for (lines, why) in [
        ("SUMMARY:x", "3: this event has no DTSTART"),
        ("DTSTART:20260230", "4: `20260230` in DTSTART is no day, such as `20261225`"),
        (
            "DTSTART:2026-12-25",
            "4: `2026-12-25` in DTSTART is no day or time, such as `20261225` or `20261225T080000Z`",
        ),
        (
            "DTSTART:20261225T250000Z",
            "4: `20261225T250000Z` in DTSTART is no day or time, such as `20261225` or `20261225T080000Z`",
        ),
        (
            "DTSTART;TZID=Customized Time Zone:20261225T080000",
            "4: `Customized Time Zone` is not a time zone of the IANA database, nor one of Windows",
        ),
        ("DTSTART:20261225\nDTSTART:20261226", "5: the event has a second DTSTART"),
        ("DTSTART:20261225\nDTEND:20261224", "5: DTEND is before the event begins"),
        ("DTSTART:20261225\nDTEND:20261226T000000Z", "5: DTEND has times, and DTSTART of the event has days"),
        ("DTSTART:20261225\nDTEND:20261226\nDURATION:P1D", "6: the event has both DTEND and DURATION"),
        ("DTSTART:20261225\nDURATION:PT1H", "5: an event that begins with a day must last whole days"),
        ("DTSTART:20261225\nDURATION:-P1D", "5: `-P1D` in DURATION is no duration, such as `P1D` or `PT2H`"),
        ("DTSTART:20261225\nDURATION:2 days", "5: `2 days` in DURATION is no duration, such as `P1D` or `PT2H`"),
        (
            "DTSTART:20261225T080000Z\nEXDATE;VALUE=DATE:20261225",
            "5: EXDATE has days, and DTSTART of the event has times",
        ),
        ("DTSTART:20261225\nEXRULE:FREQ=YEARLY", "5: EXRULE cannot be read: RFC 5545 does not have it any more"),
        (
            "DTSTART:20261225\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261225",
            "5: an event that replaces all later repetitions cannot be read",
        ),
    ] {
        assert_refused(lines, why);
    }
    // All events are told of.
    let two = [event("SUMMARY:a"), event("DTSTART:x")].join("\r\n");
    assert_eq!(read(&two).unwrap_err().lines().count(), 2);
}

#[test]
fn hints_help_those_who_cannot_export_again() {
    let hint = |lines: &str| {
        let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", event(lines));
        exceptions(text.as_bytes(), &TimeZone::UTC).unwrap_err().remove(0).hint.unwrap()
    };
    for lines in ["DTSTART:20261225\nRRULE:FREQ=HOURLY", "DTSTART;TZID=Customized Time Zone:20261225T080000"] {
        let said = hint(lines);
        assert!(
            said.contains("remove the event from the file") && said.contains("list its days in `except`"),
            "{said}"
        );
    }
}

#[test]
fn rules_are_bounded() {
    let often = event("DTSTART:20000101\nRRULE:FREQ=DAILY");
    let all = read(&[&*often; 4].join("\r\n"));
    assert!(all.unwrap_err().starts_with("13: the events are repeated more than 100000 times"));
    // One that never comes ends, too.
    let never = read(&event("DTSTART:20260101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"));
    assert_eq!(never, Ok(vec!["2026-01-01".into()]));
    let rarely = read(&event("DTSTART:20260101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"));
    assert!(rarely.unwrap_err().starts_with("5: "));
}
