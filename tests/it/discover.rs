//! `allstop discover`: the built binary against a simulator that lists.

use std::path::Path;
use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::plan::{Plan, Variables};
use allstop::service::Value as ParamValue;
use allstop::simulator::{ListFault, ListTrouble, Resource};
use serde_json::{Value, json};

use crate::environment::{Ended, TestEnvironment, words};
use crate::selection::ground::{execution, ground, resource};

/// A plan of which `discover` takes the accounts and guards.
const PLAN: &str = "
guards: {protect: ['*payments*']}
targets: [{kind: live_flow, account: hw, flow_id: any}]
";

fn flow(id: &str, name: &str, status: &str) -> Resource {
    let (kind, project) = ("live_flow", "p");
    resource(json!({"kind": kind, "project_id": project, "flow_id": id, "name": name, "status": status}))
}

fn job(id: &str, env: &str) -> Resource {
    resource(json!({"kind": "drs_job", "project_id": "p", "job_id": id, "tags": {"env": env}}))
}

/// What runs, and what does not, in both accounts.
fn world() -> Vec<Resource> {
    let task = json!({"kind": "opensearch_task", "instance_id": "ha-1", "fsm_id": "t", "status": "onlyPublished"});
    vec![
        // Half a minute more than 3 h 12 min: time passes until it is listed.
        resource(json!({
            "kind": "fnf_execution", "flow_name": "etl-orders", "execution_name": "a", "status": "Running",
            "since": (SystemClock.now() - Duration::from_secs(192 * 60 + 30)).to_string(),
        })),
        execution("etl-payments", "b", "Running", 10),
        execution("etl-orders", "c", "Succeeded", 300),
        resource(task),
        flow("f1", "test-1", "ACTIVE"),
        flow("f2", "test-2", "ACTIVE"),
        flow("f3", "idle", "STANDBY"),
        flow("f4", "odd", "STARTING"),
        job("j1", "test"),
        job("j2", "prod"),
    ]
}

impl TestEnvironment {
    fn discover(&self, options: &[&str]) -> Ended {
        let ended = self.run([&["discover", "--plan", "plan.yaml"], options].concat());
        assert_eq!(self.stops(), 0, "{ended:?}");
        ended
    }
}

/// Loads a plan and returns its targets: the kind with the identifying parameters.
#[track_caller]
fn targets(yaml: &str) -> Vec<String> {
    let plan = Plan::parse(yaml.as_bytes(), Path::new("found.yaml"), &Variables::default());
    let plan = plan.unwrap_or_else(|errors| panic!("{errors}\n{yaml}")).plan;
    let names = |target: &allstop::plan::Target| {
        let names: Vec<_> = target.params.identity(target.kind.params).collect();
        format!("{} {}", target.kind.name, names.join("/"))
    };
    plan.targets.iter().map(names).collect()
}

