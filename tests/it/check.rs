//! `allstop check --output json`: the built binary, as a script calls it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::environment::{ALIBABA_KEYS, Ended, HUAWEI_KEYS, TestEnvironment};

const PLAN: &str = "
version: 1
name: nightly
accounts:
  a: {cloud: alibaba, region: cn-hangzhou}
  b: {cloud: alibaba, region: cn-hangzhou}
  h: {cloud: huawei, region: cn-north-4, project_id: p}
retry: {max_attempts: 2, initial_delay: 1s, max_delay: 1s}
verify: {timeout: 30s}
guards: {protect: [spared]}
targets:
  - {id: one, kind: fnf_execution, account: a, flow_name: etl, execution_name: run-1}
  - {id: again, kind: fnf_execution, account: a, flow_name: etl, execution_name: run-1}
  - {id: spared, kind: fnf_execution, account: a, flow_name: etl, execution_name: run-2}
  - {id: job, kind: drs_job, account: h, job_id: j}
  - {kind: fnf_execution, account: b, from: more.csv}
";

/// A plan of five targets and a file of twelve.
fn environment() -> TestEnvironment {
    let rows: String = (3..15).map(|number| format!("etl,run-{number}\n")).collect();
    TestEnvironment::new()
        .with("more.csv", format!("flow_name,execution_name\n{rows}"))
        .with("plan.yaml", PLAN)
        .with("wrong.yaml", "version: 1\ntargets: []\n")
}

