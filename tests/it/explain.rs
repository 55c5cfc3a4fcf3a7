//! `allstop explain`, and the tables of the docs that must say the same.

use std::collections::BTreeSet;

use allstop::ExitStatus;
use allstop::explain::{self, Entry, Topic};
use allstop::report::RunMode;
use allstop::service::Kind;
use allstop::wording::{self, Exit, MODES};

use crate::environment::{Ended, TestEnvironment};

const README: &str = include_str!("../../README.md");
const EXIT_CODES: &str = include_str!("../../docs/exit-codes.md");
const REPORT: &str = include_str!("../../docs/report.md");
const SERVICES: &str = include_str!("../../docs/services.md");

/// Returns the rows of the table whose first line begins so, as their cells.
fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    let lines =
        page.lines().skip_while(|line| !line.starts_with(head)).skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    let rows: Vec<_> = lines.map(cells).collect();
    assert!(!rows.is_empty(), "no table {head}");
    rows
}

fn of(topic: Topic) -> Vec<Entry> {
    explain::entries().into_iter().filter(|entry| entry.topic == topic).collect()
}

#[test]
fn the_page_on_exit_codes_agrees() {
    let mut above = None;
    let wanted = ExitStatus::ALL.map(|status| {
        let Exit { means, advice, .. } = wording::exit(status);
        let shown = if advice.is_some() && advice == above { "the same" } else { advice.unwrap_or("nothing") };
        above = advice;
        [status.code().to_string(), means.to_owned(), shown.to_owned()]
    });
    assert_eq!(table(EXIT_CODES, "| status | meaning | what to do |"), wanted);
}

#[test]
fn the_readme_agrees() {
    let rows = table(README, "| exit status | it means | do this |");
    let single = |row: &Vec<String>| {
        let rest = [row[1].clone(), row[2].clone()];
        row[0].split(", ").map(|code| (code.to_owned(), rest.clone())).collect::<Vec<_>>()
    };
    let rows: Vec<_> = rows.iter().flat_map(single).collect();
    let wanted = ExitStatus::ALL.map(|status| {
        let words = wording::exit(status);
        (status.code().to_string(), [words.brief.to_owned(), words.brief_advice.to_owned()])
    });
    assert_eq!(rows, wanted);
}

#[test]
fn the_page_on_reports_agrees() {
    for (head, topic) in [
        ("| outcome | it is known that", Topic::Outcome),
        ("| reason | no stop was sent because", Topic::Reason),
        ("| class | meaning | retried |", Topic::Class),
    ] {
        let wanted: Vec<_> =
            of(topic).iter().map(|entry| (format!("`{}`", entry.word), entry.means.to_owned())).collect();
        let rows = table(REPORT, head);
        assert_eq!(rows.iter().map(|row| (row[0].clone(), row[1].clone())).collect::<Vec<_>>(), wanted);
        for (row, entry) in rows.iter().zip(of(topic)).filter(|(row, _)| row.len() > 2) {
            assert_eq!(entry.treatment, Some(format!("retried: {}", row[2])));
        }
    }
    for entry in of(Topic::Evidence) {
        assert!(REPORT.contains(&format!("`{}`: {}", entry.word, entry.means)), "{}", entry.word);
    }
    for entry in of(Topic::Status) {
        assert!(REPORT.contains(&format!("`{}`", entry.word)), "{}", entry.word);
    }
}

#[test]
fn the_page_on_services_has_every_code_of_a_service() {
    for kind in Kind::all() {
        let section = SERVICES.split("\n## ").find(|section| section.starts_with(&format!("`{kind}`"))).unwrap();
        for code in kind.codes {
            let number = code.code.rsplit('.').next().unwrap();
            assert!(
                section.contains(&format!("`{}`", code.code)) || section.contains(&format!("`.{number}`")),
                "{}",
                code.code
            );
        }
    }
}

#[test]
fn every_entry_is_found_by_its_word_and_says_something() {
    let mut seen = BTreeSet::new();
    for entry in explain::entries() {
        assert!(explain::about(&entry.word).contains(&entry), "{}", entry.word);
        assert!(explain::about(&entry.word.to_uppercase()).contains(&entry), "{}", entry.word);
        assert!(!entry.means.is_empty() && !entry.means.ends_with('.'), "{}", entry.word);
        assert!(seen.insert((entry.topic.to_string(), entry.owner, entry.word.clone())), "{} twice", entry.word);
        if entry.topic == Topic::Code {
            let is_fine = entry.treatment.as_ref().unwrap().contains("already_stopped");
            assert_eq!(entry.advice.is_none(), is_fine, "{}", entry.word);
        }
    }
    assert!(seen.len() > 100);
}

