//! Kubernetes and Argo Workflows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::stage::{Stage, TARGETS, recipe, texts, well, yaml};
use super::{FINAL, failures};

/// Returns the last document of a file: the job.
fn job(name: &str) -> Value {
    serde_yaml::from_str(recipe(name).rsplit("\n---\n").next().unwrap()).unwrap()
}

/// Returns the rules of a job's podFailurePolicy: action and exit statuses.
fn rules(job: &Value) -> Vec<(String, BTreeSet<u64>)> {
    let rules =
        job["podFailurePolicy"]["rules"].as_array().unwrap().iter().filter(|rule| rule.get("onExitCodes").is_some());
    rules
        .map(|rule| {
            let codes = &rule["onExitCodes"];
            assert_eq!((&codes["containerName"], &codes["operator"]), (&"allstop".into(), &"In".into()));
            let values = codes["values"].as_array().unwrap().iter().map(|value| value.as_u64().unwrap());
            (rule["action"].as_str().unwrap().to_owned(), values.collect())
        })
        .collect()
}

fn container(job: &Value) -> &Value {
    &job["template"]["spec"]["containers"][0]
}

#[test]
fn every_failure_has_its_rule_and_what_is_final_is_not_tried_again() {
    for job in
        [&job("kubernetes/cronjob.yaml")["spec"]["jobTemplate"]["spec"], &job("kubernetes/indexed-job.yaml")["spec"]]
    {
        let rules = rules(job);
        let all: BTreeSet<u64> = rules.iter().flat_map(|(_, codes)| codes).copied().collect();
        assert_eq!(all, failures());
        for (action, codes) in &rules {
            let is_final = codes.iter().all(|code| FINAL.contains(code));
            let is_open = codes.iter().all(|code| !FINAL.contains(code));
            assert!(if action == "Count" { is_open } else { is_final }, "{action} {codes:?}");
        }
        assert_eq!(job["template"]["spec"]["restartPolicy"], "Never", "a failure policy needs it");
        assert_eq!(container(job)["name"], "allstop");
    }
}

#[test]
fn the_cron_job_runs_as_written() {
    let stage = Stage::new();
    let job = job("kubernetes/cronjob.yaml");
    let args = texts(&container(&job["spec"]["jobTemplate"]["spec"])["args"]);
    // As the kubelet does.
    let args: Vec<_> = args.iter().map(|arg| arg.replace("$(POD_NAME)", "allstop-nightly-1-x")).collect();
    let output = stage.allstop(&args, &[("POD_NAME", "allstop-nightly-1-x")]);
    well(&output);
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["summary"]["stopped"], TARGETS);
    assert_eq!(stage.stopped("allstop-nightly-1-x.report.json"), TARGETS);
}

/// Returns the parts of a pod that the page shows for pods without a key: those of ACK, and those of CCE.
fn parts_without_a_key() -> [Value; 2] {
    let page = recipe("kubernetes.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Without a static key")).unwrap();
    let blocks = section.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(|block| serde_yaml::from_str(block).unwrap()).collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn the_parts_of_a_pod_without_a_key_fit_the_jobs_and_work() {
    let [rrsa, pod] = parts_without_a_key();
    assert_eq!(pod, json!({"serviceAccountName": "allstop"}));
    assert_eq!(rrsa["serviceAccountName"], pod["serviceAccountName"]);
    let part = &rrsa["containers"][0];
    for job in
        [&job("kubernetes/cronjob.yaml")["spec"]["jobTemplate"]["spec"], &job("kubernetes/indexed-job.yaml")["spec"]]
    {
        let spec = &job["template"]["spec"];
        assert_eq!(spec["containers"][0]["name"], part["name"]);
        assert!(spec["containers"][0].get("envFrom").is_some() && spec.get("serviceAccountName").is_none());
        let names = |of: &Value| of.as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
        assert!(names(&rrsa["volumes"]).iter().all(|name| !names(&spec["volumes"]).contains(name)));
    }
    let value = |name: &str| {
        let env = part["env"].as_array().unwrap().iter();
        env.filter(|variable| variable["name"] == name)
            .map(|variable| variable["value"].as_str().unwrap())
            .next()
            .unwrap()
    };
    let (mount, volume) = (&part["volumeMounts"][0], &rrsa["volumes"][0]);
    assert_eq!(mount["name"], volume["name"]);
    let token = &volume["projected"]["sources"][0]["serviceAccountToken"];
    let path = format!("{}/{}", mount["mountPath"].as_str().unwrap(), token["path"].as_str().unwrap());
    assert_eq!(value("ALIBABA_CLOUD_OIDC_TOKEN_FILE"), path);

    let [role, provider] = ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"].map(value);
    let account = role.split(':').nth(3).unwrap();
    let stage = Stage::without_keys(json!({"cloud": "alibaba", "region": "cn-hangzhou", "account_id": account}));
    stage.knows(account, json!({"roles": {role: {"provider": provider}}, "id_tokens": {"e30.e30.e30": "good"}}));
    let file = stage.path("lib/token");
    std::fs::write(&file, "e30.e30.e30").unwrap();
    let env = [
        ("ALIBABA_CLOUD_ROLE_ARN", role),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", provider),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file.to_str().unwrap()),
    ];
    let job = job("kubernetes/cronjob.yaml");
    let args = texts(&container(&job["spec"]["jobTemplate"]["spec"])["args"]);
    let args: Vec<_> = args.iter().map(|arg| arg.replace("$(POD_NAME)", "pod")).collect();
    well(&stage.allstop_without_keys(&args, &env));
    assert_eq!(stage.stopped_as_stopper("pod.report.json", account), TARGETS);
}

