//! The script that starts again what a run has stopped: what it says, and what it does to the vendors' command lines.

use allstop::engine::{Outcome, SkipReason, Status, TargetResult};
use allstop::plan::Target;
use allstop::report::{About, Report, RunMode, UndoScript};
use allstop::service::{Again, Kind, Value};
use allstop::wording;

use super::commands::put;
use super::every::{NASTY, every, read};
use super::fixture::{execution, executions, plan, record, row, stopped, target};
use crate::environment::{Ended, RUN, TestEnvironment};

/// Names that mean something to a shell, to `printf`, or to a program's options.
const HOSTILE: [&str; 12] = [
    "it's",
    "$(touch owned)",
    "`touch owned`",
    "a;touch owned",
    "\"$HOME\"",
    "-x --region=other",
    "\\n%s%n\\",
    "* ?[a-z]",
    "a & touch owned | b > owned",
    "# no comment",
    "名前 ü",
    "!! ~ {a,b}",
];

/// A program in place of a vendor's: notes how it was called, and responds as an execution or an identity.
const VENDOR: &str = r#"#!/bin/sh
printf '%s\0' "${0##*/}" "$@" >>calls
printf '\n' >>calls
case "$*" in
  *"${REFUSED:-nothing is refused}"*) exit 3 ;;
  *GetCallerIdentity*) printf '{"AccountId": "1865410598556969"}\n' ;;
  *DescribeExecution*) printf '{"Name": "x", "Input": "{\\"day\\": \\"it'"'"'s $(touch owned)\\"}"}\n' ;;
esac
"#;

