//! GitHub Actions, GitLab CI and Airflow.

use serde_json::Value;

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
    let output = stage.shell(&[&BASH[..], &["-c"]].concat(), step["run"].as_str().unwrap(), &env, true);
    let [outputs, summary] = [outputs, summary].map(|path| std::fs::read_to_string(path).unwrap());
    let summary = summary.strip_prefix("before\n").unwrap().to_owned();
    Left { code: output.status.code().unwrap(), outputs, summary }
}

fn value<'a>(outputs: &'a str, name: &str) -> &'a str {
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
        assert_eq!((code, value(&outputs, "exit-code")), (0, "0"));
        assert!(summary.starts_with("## ") && summary.contains(&format!("shard `{shard}`")), "{summary}");
        let line: Value = serde_json::from_str(value(&outputs, "line")).unwrap();
        let report = value(&outputs, "report");
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
    assert_eq!((code, value(&outputs, "exit-code")), (0, "2"), "the steps after it have their turn");
    assert!(summary.contains("exit status 2") && summary.contains("absent.yaml"), "{summary}");
    for (status, accept, expected) in
        [("0", "", 0), ("2", "", 2), ("4", "4", 0), ("1", "4 1", 0), ("1", "4", 1), ("", "", 1)]
    {
        assert_eq!(step(&stage, "Judge", &[("ACCEPT", accept), ("CODE", status)]).code, expected, "{status} {accept}");
    }
}

#[test]
fn the_matrix_has_all_shards_of_the_workflow() {
    let job = &yaml("github/teardown.yml")["jobs"]["stop"];
    let shards: Vec<_> =
        job["strategy"]["matrix"]["shard"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    let used = job["steps"].as_array().unwrap().iter().find_map(|step| step["with"]["shard"].as_str()).unwrap();
    assert_eq!(used, format!("${{{{ matrix.shard }}}}/{}", shards.len()));
    assert_eq!(shards, (1..=shards.len() as u64).collect::<Vec<_>>());
    let action = yaml("github/action.yml");
    let with = job["steps"].as_array().unwrap().iter().find_map(|step| step["with"].as_object()).unwrap();
    assert!(with.keys().all(|input| action["inputs"].get(input).is_some()), "{with:?}");
}

#[test]
fn the_jobs_of_gitlab_share_the_plan() {
    let stage = Stage::new();
    let job = &yaml("gitlab/nightly.gitlab-ci.yml")["nightly-teardown"];
    let jobs = job["parallel"].as_u64().unwrap();
    let mut stopped = 0;
    for number in 1..=jobs {
        let (number, total) = (number.to_string(), jobs.to_string());
        let env =
            [("GITLAB_CI", "true"), ("CI_NODE_INDEX", &*number), ("CI_NODE_TOTAL", &*total), ("CI_PIPELINE_ID", "7")];
        let script = texts(&job["script"]).join("\n");
        well(&stage.shell(&[&BASH[..], &["-c"]].concat(), &script, &env, true));
        stopped += stage.stopped(&format!("nightly.{number}-of-{total}.report.json"));
    }
    assert_eq!(stopped, TARGETS);
    let again: Vec<_> = job["retry"]["exit_codes"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert!(again.iter().all(|code| !FINAL.contains(code)), "{again:?}");
}

#[test]
fn airflow_gives_up_on_what_is_final() {
    let line =
        recipe("airflow/allstop_nightly.py").lines().find_map(|line| Some(line.strip_prefix("FINAL = {")?.to_owned()));
    let codes: Vec<u64> = line.unwrap().trim_end_matches('}').split(", ").map(|code| code.parse().unwrap()).collect();
    assert_eq!(codes, FINAL);
}
