//! `docs/metrics.md`: its table has every metric, and the alerts use no other.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use super::exposition::{Metrics, read};
use crate::environment::{TestEnvironment, shipped};

/// The labels of all metrics.
const COMMON: [&str; 3] = ["mode", "plan", "shard"];

/// Returns the metrics of a run of a plan that has everything.
fn metrics() -> Metrics {
    let env = TestEnvironment::new();
    let plan = shipped("incident-select.yaml");
    let ended = env.run(["run", &plan, "--rehearse", "--yes", "--speed", "1000", "--metrics", "m.prom"]);
    assert!(env.exists("m.prom"), "{}", ended.stderr);
    read(&env.text("m.prom"))
}

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

#[test]
fn the_table_has_every_metric_with_its_labels() {
    let metrics = metrics();
    let mut table = String::new();
    for (name, help) in &metrics.help {
        let labels: Vec<_> = metrics.labels(name).into_iter().filter(|label| !COMMON.contains(label)).collect();
        let labels: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
        writeln!(table, "| `{name}` | {} | {} |", labels.join(", "), help.trim_end_matches('.')).unwrap();
    }
    let page = document("metrics.md");
    let found: String =
        page.lines().filter(|line| line.starts_with("| `allstop_")).map(|line| format!("{line}\n")).collect();
    assert_eq!(found, table, "docs/metrics.md must have this table:\n{table}");
}

#[test]
fn the_alerts_use_only_metrics_and_labels_that_there_are() {
    let (metrics, rules) = (metrics(), document("workflows/prometheus/allstop.rules.yml"));
    let rules: serde_json::Value = serde_yaml::from_str(&rules).unwrap();
    let rules = rules["groups"][0]["rules"].as_array().unwrap();
    let mut used = BTreeSet::new();
    for rule in rules {
        let expression = rule["expr"].as_str().unwrap();
        let mut rest = expression;
        while let Some(at) = rest.find("allstop_") {
            rest = &rest[at..];
            let name: String = rest.chars().take_while(|ch| ch.is_alphanumeric() || *ch == '_').collect();
            rest = &rest[name.len()..];
            let matchers = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).expect("labels").0;
            let family = name.strip_suffix("_bucket").unwrap_or(&name);
            assert!(metrics.help.contains_key(family), "{name}");
            let labels = metrics.labels(family);
            let by =
                expression.split("by (").skip(1).filter_map(|by| by.split_once(')')).flat_map(|by| by.0.split(','));
            let matched = matchers.split(',').filter_map(|matcher| matcher.split_once('=')).map(|matcher| matcher.0);
            for label in by.map(str::trim).chain(matched) {
                assert!(labels.contains(label), "{name} has no label {label}");
            }
            used.insert(family.to_owned());
        }
        for label in rule["annotations"].to_string().split("$labels.").skip(1) {
            let label: String = label.chars().take_while(|ch| ch.is_alphanumeric()).collect();
            assert!(["plan", "kind", "account"].contains(&&*label), "{label}");
        }
    }
    assert!(used.len() >= 6 && rules.len() >= 7, "{used:?}");
}
