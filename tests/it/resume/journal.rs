//! The report of a journal, and what is said of journals and reports beside each other.

use serde_json::Value;

use super::{JOURNAL, REPORT, environment, kill};
use crate::environment::{Ended, RUN};

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_is_not_written_is_not_named_and_its_journal_is() {
    let env = environment();
    let Ended { code, stderr, .. } =
        env.run(["run", "plan.yaml", "--yes", "--progress", "off", "--report", "/dev/full", "--journal", "j"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(!stderr.contains("Report: "), "{stderr}");
    assert!(stderr.contains("has all results. Write the report with `allstop resume j --report PATH`"), "{stderr}");
    let Ended { code, stderr, .. } =
        env.run(["resume", "j", "--yes", "--progress", "off", "--report", "plan.report.json"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(env.report(REPORT)["summary"]["failed"], 4);
}

#[test]
fn a_journal_shows_what_it_knows() {
    let env = environment();
    kill(&env, &["--skip", "e"], 1);
    let text = env.text(JOURNAL);
    let done: Value = serde_json::from_str(text.lines().find(|line| line.contains("\"f\":")).unwrap()).unwrap();
    assert!(text.contains("\"b\":"), "{text}");
    let Ended { code, stdout, stderr } = env.run(["report", "show", JOURNAL, "--all"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("note: the run was killed, or this is a copy"), "{stderr}");
    assert!(stdout.contains("\nThe run was killed: ") && stdout.contains(", no exit status\n"), "{stdout}");
    assert!(stdout.contains("allstop resume plan.report.json.journal"), "{stdout}");

    let Ended { code, stdout, stderr } = env.run(["report", "convert", JOURNAL, "--to", "csv"]);
    assert_eq!(code, 0, "{stderr}");
    let mut rows = csv::Reader::from_reader(stdout.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    let words: Vec<_> = rows
        .iter()
        .map(|row| [&row[column("id")], &row[column("outcome")], &row[column("reason")]].join(" ").trim().to_owned())
        .collect();
    let ids = ["a", "b", "b2", "c", "d", "e"];
    let done = done["t"].as_u64().unwrap() as usize;
    let expected: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(number, id)| match *id {
            _ if number == done => format!("{id} failed"),
            "b2" => format!("{id} skipped duplicate"),
            "d" => format!("{id} skipped protected"),
            "e" => format!("{id} skipped filtered"),
            // It was about to be sent, or was: nobody knows.
            _ if text.contains(&format!("{{\"b\":{number},")) => format!("{id} unknown"),
            _ => format!("{id} skipped interrupted"),
        })
        .collect();
    assert_eq!(words, expected, "{text}");

    // Of what was not even about to be sent, the journal says so by its silence.
    env.write("begun.journal", text.split_inclusive('\n').next().unwrap());
    let Ended { stdout, .. } = env.run(["report", "convert", "begun.journal", "--to", "csv"]);
    assert_eq!(stdout.matches(",skipped,").count(), 6, "{stdout}");
    assert_eq!(stdout.matches("interrupted").count(), 3, "{stdout}");

    std::fs::rename(env.path("plan.yaml"), env.path("moved.yaml")).unwrap();
    for args in [&["report", "show", JOURNAL][..], &["resume", JOURNAL, "--yes"]] {
        let Ended { code, stderr, .. } = env.run(args);
        assert_eq!(code, 2, "{stderr}");
        // Another plan of the folder is nothing to propose here.
        assert!(stderr.contains("does not exist any more: ") && stderr.contains("with --plan"), "{stderr}");
        assert!(!stderr.contains("did you mean"), "{stderr}");
    }
    assert_eq!(env.run(["report", "show", JOURNAL, "--plan", "moved.yaml"]).code, 0);
    env.edit("moved.yaml", "run-c", "run-z");
    let Ended { code, stderr, .. } = env.run(["report", "show", JOURNAL, "--plan", "moved.yaml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("is not the one the run began with"), "{stderr}");
}

#[test]
fn a_journal_that_a_run_writes_shows_no_end_and_nothing_to_resume() {
    let env = environment();
    kill(&env, &[], 1);
    let show = || env.run(["report", "show", JOURNAL]);
    {
        // As the run itself holds it.
        let _held = allstop::journal::reopen(&env.path(JOURNAL)).unwrap();
        let Ended { code, stdout, stderr } = show();
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("note: the run has not ended: "), "{stderr}");
        assert!(
            stdout.contains("\nThe run has not ended: ") && stdout.contains("\nNext: wait until the run ends.\n"),
            "{stdout}"
        );
        for wrong in ["ended early", "exit status 130", "allstop resume"] {
            assert!(!stdout.contains(wrong), "{stdout}");
        }
        for format in ["markdown", "html"] {
            let Ended { stdout, .. } = env.run(["report", "convert", JOURNAL, "--to", format]);
            assert!(stdout.contains("The run has not ended: ") && !stdout.contains("ended early"), "{stdout}");
        }
    }
    let Ended { stdout, .. } = show();
    assert!(stdout.contains("\nThe run was killed: ") && stdout.contains("allstop resume "), "{stdout}");
}

#[test]
fn the_journal_of_a_whole_run_shows_what_its_report_shows() {
    let env = environment();
    env.run(RUN);
    let of = |name: &str| env.run(["report", "convert", name, "--to", "csv"]).stdout;
    assert_eq!(of(JOURNAL), of("plan.report.json"));
}

#[test]
fn who_names_the_report_or_a_report_that_is_not_there_yet_is_led_to_the_journal() {
    let env = environment();
    kill(&env, &[], 1);
    // No report was written: whoever asks for it hears of the journal.
    for args in [&["report", "show", "plan.report.json"][..], &["retry", "plan.report.json", "--yes"]] {
        let Ended { code, stderr, .. } = env.run(args);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("hint: the run has not written a report yet"), "{stderr}");
        assert!(stderr.contains("allstop report show plan.report.json.journal"), "{stderr}");
    }
    let Ended { code, stderr, .. } = env.run(["resume", "plan.report.json", "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("hint: did you mean `plan.report.json.journal`?"), "{stderr}");
    env.write("plan.report.json", "{}");
    let Ended { code, stderr, .. } = env.run(["resume", "plan.report.json", "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("is not a journal\n  hint: did you mean `plan.report.json.journal`?"), "{stderr}");
    let Ended { stderr, .. } = env.run(["resume", "plan.yaml", "--yes"]);
    assert!(stderr.contains("hint: name the journal of the run; by default"), "{stderr}");
}

#[test]
fn a_report_that_is_older_than_the_journal_beside_it_says_so() {
    let env = environment();
    assert_eq!(env.run(RUN).code, 1);
    let Ended { stderr, .. } = env.run(["report", "show", "plan.report.json"]);
    assert_eq!(stderr, "");
    let earlier = env.text("plan.report.json");
    kill(&env, &[], 1);
    env.write("plan.report.json", earlier);
    for args in [&["report", "show", "plan.report.json"][..], &["retry", "plan.report.json"]] {
        let Ended { stderr, .. } = env.run(args);
        assert!(stderr.contains("warning: this is the report of an earlier run. A later run began at 2"), "{stderr}");
        assert!(stderr.contains("`allstop report show plan.report.json.journal`"), "{stderr}");
    }
}

#[test]
#[cfg(unix)]
fn a_report_that_goes_to_a_device_puts_no_journal_beside_it() {
    let env = environment();
    let Ended { code, stderr, .. } =
        env.run(["run", "plan.yaml", "--yes", "--progress", "off", "--report", "/dev/null"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(env.path("plan.journal").is_file(), "{stderr}");
}