#[test]
fn words_of_the_summary_and_statuses_of_killed_programs_are_known() {
    for (word, topic, part) in [
        ("lane", Topic::Term, "one API"),
        ("in doubt", Topic::Term, "not known yet"),
        ("dry run", Topic::Mode, "sent no stop"),
        ("--rehearsal", Topic::Mode, "simulator"),
        ("not found", Topic::Outcome, "does not know"),
        ("137", Topic::Exit, "no report was written"),
        ("130", Topic::Exit, "SIGINT"),
    ] {
        let entries = explain::about(word);
        let found = entries.iter().find(|entry| entry.topic == topic);
        assert!(found.is_some_and(|entry| entry.means.contains(part)), "{word}: {entries:?}");
    }
    for number in ["6", "128", "193", "999"] {
        assert!(explain::about(number).is_empty() && explain::near(number).is_empty(), "{number}");
    }
}

#[test]
fn every_mode_of_a_report_is_explained() {
    let names = [RunMode::Live, RunMode::Rehearsal, RunMode::DryRun].map(|mode| serde_json::to_value(mode).unwrap());
    assert_eq!(names, MODES.map(|mode| serde_json::Value::from(mode.name)));
}

#[test]
fn codes_of_a_family_are_found() {
    let words = |word| explain::about(word).into_iter().map(|entry| entry.word).collect::<Vec<_>>();
    assert_eq!(words("Throttling.Cps"), ["Throttling"]);
    assert_eq!(words("APIG.0308"), ["APIGW.0308"]);
    assert_eq!(words("apigw.0308"), ["APIGW.0308"]);
    assert!(words("Throttl").is_empty());
}

#[test]
fn near_misses_are_suggested() {
    for (word, meant) in [
        ("throtled", "throttled"),
        ("already-stoped", "already_stopped"),
        ("AccesDenied", "AccessDenied"),
        ("ConcurrentUpdate", "ConcurrentUpdateError"),
    ] {
        assert!(explain::near(word).contains(&meant.to_owned()), "{word}: {:?}", explain::near(word));
    }
    assert!(explain::near("umbrella stand").is_empty());
    assert!(explain::near(&"x".repeat(100_000)).is_empty());
}

fn allstop(args: &[&str]) -> Ended {
    TestEnvironment::new().run(args)
}

#[test]
fn the_command_explains_and_suggests() {
    let shown = |word: &str| allstop(&["explain", word]).stdout;
    for (word, parts) in [
        ("3", &["exit status 3", "guard", "What to do"][..]),
        ("accepted", &["outcome", "verify"]),
        ("aborted", &["reason of a skipped target", "status of a run"]),
        ("not_found", &["outcome", "class of an error"]),
        ("read_back", &["evidence", "read"]),
        ("AccessDenied", &["Alibaba Cloud", "denied", "fnf:StopExecution", "acs:elasticsearch:"]),
        ("ResourceThrottled", &["throttled", "2 a second"]),
        ("ConcurrentUpdateError", &["conflict", "retried: yes"]),
        ("APIGW.0308", &["Huawei Cloud", "throttled"]),
        ("ExecutionAlreadyCompleted", &["already_stopped"]),
        ("max_failures", &["key of guards", "`10%`"]),
        ("guards.not_found", &["key of guards", "`ok`", "default `fail`"]),
        ("limits.per_kind.drs_job.batch", &["key of limits.per_kind.KIND", "one request stops"]),
        ("retry", &["max_attempts", "connect_timeout"]),
        ("drs_job", &["kind of target", "cannot be undone", "is_force_stop", "allstop init --kind drs_job"]),
        ("fsm_id", &["key of opensearch_task", "Required"]),
        ("select.older_than", &["key of select", "`2h`"]),
        ("select.name", &["key of select", "(`description`)", "drs_job", "live_flow"]),
        ("select.flow_name", &["fnf_execution", "the flow's name (`FlowName`)", "`etl-*`"]),
        ("select", &["key of a target with select", "older_than", "except"]),
        ("select.expect", &["at_least"]),
        ("excepted", &["left_out", "`except`"]),
        ("selections", &["matched"]),
    ] {
        let text = shown(word);
        assert!(parts.iter().all(|part| text.contains(part)), "{word}: {text}");
    }
    let Ended { code, stderr, .. } = allstop(&["explain", "throtled\u{1b}[2J"]);
    assert_eq!(code, 2);
    assert!(!stderr.contains('\u{1b}') && stderr.contains("allstop explain"), "{stderr}");
    let near = allstop(&["explain", "throtled"]);
    assert!(near.stderr.contains("did you mean throttled?"));
}

#[test]
fn without_a_word_everything_is_listed() {
    let Ended { code, stdout: text, .. } = allstop(&["explain"]);
    assert_eq!(code, 0);
    for entry in explain::entries() {
        assert!(text.contains(&format!("  {} ", entry.path())), "{}", entry.path());
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100));
}