fn script(report: &Report) -> String {
    let mut text = Vec::new();
    UndoScript::of(report).unwrap().write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// A report of a run that stopped these targets.
fn of(targets: Vec<Target>) -> Report {
    let results = targets.iter().map(|_| stopped()).collect();
    read(&plan(targets), &record(Status::Completed, results), &About::default())
}

/// A report with a target of each kind that was stopped, and of each other outcome.
fn of_each_kind() -> Report {
    let mut targets = vec![
        execution("run-7"),
        target("opensearch_task", &[Value::Text("ha-cn-1"), Value::Text("t@1")]),
        target("drs_job", &[Value::Text("c7debc9c")]),
        target("live_flow", &[Value::Text("ec897482")]),
        target("elasticsearch_task", &[Value::Text("es-cn-1")]),
    ];
    let mut results: Vec<_> = targets.iter().map(|_| stopped()).collect();
    targets.extend(executions(7));
    let others = [
        Outcome::AlreadyStopped,
        Outcome::Accepted,
        Outcome::Unknown,
        Outcome::Failed,
        Outcome::NotFound,
        Outcome::Unknown,
    ];
    results.extend(others.map(row));
    results.push(TargetResult::skipped(SkipReason::Protected));
    let mut record = record(Status::Completed, results);
    record.reason = Some(format!("incident 4711 {NASTY}"));
    let mut report = read(&plan(targets), &record, &About::default());
    report.accounts[0].account_id = Some("1865410598556969".to_owned());
    report.accounts[0].endpoints = [("fnf".to_owned(), "https://fnf.internal:8443".to_owned())].into();
    report.accounts[1].project_id = Some("0e5957be8a00f53c2fa7c0045e4d8fbf".to_owned());
    report
}

/// An environment with a script, and programs in place of the vendors'.
fn environment(report: &Report) -> TestEnvironment {
    let env = TestEnvironment::new();
    put(&env, "report.json", report);
    assert_eq!(env.run(["report", "undo", "report.json", "-o", "undo.sh"]), Ended::quiet());
    std::fs::create_dir(env.path("vendors")).unwrap();
    for vendor in ["aliyun", "hcloud"] {
        env.write(format!("vendors/{vendor}"), VENDOR);
    }
    env
}

/// Runs the script with these variables; `None` where the machine has no `jq`.
fn run(env: &TestEnvironment, variables: &str) -> Option<Ended> {
    let _ = std::fs::remove_file(env.path("calls"));
    let program = format!(
        "command -v jq >/dev/null || exit 77; chmod +x vendors/*; PATH=$PWD/vendors:$PATH {variables} sh undo.sh"
    );
    let ended = Ended::of(&mut env.shell(&program));
    if ended.code == 77 {
        eprintln!("skipped: there is no jq");
        return None;
    }
    assert!(!env.exists("owned"), "a name was run: {ended:?}");
    Some(ended)
}

/// Returns what the programs were called with.
fn calls(env: &TestEnvironment) -> Vec<Vec<String>> {
    if !env.exists("calls") {
        return Vec::new();
    }
    let line = |line: &str| line.split_terminator('\0').map(str::to_owned).collect();
    env.text("calls").split_terminator("\0\n").map(line).collect()
}

#[test]
fn every_kind_has_its_command_or_the_reason_why_it_has_none() {
    insta::assert_snapshot!("undo", script(&of_each_kind()));
    for kind in Kind::all() {
        let Again::Command(command) = kind.again else { continue };
        assert_eq!(kind.lasting, None, "{kind} cannot be undone, and yet has a command");
        let input = command.input.iter().flat_map(|input| input.options);
        for (_, parameter) in command.options.iter().chain(input) {
            assert!(kind.params[*parameter].identifying, "{kind}");
        }
    }
}

#[test]
fn nothing_runs_before_every_account_has_its_profile() {
    let env = environment(&of_each_kind());
    let Some(Ended { code, stdout, stderr }) = run(&env, "") else { return };
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert_eq!(stderr, "error: set PROFILE_1 to the aliyun profile of the account ali-prod\n");
    assert_eq!(calls(&env), Vec::<Vec<String>>::new());
    // A profile of another account.
    env.edit("vendors/aliyun", "1865410598556969", "1");
    let ended = run(&env, "PROFILE_1=ops PROFILE_2=hw").unwrap();
    assert_eq!(ended.stderr, "error: the profile ops is not of the account 1865410598556969\n");
    assert_eq!((ended.code, calls(&env).len()), (2, 1));
}

#[test]
fn the_commands_run_in_the_order_of_the_plan() {
    let env = environment(&of_each_kind());
    let Some(Ended { code, stdout, stderr }) = run(&env, "PROFILE_1=ops PROFILE_2='a b'") else { return };
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout, "1/3 fnf_execution:etl/run-7\n2/3 live_flow:ec897482\n3/3 elasticsearch_task:es-cn-1\n");
    let expected: [&[&str]; 5] = [
        &["aliyun", "sts", "GetCallerIdentity", "--profile=ops", "--region=cn-hangzhou"],
        &[
            "aliyun",
            "fnf",
            "DescribeExecution",
            "--profile=ops",
            "--region=cn-hangzhou",
            "--endpoint=fnf.internal:8443",
            "--FlowName=etl",
            "--ExecutionName=run-7",
        ],
        &[
            "aliyun",
            "fnf",
            "StartExecution",
            "--profile=ops",
            "--region=cn-hangzhou",
            "--endpoint=fnf.internal:8443",
            "--FlowName=etl",
            "--Input={\"day\": \"it's $(touch owned)\"}",
        ],
        &[
            "hcloud",
            "Live",
            "ModifyFlowStart",
            "--cli-profile=a b",
            "--cli-region=cn-north-4",
            "--project_id=0e5957be8a00f53c2fa7c0045e4d8fbf",
            "--flow_id=ec897482",
        ],
        &[
            "aliyun",
            "elasticsearch",
            "ResumeElasticsearchTask",
            "--profile=ops",
            "--region=cn-hangzhou",
            "--InstanceId=es-cn-1",
        ],
    ];
    assert_eq!(calls(&env), expected);
}

