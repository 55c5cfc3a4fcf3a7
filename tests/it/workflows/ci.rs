//! GitHub Actions, GitLab CI and Airflow.

use std::process::ExitStatus;

use serde_json::{Value, json};

use super::FINAL;
use super::stage::{Stage, TARGETS, recipe, texts, well, yaml};

const BASH: [&str; 5] = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];

/// What a step of the action left behind.
struct Left {
    code: i32,
    outputs: String,
    summary: String,
}

/// Runs a step of the composite action as a runner does, with `env` for its expressions.
fn step(stage: &Stage, name: &str, env: &[(&str, &str)]) -> Left {
    step_by(stage, name, env, |shell, script, env| stage.shell(shell, script, env, true).status)
}

/// Runs a step of the composite action in a way of one's own.
fn step_by(
    stage: &Stage,
    name: &str,
    env: &[(&str, &str)],
    run: impl FnOnce(&[&str], &str, &[(&str, &str)]) -> ExitStatus,
) -> Left {
    let action = yaml("github/action.yml");
    let step = action["runs"]["steps"].as_array().unwrap().iter().find(|step| step["name"] == name).unwrap();
    let declared: Vec<_> = step["env"].as_object().unwrap().keys().map(String::as_str).collect();
    let given: Vec<_> = env.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared, given, "the step {name} has these variables");
    let [outputs, summary] = ["lib/github-output", "lib/github-summary"].map(|name| stage.path(name));
    std::fs::write(&outputs, "").unwrap();
    // What stood there before stays there.
    std::fs::write(&summary, "before\n").unwrap();
    let files = [("GITHUB_OUTPUT", outputs.to_str().unwrap()), ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    let env = [env, &files].concat();
    let status = run(&[&BASH[..], &["-c"]].concat(), step["run"].as_str().unwrap(), &env);
    let [outputs, summary] = [outputs, summary].map(|path| std::fs::read_to_string(path).unwrap());
    let summary = summary.strip_prefix("before\n").unwrap().to_owned();
    Left { code: status.code().expect("ended by itself"), outputs, summary }
}

fn value_of<'a>(outputs: &'a str, name: &str) -> &'a str {
    outputs.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).unwrap()
}

#[test]
fn the_action_stops_and_tells() {
    let stage = Stage::new();
    let arguments = "--reason\nnightly; $(touch owned) `touch owned`\n";
    let mut stopped = 0;
    for shard in ["1/2", "2/2"] {
        let env = [
            ("ARGUMENTS", arguments),
            ("PLAN", "plans/nightly.yaml"),
            ("REPORT", "allstop.report.json"),
            ("SHARD", shard),
        ];
        let Left { code, outputs, summary } = step(&stage, "Stop", &env);
        assert_eq!((code, value_of(&outputs, "exit-code")), (0, "0"));
        assert!(summary.starts_with("## ") && summary.contains(&format!("shard `{shard}`")), "{summary}");
        let line: Value = serde_json::from_str(value_of(&outputs, "line")).unwrap();
        let report = value_of(&outputs, "report");
        assert_eq!((&line["shard"], &line["report"]), (&shard.into(), &report.into()));
        stopped += stage.stopped(report);
    }
    assert_eq!(stopped, TARGETS);
    assert!(!stage.path("lib/owned").exists());
}

#[test]
fn the_action_ends_as_allstop_did() {
    let stage = Stage::new();
    let env = [("ARGUMENTS", ""), ("PLAN", "absent.yaml"), ("REPORT", "r.report.json"), ("SHARD", "")];
    let Left { code, outputs, summary } = step(&stage, "Stop", &env);
    assert_eq!((code, value_of(&outputs, "exit-code")), (0, "2"), "the steps after it have their turn");
    assert!(summary.contains("exit status 2") && summary.contains("absent.yaml"), "{summary}");
    for (status, accept, expected) in
        [("0", "", 0), ("2", "", 2), ("4", "4", 0), ("1", "4 1", 0), ("1", "4", 1), ("", "", 1)]
    {
        assert_eq!(step(&stage, "Judge", &[("ACCEPT", accept), ("CODE", status)]).code, expected, "{status} {accept}");
    }
}

/// A runner signals the shell of a step, and nothing that the shell started.
#[test]
fn a_step_that_is_cancelled_lets_allstop_write_its_report() {
    for signal in ["TERM", "INT"] {
        let stage = Stage::new();
        let plan = std::fs::read_to_string(stage.path("etc/nightly.yaml")).unwrap();
        let slow = plan.replace("limits: {rate: 200/s}", "limits: {rate: 1/h, burst: 1}");
        assert_ne!(slow, plan);
        std::fs::write(stage.path("etc/nightly.yaml"), slow).unwrap();
        let env = [("ARGUMENTS", ""), ("PLAN", "plans/nightly.yaml"), ("REPORT", "r.report.json"), ("SHARD", "")];
        let Left { code, outputs, summary } =
            step_by(&stage, "Stop", &env, |shell, script, env| stage.cancelled(shell, script, env, signal));
        assert_eq!((code, value_of(&outputs, "exit-code")), (0, "143"), "{signal}: {outputs}");
        let line: Value = serde_json::from_str(value_of(&outputs, "line")).unwrap();
        assert_eq!((&line["status"], &line["exit_code"]), (&"interrupted".into(), &143.into()), "{signal}");
        assert!(summary.contains("The run ended early"), "{signal}: {summary}");
        for kept in ["r.report.json", "r.report.json.journal"] {
            assert!(stage.path("lib").join(kept).exists(), "{signal}: {kept}");
        }
    }
    let keep = &yaml("github/action.yml")["runs"]["steps"][1];
    assert_eq!(keep["if"], "${{ always() }}", "a cancelled run is the one whose journal is needed");
}