#[test]
fn the_yaml_is_a_plan_that_loads_and_runs_as_it_is() {
    let env = ground(PLAN, world());
    let ended = env.discover(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = &ended.stdout;
    let expected = ["drs_job j1", "drs_job j2", "fnf_execution etl-orders/a", "live_flow f1", "live_flow f2"];
    let mut found = targets(text);
    found.sort();
    assert_eq!(found, expected);
    let [first, second] = text.lines().take(2).collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert!(first.starts_with("# What ran in ali (cn-hangzhou), hw (cn-north-4) at "), "{first}");
    assert!(first.ends_with(": 2 drs_job, 1 fnf_execution, 2 live_flow. 2 more are unclear (see below)."), "{first}");
    assert_eq!(second, "# Look through it, take out what must go on, then: allstop run this.yaml --reason '…'");
    for line in [
        "guards: {max_targets: 5",
        "flow_name: etl-orders, execution_name: a}  # Running, for 3 h 12 min (since ",
        "\n# unclear, not listed above: live_flow f4 (status STARTING)",
        "\n# unclear, not listed above: opensearch_task ha-1/t (status onlyPublished)",
        "\n# protected, not listed above: fnf_execution etl-payments/b (*payments*)",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    // It has no secret, and runs as it is.
    env.keys().values().for_each(|key| assert!(!text.contains(key.as_str()), "{text}"));
    env.write("found.yaml", text);
    assert_eq!(env.run(["check", "found.yaml"]).code, 0);
    let ended = env.run(["run", "found.yaml", "--yes", "--progress", "off"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    // The two jobs share a request.
    assert_eq!((words(&env.report("found.report.json")), env.stops()), (vec!["stopped".to_owned(); 5], 4));
}

#[test]
fn a_plan_may_come_from_standard_input() {
    let env = ground(PLAN, world());
    let ended = env.run_on(&env.text("plan.yaml"), ["discover", "--plan", "-", "--account", "hw", "--kind", "drs_job"]);
    assert_eq!(
        (ended.code, targets(&ended.stdout)),
        (0, vec!["drs_job j1".into(), "drs_job j2".to_owned()]),
        "{ended:?}"
    );
}

#[test]
fn files_of_targets_are_taken_by_from_with_their_facts() {
    for format in ["ndjson", "csv"] {
        let env = ground(PLAN, world());
        let file = format!("jobs.{format}");
        let ended = env.discover(&["--kind", "drs_job", "--output", format, "-o", &file]);
        assert_eq!((ended.code, ended.stdout), (0, String::new()), "{}", ended.stderr);
        let from = format!(
            "{}targets: [{{kind: drs_job, from: {file}}}]",
            env.text("plan.yaml").split_once("targets:").unwrap().0
        );
        env.write("from.yaml", from);
        let ended = env.run(["run", "from.yaml", "--yes", "--label", "tag.env=test", "--progress", "off"]);
        assert_eq!(ended.code, 0, "{format}: {ended:?}");
        let report = env.report("from.report.json");
        assert_eq!(words(&report), ["stopped", "filtered"], "{format}");
        let seen = &report["targets"][0]["seen"];
        assert_eq!((&seen["state"], &seen["name"]), (&json!("INCRE_TRANSFER_STARTED"), &json!("job")), "{format}");
        assert!(seen["at"].is_string(), "{seen}");
    }
}

#[test]
fn json_is_one_object() {
    let env = ground(PLAN, world());
    let ended = env.discover(&["--account", "hw", "--kind", "live_flow", "--output", "json"]);
    assert_eq!((ended.code, ended.stdout.lines().count()), (0, 1), "{ended:?}");
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let keys: Vec<_> = found.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["listed_at", "selections", "targets", "version"]);
    assert_eq!(found["version"], 1);
    assert_eq!((&found["selections"][0]["seen"], &found["selections"][0]["matched"]), (&json!(4), &json!(2)));
    let row = &found["targets"][0];
    assert_eq!((&row["id"], &row["params"]["flow_id"]), (&json!("live_flow:f1"), &json!("f1")));
    assert_eq!((&row["labels"]["name"], &row["seen"]["state"]), (&json!("test-1"), &json!("ACTIVE")));
}

#[test]
fn a_table_is_for_people() {
    let env = ground(PLAN, world());
    let ended = env.discover(&["--kind", "fnf_execution", "--output", "table"]);
    let lines: Vec<Vec<_>> = ended.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!((ended.code, lines.len()), (0, 2), "{ended:?}");
    assert_eq!(lines[0], ["kind", "account", "target", "name", "state", "age"]);
    assert_eq!(lines[1], ["fnf_execution", "ali", "etl-orders/a", "Running", "3", "h", "12", "min"]);
}

#[test]
fn any_state_is_shown_in_comments_or_in_rows() {
    let env = ground(PLAN, world());
    let any = ["--kind", "live_flow", "--state", "any"];
    let ended = env.discover(&any);
    assert_eq!(
        (ended.code, targets(&ended.stdout)),
        (0, vec!["live_flow f1".into(), "live_flow f2".to_owned()]),
        "{ended:?}"
    );
    for line in [
        "\n# ended, not listed above: live_flow f3 (STANDBY)",
        "\n# unclear, not listed above: live_flow f4 (status STARTING)",
    ] {
        assert!(ended.stdout.contains(line), "{}", ended.stdout);
    }
    let ended = env.discover(&[&any[..], &["--output", "ndjson"]].concat());
    let rows: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut states: Vec<_> = rows.iter().map(|row| row["seen"]["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["ACTIVE", "ACTIVE", "STANDBY", "STARTING"]);
    // The history of a flow is never listed.
    let ended = env.discover(&["--kind", "fnf_execution", "--state", "any"]);
    assert!(!ended.stdout.contains("execution_name: c") && !ended.stdout.contains("etl-orders/c"), "{}", ended.stdout);
}

#[test]
fn unclear_ones_are_no_targets_even_if_they_are_asked_for() {
    let env = ground(PLAN, world());
    let ended = env.discover(&["--kind", "live_flow", "--state", "unclear"]);
    let found = if ended.code == 0 { targets(&ended.stdout) } else { Vec::new() };
    assert_eq!(found, ["live_flow f4"], "{ended:?}");
}

#[test]
fn fields_select_and_except() {
    let table: [(&[&str], &[&str]); 8] = [
        (&["--select", "name=test-*"], &["live_flow f1", "live_flow f2"]),
        (&["--select", "name=test-1", "--select", "name=idle"], &["live_flow f1"]),
        (&["--select", "name=test-*", "--except", "name=*2"], &["live_flow f1"]),
        (&["--kind", "drs_job", "--select", "tag.env=test"], &["drs_job j1"]),
        (&["--kind", "drs_job", "--except", "tag.env=test"], &["drs_job j2"]),
        (&["--kind", "drs_job", "--except", "tag.env=test", "--except", "job_id=j2"], &[]),
        (&["--kind", "fnf_execution", "--select", "older_than=2h"], &["fnf_execution etl-orders/a"]),
        (&["--kind", "fnf_execution", "--select", "flow_name=etl-*", "--select", "older_than=5h"], &[]),
    ];
    for (options, expected) in table {
        let env = ground(PLAN, world());
        let ended = env.discover(options);
        if expected.is_empty() {
            assert_eq!((ended.code, &*ended.stdout), (4, ""), "{options:?}: {ended:?}");
        } else {
            assert_eq!(ended.code, 0, "{options:?}: {ended:?}");
            let mut found = targets(&ended.stdout);
            found.sort();
            assert_eq!(
                (ended.code, found),
                (0, expected.iter().map(|id| (*id).to_owned()).collect()),
                "{options:?}: {ended:?}"
            );
        }
    }
}

#[test]
fn kinds_without_a_field_are_named_and_wrong_fields_are_errors() {
    let env = ground(PLAN, world());
    let ended = env.discover(&["--account", "hw", "--select", "job_type=sync"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stderr.contains("not listed, because they do not have all fields of --select: live_flow"),
        "{}",
        ended.stderr
    );
    let table: [(&[&str], &str); 6] = [
        (&["--select", "nome=x"], "no `nome` to select by"),
        (&["--kind", "live_flow", "--select", "older_than=2h"], "`older_than`"),
        (&["--kind", "drs_job", "--select", "name="], "name"),
        (&["--account", "nobody"], "no account of the plan matches --account"),
        (&["--account", "ali", "--kind", "drs_job"], "needs an account of the cloud `huawei`"),
        (&["--except", "flow_name=x"], "would leave out no"),
    ];
    let before = env.lists();
    for (options, said) in table {
        let ended = env.discover(options);
        assert_eq!((ended.code, &*ended.stdout), (2, ""), "{options:?}: {ended:?}");
        assert!(ended.stderr.contains(said), "{options:?}: {}", ended.stderr);
    }
    assert_eq!(env.lists(), before);
}

#[test]
fn row_52_odd_names_load_exactly() {
    let odd = [
        "- {x: \"é",
        "null",
        "~",
        "1e3",
        "${HOME}",
        "$${HOME}",
        "a: b",
        "a #b",
        "'",
        "*x",
        "&x",
        "!x",
        "[a]",
        " x ",
        "\u{1f6d1}",
    ];
    let executions = odd.iter().map(|name| execution(name, name, "Running", 5));
    let mut broken = json!({"kind": "live_flow", "project_id": "p", "flow_id": "f"});
    broken["name"] = json!("- {x: \"é\nguards: {max_targets: 0}");
    let env = ground("targets: [{kind: live_flow, account: hw, flow_id: any}]", executions.chain([resource(broken)]));
    let ended = env.discover(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let mut expected: Vec<_> = odd.iter().map(|name| format!("fnf_execution {name}/{name}")).collect();
    expected.push("live_flow f".to_owned());
    let mut found = targets(&ended.stdout);
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "{}", ended.stdout);
    // Its name is in the comment of its line, which stays one line.
    let line = ended.stdout.lines().find(|line| line.contains("flow_id: f}")).unwrap();
    assert!(line.contains("# ACTIVE, - {x: \"é\\nguards"), "{line}");
    // The same names in files of targets.
    for format in ["ndjson", "csv"] {
        let file = format!("odd.{format}");
        let ended = env.discover(&["--kind", "fnf_execution", "--output", format, "-o", &file]);
        assert_eq!(ended.code, 0, "{ended:?}");
        env.write(
            "from.yaml",
            env.text("plan.yaml").replace(
                "{kind: live_flow, account: hw, flow_id: any}",
                &format!("{{kind: fnf_execution, from: {file}}}"),
            ),
        );
        let plan = Plan::load(&env.path("from.yaml"), &Variables::default());
        let plan = plan.unwrap_or_else(|errors| panic!("{format}: {errors}\n{}", env.text(&file))).plan;
        let name = |target: &allstop::plan::Target| match target.params.given(target.kind.params).next() {
            Some((_, ParamValue::Text(name))) => name.to_owned(),
            other => panic!("{other:?}"),
        };
        let mut names: Vec<_> = plan.targets.iter().map(name).collect();
        let mut expected: Vec<_> = odd.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        expected.sort();
        assert_eq!(names, expected, "{format}");
    }
}

#[test]
fn row_52_what_no_target_can_name_is_said() {
    let env = ground(PLAN, [execution("etl", "line\nbreak", "Running", 5), execution("etl", "good", "Running", 5)]);
    let ended = env.discover(&["--kind", "fnf_execution"]);
    assert_eq!((ended.code, targets(&ended.stdout)), (1, vec!["fnf_execution etl/good".to_owned()]), "{ended:?}");
    assert!(ended.stderr.contains("line\\nbreak"), "{}", ended.stderr);
}

#[test]
fn row_53_a_file_of_targets_has_one_kind() {
    let env = ground(PLAN, world());
    for format in ["csv", "ndjson"] {
        let ended = env.discover(&["--output", format]);
        assert_eq!((ended.code, &*ended.stdout, env.lists()), (2, "", 0), "{ended:?}");
        assert!(ended.stderr.contains("one kind") && ended.stderr.contains("--kind"), "{}", ended.stderr);
    }
}

#[test]
fn row_54_an_old_list_does_not_stay_in_place_of_an_empty_one() {
    let env = ground(PLAN, world());
    assert_eq!(env.discover(&["--kind", "live_flow", "-o", "found.yaml"]).code, 0);
    assert!(env.text("found.yaml").contains("f1"));
    for format in ["yaml", "json", "table", "csv", "ndjson"] {
        let options = ["--kind", "live_flow", "--select", "name=nobody", "--output", format, "-o", "found.yaml"];
        let ended = env.discover(&options);
        assert_eq!((ended.code, &*ended.stdout), (4, ""), "{ended:?}");
        let text = env.text("found.yaml");
        assert!(!text.contains("f1") && text.contains("targets: []"), "{text}");
        let ended = env.run(["run", "found.yaml", "--yes"]);
        assert_eq!((ended.code, env.stops()), (2, 0), "{ended:?}");
    }
    let ended = env.discover(&["--kind", "live_flow", "--select", "name=nobody"]);
    assert_eq!((ended.code, &*ended.stdout), (4, ""), "{ended:?}");
}

fn refused_jobs() -> TestEnvironment {
    ground(PLAN, world()).script([ListFault::new(ListTrouble::Denied).api("drs:ShowJobList").forever()])
}

#[test]
fn a_part_that_cannot_be_listed_prints_nothing() {
    let env = refused_jobs();
    for format in ["yaml", "json", "table"] {
        let ended = env.discover(&["--account", "hw", "--output", format]);
        assert_eq!((ended.code, &*ended.stdout), (1, ""), "{ended:?}");
        for said in ["cannot list", "jobs", "--partial"] {
            assert!(ended.stderr.contains(said), "{}", ended.stderr);
        }
    }
    env.write("found.yaml", "");
    let ended = env.discover(&["--account", "hw", "-o", "found.yaml"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(env.text("found.yaml").starts_with("# NOT COMPLETE: "), "{}", env.text("found.yaml"));
    assert_eq!(env.run(["run", "found.yaml", "--yes"]).code, 2);
}

#[test]
fn partial_prints_the_rest_and_says_so_first() {
    let env = refused_jobs();
    let ended = env.discover(&["--account", "hw", "--partial"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stdout.starts_with("# NOT COMPLETE: "), "{}", ended.stdout);
    assert_eq!(targets(&ended.stdout), ["live_flow f1", "live_flow f2"]);
    assert!(ended.stderr.contains("cannot list"), "{}", ended.stderr);
    let ended = env.discover(&["--account", "hw", "--partial", "--output", "json"]);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let missing = found["selections"].as_array().unwrap().iter().flat_map(|one| one["missing"].as_array().unwrap());
    assert_eq!((ended.code, missing.count() > 0), (1, true), "{found}");
    // Nothing but the failure: no list, and not 4.
    let ended = env.discover(&["--kind", "drs_job", "--partial", "-o", "found.yaml"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(env.text("found.yaml").starts_with("# NOT COMPLETE: "), "{}", env.text("found.yaml"));
    assert_eq!(env.run(["run", "found.yaml", "--yes"]).code, 2);
}

#[test]
fn files_of_others_are_kept_unless_they_are_given_up() {
    let env = ground(PLAN, world());
    for foreign in ["my notes\n", "version: 1\n", "a,b\n"] {
        env.write("mine", foreign);
        let ended = env.discover(&["--kind", "live_flow", "-o", "mine"]);
        assert_eq!((ended.code, env.text("mine"), env.lists()), (2, foreign.to_owned(), 0), "{ended:?}");
        assert!(ended.stderr.contains("--force"), "{}", ended.stderr);
    }
    let ended = env.discover(&["--kind", "live_flow", "-o", "plan.yaml", "--force"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("which is an input"), "{}", ended.stderr);
    assert_eq!(env.discover(&["--kind", "live_flow", "-o", "mine", "--force"]).code, 0);
    assert_eq!(targets(&env.text("mine")), ["live_flow f1", "live_flow f2"]);
    // What it wrote itself, in any format, it replaces.
    for format in ["json", "ndjson", "csv", "table", "yaml"] {
        let ended = env.discover(&["--kind", "live_flow", "--output", format, "-o", "mine"]);
        assert_eq!(ended.code, 0, "{format}: {ended:?}");
    }
    let reviewed = env.run(["plan", "mine", "-o", "reviewed.yaml"]);
    assert_eq!(reviewed.code, 0, "{reviewed:?}");
    assert_eq!(env.discover(&["--kind", "live_flow", "-o", "reviewed.yaml"]).code, 0);
}

#[test]
fn where_to_list_must_be_said() {
    let env = ground(PLAN, world());
    let table: [(&[&str], &str); 3] = [
        (&["discover"], "--plan"),
        (&["discover", "--cloud", "alibaba"], "--region"),
        (&["discover", "--plan", "plan.yaml", "--cloud", "huawei", "--region", "r"], "--cloud"),
    ];
    for (args, said) in table {
        let ended = env.run(args);
        assert_eq!((ended.code, &*ended.stdout, env.lists()), (2, "", 0), "{ended:?}");
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
}

#[test]
fn the_date_of_a_listing_names_the_plan() {
    let env = ground(PLAN, [flow("f1", "x", "ACTIVE")]);
    let ended = env.discover(&["--kind", "live_flow"]);
    let line = |start: &str| ended.stdout.lines().find_map(|line| line.strip_prefix(start)).unwrap().to_owned();
    let name = line("name: discovered-");
    assert_eq!((name.len(), name.ends_with('Z')), ("20261122T050012Z".len(), true), "{name}");
    let at: String =
        line("# What ran in ").split(" at ").nth(1).unwrap().chars().take(19).filter(char::is_ascii_digit).collect();
    assert_eq!(at, name.replace(['T', 'Z'], ""));
}