#[test]
fn a_command_that_fails_ends_the_script_and_it_can_go_on_from_there() {
    let env = environment(&of_each_kind());
    let profiles = "PROFILE_1=ops PROFILE_2=hw";
    let Some(ended) = run(&env, &format!("REFUSED=ModifyFlowStart {profiles}")) else { return };
    let stderr = "error: command 2 of 3 failed: live_flow:ec897482\n\
                  Check whether it was started. FROM=2 repeats it and continues, FROM=3 continues without it.\n";
    assert_eq!((ended.code, ended.stderr.as_str()), (1, stderr));
    assert_eq!(run(&env, &format!("FROM=3 {profiles}")).unwrap().code, 0);
    let operations: Vec<_> = calls(&env).into_iter().map(|call| call[2].clone()).collect();
    assert_eq!(operations, ["GetCallerIdentity", "ResumeElasticsearchTask"]);
    // What cannot be read is not started without its input.
    assert_eq!(run(&env, &format!("REFUSED=DescribeExecution {profiles}")).unwrap().code, 1);
    assert!(calls(&env).iter().all(|call| call[2] != "StartExecution"));
    for from in ["x", "5", "9223372036854775808"] {
        assert_eq!(run(&env, &format!("FROM={from} {profiles}")).unwrap().code, 2, "{from}");
    }
    assert_eq!(run(&env, &format!("FROM=4 {profiles}")).unwrap().code, 0, "the last one is left out");
}

/// Nothing is started where nobody sees what is.
#[test]
#[cfg(target_os = "linux")]
fn a_script_that_cannot_write_starts_nothing_and_fails() {
    let env = environment(&of_each_kind());
    if run(&env, "FROM=x").is_none() {
        return;
    }
    let program = "chmod +x vendors/*; PATH=$PWD/vendors:$PATH PROFILE_1=ops PROFILE_2=hw sh undo.sh >/dev/full";
    assert_eq!(Ended::of(&mut env.shell(program)).code, 1);
    assert!(calls(&env).iter().all(|call| call[2] == "GetCallerIdentity"), "{:?}", calls(&env));
}

#[test]
fn no_name_is_more_than_a_name() {
    let names = HOSTILE.map(|name| target("fnf_execution", &[Value::Text(name), Value::Text(name)]));
    let mut report = of(names.into());
    for row in &mut report.targets {
        row.account = "it's $(touch owned)".to_owned();
    }
    report.accounts.truncate(1);
    report.accounts[0].name = "it's $(touch owned)".to_owned();
    let env = environment(&report);
    let Some(Ended { code, stderr, .. }) = run(&env, "PROFILE_1=\"it's\"") else { return };
    assert_eq!((code, stderr.as_str()), (0, ""));
    let calls = calls(&env);
    let started: Vec<_> = calls.iter().filter(|call| call[2] == "StartExecution").collect();
    assert_eq!(started.len(), HOSTILE.len());
    for (call, name) in started.iter().zip(HOSTILE) {
        assert_eq!(call[5], format!("--FlowName={name}"));
    }
    let checked = "command -v shellcheck >/dev/null || exit 77; sh -n undo.sh && shellcheck undo.sh";
    let Ended { code, stdout, stderr } = Ended::of(&mut env.shell(checked));
    assert!([0, 77].contains(&code), "{code} {stdout}{stderr}{}", env.text("undo.sh"));
}

#[test]
fn what_nobody_sees_becomes_no_command() {
    for name in ["a\nb", "a\u{1b}[2J", "a\u{202e}b", "a\u{200b}"] {
        let text = script(&of(vec![execution(name), target("live_flow", &[Value::Text(name)])]));
        assert!(!text.chars().any(|ch| ch != '\n' && ch.is_control()), "{text:?}");
        assert!(!text.lines().any(|line| line.contains("StartExecution") && !line.starts_with('#')), "{text}");
        assert!(text.contains("no command, because its name has characters that nobody sees"), "{text}");
        assert!(text.ends_with("exit 1\n") || text.contains("this script has no command to run"), "{text}");
    }
    // Also from whoever wrote the plan.
    let mut report = every();
    (report.run.plan.name, report.run.reason) = (NASTY.to_owned(), Some(NASTY.to_owned()));
    let text = script(&report);
    assert!(text.lines().all(|line| !line.contains("two") || line.starts_with('#')), "{text}");
}

