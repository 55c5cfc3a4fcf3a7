//! Days that a window leaves out, and patterns that protect until a day: the built binary.

use allstop::clock::{Clock, SystemClock};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::environment::{ALIBABA_KEYS, Ended, TestEnvironment};

const PLAN: &str = "version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
  - {id: b, kind: fnf_execution, flow_name: etl, execution_name: run-b}
";

/// A plan whose requests go to a port where nobody listens.
fn environment() -> TestEnvironment {
    TestEnvironment::new().set(ALIBABA_KEYS).with_refused_plan(PLAN)
}

fn guard(env: &TestEnvironment, guards: &str) {
    let plan = env.text("plan.yaml");
    let plan = plan.split("guards:").next().unwrap();
    env.write("plan.yaml", format!("{plan}guards: {{{guards}}}\n"));
}

fn today() -> Date {
    SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Returns a calendar with one event of whole days.
fn calendar(first: Date, end: Date) -> String {
    let day = |day: Date| day.strftime("%Y%m%d").to_string();
    let event = format!("DTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\n", day(first), day(end));
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n")
}

#[test]
fn on_an_excepted_day_nothing_is_sent_and_everybody_says_why() {
    let env = environment();
    let (before, after) = (today() - 1.day(), today() + 2.days());
    env.write("holidays.ics", calendar(before, after));
    let written = format!("{before}..{}", after - 1.day());
    let cases = [
        (format!("['2020-02-29', '{written}']"), "is excepted"),
        ("{calendar: holidays.ics}".to_owned(), "is excepted by `holidays.ics`"),
    ];
    for (except, reason) in cases {
        guard(&env, &format!("window: {{timezone: UTC, except: {except}}}"));
        let check = env.run(["check", "plan.yaml"]);
        assert_eq!(check.code, 3, "{}", check.stderr);
        let line = env.run(["check", "plan.yaml", "--output", "json"]).line();
        let run = env.run(["run", "plan.yaml", "--yes", "--report", "r.json"]);
        assert_eq!(run.code, 3, "{}", run.stderr);
        let row = &env.report("r.json")["targets"][0];
        assert_eq!(row["attempts"], serde_json::json!([]), "nothing was sent");
        for said in [&check.stderr, &run.stderr, line["error"].as_str().unwrap()] {
            let (_, why) = said.split_once("guards.window is closed now: ").unwrap_or_else(|| panic!("{said}"));
            assert!(why[10..].starts_with(&format!(" {reason}; it opens at {after}T00:00:00Z")), "{said}");
        }
    }
    let named = env.run(["check", "plan.yaml"]).stdout.contains("except the events of `holidays.ics`.");
    assert!(named, "the preview names the calendar");
    // A rehearsal runs on any day.
    let rehearsed = env.run(["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "1000"]);
    assert_eq!(rehearsed.code, 0, "{}", rehearsed.stderr);
}

#[test]
fn a_calendar_that_is_over_is_a_warning_of_every_command() {
    let env = environment();
    env.write("last-year.ics", calendar(Date::constant(2025, 12, 25), Date::constant(2025, 12, 27)));
    env.write("holidays.ics", calendar(today() + 30.days(), today() + 33.days()));
    let said = |except: &str| {
        guard(&env, &format!("window: {{timezone: UTC, except: {except}}}"));
        let all =
            [vec!["check", "plan.yaml"], vec!["run", "plan.yaml", "--yes", "--dry-run"], vec!["accounts", "plan.yaml"]];
        let all = all.map(|args| {
            let stderr = env.run(args).stderr;
            let warned = stderr.lines().filter(|line| line.contains("excepts nothing any more"));
            warned.map(|line| line.split_once("guards.").unwrap().1.to_owned()).collect::<Vec<_>>()
        });
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
        all[0].join("\n")
    };
    let over = "window.except: `last-year.ics` excepts nothing any more: its last day was 2025-12-26";
    assert_eq!(said("[{calendar: last-year.ics}, {calendar: holidays.ics}, 2025-12-31]"), over);
    assert_eq!(said("[2024-02-29, 2025-12-31]"), "window.except excepts nothing any more: its last day was 2025-12-31");
    assert_eq!(said(&format!("[2025-12-31, {}]", today() + 1.day())), "");
}

#[test]
fn on_any_other_day_the_window_is_open() {
    let env = environment();
    env.write("holidays.ics", calendar(today() + 30.days(), today() + 33.days()));
    guard(&env, "window: {timezone: UTC, except: ['2020-02-29', {calendar: holidays.ics}]}");
    let check = env.run(["check", "plan.yaml"]);
    assert_eq!(check.code, 0, "{}", check.stderr);
    assert!(check.stdout.contains("UTC time, except 2020-02-29 and the events of `holidays.ics`."), "{}", check.stdout);
    let run = env.run(["run", "plan.yaml", "--yes"]);
    assert_eq!(run.code, 1, "it tries: {}", run.stderr);
}

#[test]
fn a_calendar_that_is_none_is_an_error_at_its_place() {
    let env = environment();
    guard(&env, "window: {timezone: UTC, except: [{calendar: holidays.ics}]}");
    let refused = |contents: Option<&[u8]>| {
        contents.map_or_else(|| env.remove("holidays.ics"), |contents| env.write("holidays.ics", contents));
        let ended = env.run(["run", "plan.yaml", "--yes"]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains("nothing was sent"), "{}", ended.stderr);
        ended.stderr
    };
    env.write("holidays.ics", "");
    let at = |said: &str, line: u32, why: &str| {
        assert!(said.contains(&format!("--> holidays.ics:{line}:1")) && said.contains(why), "{said}");
    };
    at(&refused(Some(b"<html>token: hush-hush</html>")), 1, "this is no iCalendar file");
    at(&refused(Some(b"")), 1, "this is no iCalendar file");
    let whole = calendar(today(), today() + 1.day());
    at(&refused(Some(whole.replace("DTEND", "RRULE:FREQ=HOURLY\r\nDTEND").as_bytes())), 5, "cannot be read");
    at(&refused(Some(whole.split("END:VEVENT").next().unwrap().as_bytes())), 3, "the file is cut off");
    assert!(!refused(Some(b"<html>token: hush-hush</html>")).contains("hush"), "nothing of such a file is shown");
    let missing = refused(None);
    assert!(missing.contains("cannot read `holidays.ics`") && missing.contains("plan.yaml:"), "{missing}");
    assert!(refused(Some(&vec![b' '; (8 << 20) + 1])).contains("it is larger than 8 MiB"));
}

#[test]
fn a_day_that_does_not_exist_is_an_error_at_its_place() {
    let env = environment();
    for (guards, why) in [
        ("window: {timezone: UTC, except: [2026-02-30]}", "`2026-02-30`: there is no such day"),
        ("window: {timezone: UTC, except: [2026-12-31..2026-12-24]}", "it ends before it begins"),
        ("window: {timezone: UTC, except: [christmas]}", "`christmas`: invalid format"),
        ("window: {timezone: UTC, except: [{calendars: x.ics}]}", "did you mean `calendar`?"),
        ("window: {timezone: UTC, except: [{calendar: '-'}]}", "cannot be read from standard input"),
        ("window: {timezone: UTC, except: google.ics}", "write `{calendar: google.ics}`"),
        ("window: {timezone: UTC, except: 'https://127.0.0.1/x.ics'}", "a calendar is a file: download it first"),
        (
            "window: {timezone: UTC, except: [{calendar: 'https://127.0.0.1/x'}]}",
            "a calendar is a file: download it first",
        ),
        ("window: {timezone: UTC, except: []}", "`except` is an empty list"),
        ("window: {timezone: UTC, from: '20:00', except: [2026-12-25]}", "needs `to`"),
        ("window: {timezone: UTC}", "needs `from`"),
        ("protect_until: {'*b': 2026-02-30}", "`*b` must be a day, not `2026-02-30`: there is no such day"),
        ("protect_until: {'*b': soon}", "`*b` must be a day, not `soon`: invalid format"),
        ("protect_until: {'[b': 2026-12-31}", "`[b` is not a pattern"),
        ("protect_until: {'': 2026-12-31}", "a pattern is text without control characters"),
        ("protect_until: {}", "`protect_until` is empty"),
        ("protect_until: ['*b']", "`protect_until` must be a mapping"),
    ] {
        guard(&env, guards);
        let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--yes"]);
        assert_eq!(code, 2, "{guards}: {stderr}");
        assert!(stderr.contains(why) && stderr.contains("plan.yaml:8:"), "{guards}: {stderr}");
    }
}

#[test]
fn a_pattern_protects_until_its_day_has_ended_and_warns_before_and_after() {
    let env = environment();
    let outcomes = |until: Date, zone: &str| {
        guard(
            &env,
            &format!("protect_until: {{'*b': {until}}}, window: {{from: '00:00', to: '00:00', timezone: {zone}}}"),
        );
        let check = env.run(["check", "plan.yaml"]);
        let run =
            env.run(["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "1000", "--report", "r.json"]);
        assert_eq!((check.code, run.code), (0, 0), "{}", run.stderr);
        let report = env.report("r.json");
        let row = &report["targets"][1];
        let warned = |said: &str| said.lines().filter(|line| line.contains("guards.protect_until: `*b`")).count();
        assert_eq!(warned(&check.stderr), warned(&run.stderr), "{}{}", check.stderr, run.stderr);
        (row["reason"] == "protected", warned(&run.stderr) > 0, check.stdout.contains(&format!("*b until {until}")))
    };
    assert_eq!(outcomes(today() + 30.days(), "UTC"), (true, false, true));
    assert_eq!(outcomes(today() + 3.days(), "UTC"), (true, true, true));
    assert_eq!(outcomes(today() - 2.days(), "UTC"), (false, true, false));
    // In the plan's zone: on Kiritimati it is at least 10 hours later than in UTC, at Pago Pago 11 hours earlier.
    let [late, early] = ["Pacific/Kiritimati", "Pacific/Pago_Pago"];
    let at = |zone: &str| SystemClock.now().in_tz(zone).unwrap().date();
    assert_eq!(outcomes(at(late) - 1.day(), late), (false, true, false));
    assert_eq!(outcomes(at(early) + 1.day(), early), (true, true, true));
}

#[test]
fn a_pattern_that_matches_nothing_is_a_warning() {
    let env = environment();
    guard(&env, &format!("protect_until: {{'*-c': {}}}", today() + 30.days()));
    let Ended { code, stderr, .. } = env.run(["check", "plan.yaml"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("`*-c` protects no target of the plan") && stderr.contains("plan.yaml:8:"), "{stderr}");
}

#[test]
fn a_run_that_goes_on_protects_what_it_protected_when_it_began() {
    use allstop::journal::{Header, create};
    use allstop::plan::{Plan, Variables};
    let env = environment();
    guard(&env, "protect_until: {'*b': 2026-01-31}");
    let plan = Plan::load(&env.path("plan.yaml"), &Variables::default()).unwrap().plan;
    // A run is decided about when its plan is read, and begins when everything is listed and confirmed.
    let (evening, midnight) = ("2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z");
    for (number, (decided, began, outcome)) in
        [(None, evening, "protected"), (None, midnight, "null"), (Some(evening), midnight, "protected")]
            .into_iter()
            .enumerate()
    {
        let journal = env.path(format!("{number}.journal"));
        let mut header = Header::new(&plan, "0000-run", began.parse().unwrap());
        header.options.extend(decided.map(|at: &str| ("protected_at".to_owned(), vec![at.to_owned()])));
        drop(create(&journal, &header).unwrap());
        let journal = journal.display().to_string();
        let Ended { code, stderr, .. } = env.run(["resume", &journal, "--yes", "--report", "r.json"]);
        assert_eq!(code, 1, "{stderr}");
        assert_eq!(env.report("r.json")["targets"][1]["reason"].as_str().unwrap_or("null"), outcome, "{began}");
        assert!(stderr.contains("`*b` protects nothing any more"), "{stderr}");
    }
}

/// The nightly plan that ships has all of these guards, and a rehearsal of it ends well.
#[test]
fn the_nightly_plan_keeps_to_its_calendar_and_rehearses() {
    use crate::environment::shipped;
    use allstop::plan::{Plan, Variables};
    let path = shipped("nightly-select.yaml");
    let plan = Plan::load(path.as_ref(), &Variables::default()).unwrap().plan;
    let window = plan.guards.window.unwrap();
    let at = |moment: &str| {
        let moment = format!("{moment}+08:00").parse().unwrap();
        (window.is_open(moment), window.exception_at(moment).unwrap_or_default())
    };
    let excepted = |what: &str| (false, format!("{what} is excepted"));
    let by_calendar = |what: &str| (false, format!("{what} is excepted by `release-nights.ics`"));
    for (moment, expected) in [
        ("2026-12-30T23:00:00", (true, String::new())),
        // A day of the plan; the night before it ends as usual.
        ("2026-12-31T05:59:59", (true, String::new())),
        ("2026-12-31T20:00:00", excepted("2026-12-31")),
        ("2027-01-01T05:59:59", excepted("2026-12-31")),
        ("2027-01-01T20:00:00", (true, String::new())),
        ("2027-02-01T21:00:00", excepted("2027-02-01")),
        // The last Thursday of a month, from the calendar.
        ("2026-11-26T20:00:00", by_calendar("2026-11-26")),
        ("2027-03-25T20:00:00", by_calendar("2027-03-25")),
        ("2027-03-18T20:00:00", (true, String::new())),
        // An event with times.
        ("2026-12-09T21:59:59", (true, String::new())),
        ("2026-12-10T00:59:59", by_calendar("2026-12-09T14:00:00Z..2026-12-09T17:00:00Z")),
        ("2026-12-10T01:00:00", (true, String::new())),
        // By day it is closed whatever the calendar says.
        ("2026-12-31T12:00:00", (false, String::new())),
    ] {
        assert_eq!(at(moment), expected, "{moment}");
    }
    assert_eq!((plan.guards.protect_until.entries().len(), plan.notify.len()), (1, 1));
    assert!(plan.selects.iter().filter(|select| select.query.expect.at_most.is_some()).count() >= 2);

    let env = TestEnvironment::new();
    let Ended { code, stderr, .. } = env.run(["run", &path, "--rehearse", "--yes", "--speed", "200"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("guards.window does not apply to a rehearsal"), "{stderr}");
    let report = env.report("nightly-select.rehearsal.report.json");
    assert_eq!(report["rehearsal"]["agrees"], true, "{stderr}");
    let rows = report["targets"].as_array().unwrap();
    let reasons = |name: &str| {
        let is_one = |row: &&serde_json::Value| row["labels"]["name"].as_str().is_some_and(|own| own.starts_with(name));
        rows.iter().filter(is_one).map(|row| row["reason"].as_str().unwrap_or("none")).collect::<Vec<_>>()
    };
    for name in ["keep-", "migration-"] {
        let reasons = reasons(name);
        assert!(!reasons.is_empty() && reasons.iter().all(|reason| *reason == "protected"), "{name}: {reasons:?}");
    }
}