/// Returns a job's step that has this, by its name or by the action that it uses.
fn step_of<'a>(job: &'a Value, key: &str, value: &str) -> &'a Value {
    job["steps"].as_array().unwrap().iter().find(|step| step[key] == value).unwrap()
}

const ACTION: &str = "./.github/actions/allstop";

#[test]
fn the_workflows_use_the_action_as_it_is() {
    let action = yaml("github/action.yml");
    let workflows = [("teardown", false), ("teardown-sharded", true), ("teardown-oidc", false)];
    for (name, is_sharded) in workflows {
        let job = &yaml(&format!("github/{name}.yml"))["jobs"]["stop"];
        let with = step_of(job, "uses", ACTION)["with"].as_object().unwrap();
        assert!(with.keys().all(|input| action["inputs"].get(input).is_some()), "{with:?}");
        assert_eq!((with.contains_key("shard"), job.get("strategy").is_some()), (is_sharded, is_sharded), "{name}");
    }
}

#[test]
fn the_matrix_has_all_shards_and_ends_with_one_report() {
    let jobs = &yaml("github/teardown-sharded.yml")["jobs"];
    let job = &jobs["stop"];
    let shards: Vec<_> =
        job["strategy"]["matrix"]["shard"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    let used = step_of(job, "uses", ACTION)["with"]["shard"].as_str().unwrap();
    assert_eq!(used, format!("${{{{ matrix.shard }}}}/{}", shards.len()));
    assert_eq!(shards, (1..=shards.len() as u64).collect::<Vec<_>>());

    let merge = &jobs["merge"];
    assert_eq!((&merge["needs"], &merge["if"]), (&"stop".into(), &"${{ !cancelled() }}".into()));
    let kept = yaml("github/action.yml")["runs"]["steps"][1]["with"]["name"].as_str().unwrap().to_owned();
    let pattern = step_of(merge, "uses", "actions/download-artifact@v4")["with"]["pattern"].as_str().unwrap();
    assert_eq!(kept.replace("${{ github.job }}-${{ strategy.job-index }}", "stop-*"), pattern);
    let stage = Stage::new();
    for shard in &shards {
        let shard = format!("{shard}/{}", shards.len());
        let report = "allstop.report.json";
        let env = [("ARGUMENTS", ""), ("PLAN", "plans/nightly.yaml"), ("REPORT", report), ("SHARD", &*shard)];
        assert_eq!(step(&stage, "Stop", &env).code, 0);
    }
    let summary = stage.path("lib/summary");
    let env = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    let run = |name: &str| {
        let script = step_of(merge, "name", name)["run"].as_str().unwrap();
        stage.shell(&[&BASH[..], &["-c"]].concat(), script, &env, false)
    };
    well(&run("Merge"));
    well(&run("Judge"));
    assert!(std::fs::read_to_string(&summary).unwrap().starts_with("## All 8 targets are stopped."));
    assert_eq!(stage.stopped("allstop.report.json"), TARGETS);
    // One of the shards was not what it should be, and another has no report at all.
    let first = stage.path("lib/allstop.1-of-4.report.json");
    let text = std::fs::read_to_string(&first).unwrap().replace("\"exit_code\": 0", "\"exit_code\": 3");
    std::fs::write(&first, text).unwrap();
    std::fs::remove_file(stage.path("lib/allstop.2-of-4.report.json")).unwrap();
    well(&run("Merge"));
    assert_eq!(run("Judge").status.code(), Some(3));
}

/// A place of the runner that a recipe names.
const TEMPORARY: &str = "${{ runner.temp }}";

/// Puts a directory of the stage in the place of the runner's temporary one.
fn on_runner<'a>(stage: &Stage, env: &'a Value) -> Vec<(&'a str, String)> {
    let here = stage.path("lib").display().to_string();
    let env = env.as_object().unwrap().iter();
    env.map(|(name, value)| (&**name, value.as_str().unwrap().replace(TEMPORARY, &here))).collect()
}