#[test]
fn a_run_that_stopped_nothing_in_a_cloud_is_refused() {
    let env = TestEnvironment::new();
    for (mode, words) in [(RunMode::Rehearsal, "rehearsal"), (RunMode::DryRun, "dry run")] {
        let mut report = every();
        report.run.mode = mode;
        put(&env, "report.json", &report);
        let Ended { code, stdout, stderr } = env.run(["report", "undo", "report.json"]);
        assert_eq!((code, stdout.as_str()), (2, ""));
        assert!(stderr.contains(&format!("the report of a {words}")) && stderr.contains("hint: "), "{stderr}");
    }
    put(&env, "report.json", &of(vec![target("drs_job", &[Value::Text("j-1")])]));
    let Ended { code, stdout, stderr } = env.run(["report", "undo", "report.json"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("\n# drs_job:j-1: it cannot be started again: "), "{stdout}");
    assert!(stderr.starts_with("note: the script has no command"), "{stderr}");
    env.write("undo.sh", stdout);
    assert_eq!(Ended::of(&mut env.shell("sh undo.sh")).code, 1);
}

#[test]
fn the_report_is_not_overwritten_and_a_retry_names_the_run_before_it() {
    let env = TestEnvironment::new();
    let mut report = of(vec![execution("run-7")]);
    report.run.retry_of = Some("019ab0c2-7e5f-7000-8000-00000000000f".to_owned());
    put(&env, "report.json", &report);
    let Ended { code, stderr, .. } = env.run(["report", "undo", "report.json", "-o", "report.json"]);
    assert_eq!(code, 2, "{stderr}");
    report.accounts[0].network = "vpc".to_owned();
    let text = script(&report);
    assert!(text.contains("\n# The run used the VPC endpoints of the vendor"), "{text}");
    assert!(text.contains("It is a retry of run 019ab0c2-7e5f-7000-8000-00000000000f"), "{text}");
}

#[test]
fn each_left_over_target_is_named_with_the_words_of_its_outcome() {
    let text = script(&of_each_kind());
    let (_, behind) = text.split_once("# Not started, because the outcome is already stopped").unwrap();
    for outcome in [Outcome::Accepted, Outcome::Unknown] {
        assert!(behind.contains(wording::outcome(outcome).short), "{behind}");
    }
    assert!(behind.ends_with("# Not stopped by this run: 1 not found, 1 failed, 1 skipped.\n"), "{behind}");
}

#[test]
fn the_page_shows_what_is_written_and_every_kind() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/undo.md")).unwrap();
    let shown = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(script(&of_each_kind()).contains(shown), "{shown}");
    for kind in Kind::all() {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{kind}` |"))).expect(kind.name);
        match kind.again {
            Again::Never(_) => assert!(row.contains("not at all"), "{row}"),
            Again::Command(command) => assert!(row.contains(&command.operation.join(" ")), "{row}"),
        }
    }
}

#[test]
fn a_journal_gives_the_commands_of_its_report() {
    let mut env = TestEnvironment::new();
    env.simulate_anything(allstop::simulator::Config::default());
    let endpoint = env.simulator().endpoint();
    env.write(
        "plan.yaml",
        format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: '{endpoint}', sts: \
             '{endpoint}'}}}}}}\ndefaults: {{account: a}}\ntargets:\n  - {{kind: fnf_execution, flow_name: f, \
             execution_name: e-1}}\n  - {{kind: fnf_execution, flow_name: g, execution_name: e-2}}\n"
        ),
    );
    let Ended { code, stderr, .. } = env.run([&RUN[..], &["--report", "x.json", "--journal", "x.journal"]].concat());
    assert_eq!(code, 0, "{stderr}");
    let commands = |of: &str| {
        let Ended { code, stdout, stderr } = env.run(["report", "undo", of]);
        assert_eq!(code, 0, "{stderr}");
        let lines = stdout.lines().filter(|line| line.contains("Execution --profile")).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    let found = commands("x.json");
    assert_eq!(found.len(), 4, "{found:?}");
    let host = endpoint.strip_prefix("http://").unwrap();
    assert!(found.iter().all(|line| line.contains(&format!("--endpoint={host} "))), "{found:?}");
    assert_eq!(commands("x.journal"), found);
}