/// Runs the program; returns the exit status, the one line of standard output, and standard error.
fn check(env: &TestEnvironment, args: &[&str]) -> (i32, Value, String) {
    let ended = env.run([&["check"], args].concat());
    let line = ended.line();
    assert_eq!(keys(&line), documented("| field | type | meaning |"));
    (ended.code, line, ended.stderr)
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

/// Returns the fields in the table of the plan's page that begins so.
fn documented(head: &str) -> BTreeSet<String> {
    let page = include_str!("../../docs/plan.md");
    let rows = page.lines().skip_while(|line| *line != head).skip(2).take_while(|line| line.starts_with('|'));
    let cells: Vec<_> = rows.map(|row| row.split('|').nth(1).unwrap()).collect();
    cells.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn the_line_says_what_would_be_stopped_and_when() {
    let (code, line, stderr) = check(&environment(), &["plan.yaml", "--output", "json"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!((&line["plan"]["name"], &line["plan"]["path"]), (&json!("nightly"), &json!("plan.yaml")));
    assert_eq!(line["plan"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!((&line["targets"], &line["stops"]), (&json!(16), &json!(14)));
    assert_eq!(line["skipped"], json!({"protected": 1, "filtered": 0, "shard": 0, "duplicate": 1}));
    assert_eq!((&line["shard"], &line["error"]), (&Value::Null, &Value::Null));
    assert!(line["warnings"][0].as_str().unwrap().contains("drs_job cannot be undone"), "{line}");
    // 13 executions share 2 a second with a burst of 10; twice as many requests, one wait and the verification at worst.
    assert_eq!((&line["estimate_seconds"], &line["at_worst_seconds"]), (&json!(1.5), &json!(39.0)));
    let lanes = line["lanes"].as_array().unwrap();
    let wanted = documented("| field of a lane | type | meaning |");
    assert!(lanes.iter().all(|lane| keys(lane) == wanted), "{line}");
    let expected = json!({
        "account": "a", "cloud": "alibaba", "region": "cn-hangzhou", "kind": "fnf_execution", "api": "fnf:StopExecution",
        "stops": 1, "protected": 1, "duplicate": 1, "lane_stops": 13, "stated_per_second": 2.0, "burst": 10,
        "estimate_seconds": 1.5, "at_worst_seconds": 39.0,
    });
    assert_eq!(lanes[0], expected);
    assert_eq!((&lanes[1]["stops"], &lanes[1]["lane_stops"]), (&json!(12), &json!(13)));
    assert_eq!((&lanes[2]["kind"], &lanes[2]["estimate_seconds"]), (&json!("drs_job"), &json!(0.0)));
}

#[test]
fn the_line_names_every_target_and_what_becomes_of_it() {
    let env = environment();
    let (_, line, _) = check(&env, &["plan.yaml", "--skip", "job", "--output", "json"]);
    let choices = line["choices"].as_array().unwrap();
    let wanted = documented("| field of a choice | type | meaning |");
    assert!(choices.iter().all(|choice| keys(choice) == wanted), "{line}");
    let told: Vec<_> =
        choices.iter().take(5).map(|choice| (choice["id"].as_str(), choice["choice"].as_str())).collect();
    let expected = [
        ("one", "stop"),
        ("again", "duplicate"),
        ("spared", "protected"),
        ("job", "filtered"),
        ("fnf_execution:etl/run-3", "stop"),
    ];
    assert_eq!(told, expected.map(|(id, choice)| (Some(id), Some(choice))));
    assert_eq!(
        (&choices[3]["account"], &choices[3]["region"], &choices[3]["labels"]),
        (&json!("h"), &json!("cn-north-4"), &json!({}))
    );
    let (_, part, _) = check(&env, &["plan.yaml", "--shard", "1/2", "--output", "json"]);
    let count =
        |word: &str| part["choices"].as_array().unwrap().iter().filter(|choice| choice["choice"] == word).count();
    assert_eq!(
        (json!(count("stop")), json!(count("shard"))),
        (part["stops"].clone(), part["skipped"]["shard"].clone())
    );
}

#[test]
fn the_list_names_what_would_be_stopped_and_what_is_protected() {
    let env = environment();
    let list = ["check", "plan.yaml", "--list", "--kind", "fnf_execution", "--skip", "run-?"];
    let stdout = env.run(list).stdout;
    let (_, listed) = stdout.split_once("To be stopped:\n").unwrap();
    let mut wanted: String =
        (10..15).map(|number| format!("  fnf_execution:etl/run-{number}  b  cn-hangzhou\n")).collect();
    assert_eq!(listed, wanted);
    let list = ["check", "plan.yaml", "--list", "--only", "one", "--only", "spared"];
    let stdout = env.run(list).stdout;
    let (_, listed) = stdout.split_once("To be stopped:\n").unwrap();
    wanted = "  one  fnf_execution:etl/run-1  a  cn-hangzhou\nProtected:\n  spared  \
              fnf_execution:etl/run-2  a  cn-hangzhou\n"
        .to_owned();
    assert_eq!(listed, wanted);
}

#[test]
fn the_line_names_every_endpoint_that_is_not_the_vendors() {
    let env = environment();
    let plan = PLAN.replace("b: {cloud: alibaba,", "b: {cloud: alibaba, endpoints: {fnf: 'https://fnf.example:1'},");
    env.write("plan.yaml", plan);
    let (_, line, _) = check(&env, &["plan.yaml", "--output", "json"]);
    assert_eq!(line["endpoints"], json!([{"account": "b", "product": "fnf", "url": "https://fnf.example:1"}]));
}

#[test]
fn values_of_variables_are_in_no_message_of_a_wrong_command_line() {
    for args in [&["--set", "hush"][..], &["--set", "=hush"], &["--set", "A=1", "B=hush"], &["--set=hush"]] {
        let Ended { code, stderr, .. } = TestEnvironment::new().run([&["check", "plan.yaml"], args].concat());
        assert_eq!(code, 2);
        assert!(!stderr.contains("hush") && stderr.contains('…'), "{stderr}");
    }
}

#[test]
fn a_selection_and_a_shard_are_counted() {
    let env = environment();
    let (_, line, _) = check(&env, &["plan.yaml", "--kind", "drs_job", "--output", "json"]);
    assert_eq!((&line["stops"], &line["skipped"]["filtered"]), (&json!(1), &json!(15)));
    let parts: Vec<_> =
        ["1/2", "2/2"].map(|part| check(&env, &["plan.yaml", "--shard", part, "--output", "json"]).1).into();
    let stops = |line: &Value| (line["stops"].as_u64().unwrap(), line["skipped"]["shard"].as_u64().unwrap());
    assert_eq!(parts[0]["shard"], "1/2");
    assert_eq!(stops(&parts[0]), {
        let (own, other) = stops(&parts[1]);
        (other, own)
    });
    assert_eq!(stops(&parts[0]).0 + stops(&parts[1]).0, 14);
}

#[test]
fn what_is_wrong_is_told_on_standard_error_and_in_the_line() {
    let env = environment();
    for (args, expected, code) in [
        (&["wrong.yaml"][..], "wrong.yaml:2:10", 2),
        (&["absent.yaml"], "absent.yaml", 2),
        (&["plan.yaml", "--shard", "auto"], "JOB_COMPLETION_INDEX", 2),
        (&["plan.yaml", "--only", "spared"], "no targets match the filters", 4),
    ] {
        let (found, line, stderr) = check(&env, &[args, &["--output", "json"]].concat());
        assert_eq!(found, code, "{args:?}: {stderr}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
        assert!(line["error"].as_str().unwrap().contains(expected), "{args:?}: {line}");
        // Where there is a plan, there is something to say of it.
        assert_eq!(line["lanes"].is_null(), code == 2, "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_cannot_be_written_ends_with_5_unless_the_plan_is_wrong() {
    let env = environment();
    let check = |plan| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = env.command(["check", plan, "--output", "json"]);
        command.stdout(full).stderr(std::process::Stdio::null()).status().unwrap().code()
    };
    assert_eq!(check("plan.yaml"), Some(5));
    assert_eq!(check("wrong.yaml"), Some(2));
}

#[test]
fn what_run_would_refuse_check_refuses_with_the_same_status() {
    let env = environment();
    let window = crate::keeping::closed_window();
    let guarded = |guard: &str| PLAN.replace("{protect: [spared]}", &format!("{{protect: [spared], {guard}}}"));
    for (plan, options, code, expected) in [
        (PLAN.to_owned(), &["--only", "spared"][..], 4, "no targets match the filters"),
        (guarded("max_targets: 13"), &[], 3, "the plan selects 14 targets, more than guards.max_targets allows (13)"),
        (
            guarded("max_targets: 13") + "  - {id: b, kind: drs_job, account: h, job_id: k}\n",
            &["--only", "nothing"],
            4,
            "no target",
        ),
        (guarded(&window), &[], 3, "guards.window is closed now; it opens at"),
    ] {
        env.write("plan.yaml", &plan);
        let (found, line, stderr) = check(&env, &[&["plan.yaml", "--output", "json"], options].concat());
        assert_eq!(found, code, "{plan} {options:?}: {stderr}");
        assert!(line["error"].as_str().unwrap().contains(expected), "{line}");
        assert!(!line["lanes"].is_null(), "it says what there is to say all the same: {line}");
        let run = [&["run", "plan.yaml", "--yes"], options].concat();
        let Ended { code: found, stderr, .. } = env.run_with(ALIBABA_KEYS.into_iter().chain(HUAWEI_KEYS), run);
        assert_eq!(found, code, "{stderr}");
    }
}

#[test]
fn a_project_in_the_environment_is_one() {
    let env = environment();
    env.write("plan.yaml", PLAN.replace(", project_id: p", ""));
    let variables = [("HUAWEICLOUD_SDK_AK", "a"), ("HUAWEICLOUD_SDK_PROJECT_ID", "p")];
    assert_eq!(env.run_with(variables, ["check", "plan.yaml"]).code, 0);
}

#[test]
fn a_region_that_is_none_is_a_warning() {
    let env = environment();
    let plan = PLAN.replace("b: {cloud: alibaba, region: cn-hangzhou}", "b: {cloud: alibaba, region: cn-hangzou}");
    env.write("plan.yaml", plan);
    let (code, line, stderr) = check(&env, &["plan.yaml", "--output", "json"]);
    assert_eq!(code, 0, "{stderr}");
    let warnings: Vec<_> = line["warnings"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    let has = |text: &str| warnings.iter().any(|warning| warning.contains(text));
    assert!(has("did you mean `cn-hangzhou`?") && has("https://cn-hangzou.fnf.aliyuncs.com"), "{warnings:?}");
}

#[test]
fn it_says_where_the_credentials_of_each_account_in_use_come_from() {
    let env = environment();
    let plan = PLAN.replace("a: {cloud: alibaba,", "a: {cloud: alibaba, account_id: 1865410598556969,");
    env.write("plan.yaml", plan);
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tOpsOpsOps0001"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush"),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1865410598556969:role/r"),
        ("HUAWEICLOUD_SDK_AK", "HWOPSACCESSKEY000001"),
    ];
    let told = env.run_with(variables, ["check", "plan.yaml"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let (_, section) = told.stdout.split_once("\ncredentials\n").unwrap();
    for words in [
        "  a  ALIBABA_CLOUD_ACCESS_KEY_ID",
        "; pinned to 1865410598556969",
        "     also set, not used: ALIBABA_CLOUD_ROLE_ARN",
        "`allstop run` would exit with status 2",
        "     HUAWEICLOUD_SDK_AK is set, HUAWEICLOUD_SDK_SK is not",
    ] {
        assert!(section.contains(words), "{words}: {section}");
    }
    assert!(!told.stdout.contains("hush") && !told.stdout.contains("LTAI5tOpsOpsOps0001"), "{section}");

    let line = env.run_with(variables, ["check", "plan.yaml", "--output", "json"]).line();
    let accounts = line["credentials"].as_array().unwrap();
    let names: Vec<_> = accounts.iter().map(|account| account["account"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b", "h"]);
    assert_eq!(keys(&accounts[0]), ["account", "notes", "problem", "source"].map(str::to_owned).into());
    assert!(accounts[0]["problem"].is_null() && accounts[0]["notes"][0].as_str().unwrap().contains("ROLE_ARN"));
    assert!(accounts[2]["problem"].as_str().unwrap().contains("HUAWEICLOUD_SDK_SK is not"), "{line}");

    let demanded = env.run_with(variables, ["check", "plan.yaml", "--credentials"]);
    assert_eq!(demanded.code, 2, "{}", demanded.stderr);
    assert!(demanded.stderr.contains("HUAWEICLOUD_SDK_SK is not"), "{}", demanded.stderr);
    // An account that is not used needs none.
    let used = env.run_with(variables, ["check", "plan.yaml", "--credentials", "--account", "a"]);
    assert_eq!((used.code, used.stdout.contains("\n  h  ")), (0, false), "{}", used.stderr);
}

#[test]
fn where_nothing_is_configured_a_check_asks_nobody_and_says_so() {
    let env = environment();
    let told = env.run(["check", "plan.yaml"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert_eq!(told.stdout.matches("nothing configured here; a run would ask").count(), 3, "{}", told.stdout);
    let demanded = env.run(["check", "plan.yaml", "--credentials", "--output", "json"]);
    assert_eq!((demanded.code, &demanded.line()["exit_code"]), (2, &json!(2)));
    assert!(demanded.stderr.contains("no credentials for a"), "{}", demanded.stderr);
}