#[test]
fn the_workflow_without_a_key_gets_a_token_and_allstop_finds_it() {
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhbGxzdG9wIn0.c2ln";
    let stage = Stage::without_keys(json!({"cloud": "alibaba", "region": "cn-hangzhou"}));
    let workflow = yaml("github/teardown-oidc.yml");
    assert_eq!(workflow["permissions"]["id-token"], "write");
    let job = &workflow["jobs"]["stop"];
    let step = step_of(job, "name", "Get an OIDC token");
    stage.stand_in(
        "curl",
        &format!("printf '%s\\n' \"$@\" >curl\nprintf '%s' '{{\"count\":1,\"value\":\"{TOKEN}\"}}'\n"),
    );
    let env = on_runner(&stage, &step["env"]);
    let request =
        [("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "hush"), ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://gh.invalid/?a=1")];
    let env: Vec<_> = env.iter().map(|(name, value)| (*name, &**value)).chain(request).collect();
    well(&stage.shell(&["bash", "-e", "-c"], step["run"].as_str().unwrap(), &env, false));
    let asked = std::fs::read_to_string(stage.path("lib/curl")).unwrap();
    assert!(asked.lines().any(|argument| argument == "Authorization: bearer hush"), "{asked}");
    assert!(asked.lines().any(|argument| argument == "https://gh.invalid/?a=1&audience=allstop"), "{asked}");
    let file = stage.path("lib/oidc");
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim_end(), TOKEN);
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600);
    // A request that fails fails the step.
    stage.stand_in("curl", "exit 22\n");
    assert!(!stage.shell(&["bash", "-e", "-c"], step["run"].as_str().unwrap(), &env, false).status.success());

    let variables = on_runner(&stage, &step_of(job, "uses", ACTION)["env"]);
    for name in ["ALIBABA_CLOUD_OIDC_TOKEN_FILE", "HUAWEICLOUD_OIDC_TOKEN_FILE"] {
        let (_, value) = variables.iter().find(|(known, _)| *known == name).unwrap();
        assert_eq!(*value, file.display().to_string());
    }
    let value = |name: &str| &*variables.iter().find(|(known, _)| *known == name).unwrap().1;
    let (role, provider) = (value("ALIBABA_CLOUD_ROLE_ARN"), value("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"));
    let account = role.split(':').nth(3).unwrap();
    stage.knows(account, json!({"roles": {role: {"provider": provider}}, "id_tokens": {TOKEN: "good"}}));
    std::fs::write(&file, TOKEN).unwrap();
    let env = [("ARGUMENTS", ""), ("PLAN", "plans/nightly.yaml"), ("REPORT", "r.report.json"), ("SHARD", "")];
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, &**value)).collect();
    let left = step_by(&stage, "Stop", &env, |shell, script, env| {
        stage.shell(shell, script, &[env, &variables].concat(), false).status
    });
    assert_eq!((left.code, value_of(&left.outputs, "exit-code")), (0, "0"));
    assert_eq!(stage.stopped_as_stopper("r.report.json", account), TARGETS);
}

/// Runs the script of one of GitLab's jobs.
fn gitlab(stage: &Stage, job: &Value, env: &[(&str, &str)]) -> std::process::Output {
    let env = [&[("GITLAB_CI", "true"), ("CI_PIPELINE_ID", "7")], env].concat();
    stage.shell(&[&BASH[..], &["-c"]].concat(), &texts(&job["script"]).join("\n"), &env, true)
}

#[test]
fn the_job_of_gitlab_runs_the_plan() {
    let stage = Stage::new();
    let job = &yaml("gitlab/nightly.gitlab-ci.yml")["nightly-teardown"];
    assert!(job.get("parallel").is_none());
    well(&gitlab(&stage, job, &[]));
    assert_eq!(stage.stopped("nightly.report.json"), TARGETS);
}

#[test]
fn the_jobs_of_gitlab_share_the_plan_and_end_with_one_report() {
    let stage = Stage::new();
    let pipeline = yaml("gitlab/nightly-sharded.gitlab-ci.yml");
    let job = &pipeline["nightly-teardown"];
    let jobs = job["parallel"].as_u64().unwrap();
    let mut stopped = 0;
    for number in 1..=jobs {
        let (number, total) = (number.to_string(), jobs.to_string());
        well(&gitlab(&stage, job, &[("CI_NODE_INDEX", &*number), ("CI_NODE_TOTAL", &*total)]));
        stopped += stage.stopped(&format!("nightly.{number}-of-{total}.report.json"));
    }
    assert_eq!(stopped, TARGETS);
    well(&gitlab(&stage, &pipeline["nightly-report"], &[]));
    assert_eq!(stage.stopped("nightly.report.json"), TARGETS);
    let again: Vec<_> = job["retry"]["exit_codes"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert!(again.iter().all(|code| !FINAL.contains(code)), "{again:?}");
}

#[test]
fn airflow_gives_up_on_what_is_final() {
    for dag in ["airflow/allstop_nightly.py", "airflow/allstop_nightly_sharded.py"] {
        let line = recipe(dag).lines().find_map(|line| Some(line.strip_prefix("FINAL = {")?.to_owned()));
        let codes: Vec<u64> =
            line.unwrap().trim_end_matches('}').split(", ").map(|code| code.parse().unwrap()).collect();
        assert_eq!(codes, FINAL, "{dag}");
    }
}