#[test]
fn the_pods_of_the_indexed_job_share_the_plan_and_another_merges_their_reports() {
    let stage = Stage::new();
    let job = &job("kubernetes/indexed-job.yaml")["spec"];
    let container = container(job);
    let completions = job["completions"].as_u64().unwrap();
    assert_eq!(container["env"][0]["name"], "ALLSTOP_SHARDS");
    assert_eq!(container["env"][0]["value"], completions.to_string());
    assert_eq!(container["workingDir"], "/var/lib/allstop");
    let mut stopped = 0;
    for index in 0..completions {
        let env = [("JOB_COMPLETION_INDEX", &*index.to_string()), ("ALLSTOP_SHARDS", &*completions.to_string())];
        well(&stage.allstop(&texts(&container["args"]), &env));
        stopped += stage.stopped(&format!("incident.{}-of-{completions}.report.json", index + 1));
    }
    assert_eq!(stopped, TARGETS);
    let merge = &self::job("kubernetes/merge-job.yaml")["spec"];
    well(&stage.allstop(&texts(&self::container(merge)["args"]), &[]));
    assert_eq!(stage.stopped("incident.report.json"), TARGETS);
}

/// Returns a template of an Argo workflow.
fn template<'a>(spec: &'a Value, name: &str) -> &'a Value {
    spec["templates"].as_array().unwrap().iter().find(|template| template["name"] == name).unwrap()
}

/// Fills the parameters of a step in, as the controller does.
fn filled(container: &Value, number: &str, shards: &str) -> Vec<String> {
    let fill = |arg: &String| {
        arg.replace("{{inputs.parameters.number}}", number)
            .replace("{{workflow.parameters.shards}}", shards)
            .replace("{{workflow.name}}", "nightly-1")
    };
    let args: Vec<_> = texts(&container["args"]).iter().map(fill).collect();
    assert!(args.iter().all(|arg| !arg.contains("{{")), "{args:?}");
    args
}

#[test]
fn the_step_of_the_argo_workflow_runs_the_plan() {
    let stage = Stage::new();
    let spec = &yaml("argo/nightly.yaml")["spec"]["workflowSpec"];
    assert_eq!(spec["entrypoint"], "stop");
    well(&stage.allstop(&filled(&template(spec, "stop")["container"], "", ""), &[]));
    assert_eq!(stage.stopped("nightly.report.json"), TARGETS);
}

#[test]
fn the_steps_of_the_sharded_argo_workflow_share_the_plan_and_end_with_one_report() {
    let stage = Stage::new();
    let spec = &yaml("argo/nightly-sharded.yaml")["spec"]["workflowSpec"];
    let shards = spec["arguments"]["parameters"][0]["value"].as_str().unwrap();
    let tasks = &template(spec, "teardown")["dag"]["tasks"];
    assert_eq!((&tasks[0]["template"], &tasks[1]["template"]), (&"stop".into(), &"merge".into()));
    assert_eq!(tasks[0]["arguments"]["parameters"][0]["value"], "{{item}}");
    let mut stopped = 0;
    for item in 1..=shards.parse::<u32>().unwrap() {
        well(&stage.allstop(&filled(&template(spec, "stop")["container"], &item.to_string(), shards), &[]));
        stopped += stage.stopped(&format!("nightly-1.{item}-of-{shards}.report.json"));
    }
    assert_eq!(stopped, TARGETS);
    well(&stage.allstop(&filled(&template(spec, "merge")["container"], "", ""), &[]));
    assert_eq!(stage.stopped("nightly-1.report.json"), TARGETS);
}

#[test]
fn argo_tries_again_what_may_end_otherwise() {
    for name in ["argo/nightly.yaml", "argo/nightly-sharded.yaml"] {
        let spec = &yaml(name)["spec"]["workflowSpec"];
        let expression = template(spec, "stop")["retryStrategy"]["expression"].as_str().unwrap();
        let list = expression.split_once('[').unwrap().1.trim_end_matches(']');
        let codes: Vec<i64> = list.split(", ").map(|code| code.parse().unwrap()).collect();
        for failure in failures() {
            let is_retried = codes.contains(&i64::try_from(failure).unwrap());
            assert_eq!(is_retried, !FINAL.contains(&failure), "{name} {failure}");
        }
    }
}
