//! `docs/credentials.md`: each source that it shows is one that a plan can name, and it shows each of them.

use std::path::Path;

use allstop::plan::{Plan, Variables};
use serde_json::Value;

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/credentials.md")).unwrap()
}

/// Returns the values of `credentials` in the page's YAML.
fn examples(page: &str) -> Vec<Value> {
    let mut examples: Vec<String> = Vec::new();
    for block in page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let mut depth = None;
        for line in block.lines() {
            let indent = line.len() - line.trim_start().len();
            let begins = line.trim_start().starts_with("credentials:");
            match examples.last_mut() {
                _ if begins => examples.push(line.trim_start().to_owned()),
                // What belongs to it is further right.
                Some(example) if depth.is_some_and(|depth| indent > depth) => example.push_str(&format!("\n{line}")),
                Some(_) | None => depth = None,
            }
            depth = if begins { Some(indent) } else { depth };
        }
    }
    let read = |text: String| serde_yaml::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    examples.into_iter().map(|text| read(text)["credentials"].clone()).collect()
}

/// Tells whether a plan for this cloud may have these credentials.
fn is_valid(credentials: &Value, cloud: &str, target: &str) -> bool {
    let text = format!(
        "version: 1\naccounts: {{a: {{cloud: {cloud}, region: cn-north-4, credentials: {credentials}}}}}\n\
         defaults: {{account: a}}\ntargets: [{target}]\n"
    );
    Plan::parse(text.as_bytes(), Path::new("/plans/plan.yaml"), &Variables::default()).is_ok()
}

#[test]
fn every_source_of_the_page_is_one_of_a_plan() {
    let examples = examples(&page());
    assert!(examples.len() > 20, "{examples:?}");
    let clouds =
        [("alibaba", "{kind: elasticsearch_task, instance_id: i}"), ("huawei", "{kind: live_flow, flow_id: f}")];
    for credentials in &examples {
        assert!(clouds.iter().any(|(cloud, target)| is_valid(credentials, cloud, target)), "{credentials}");
    }
    let forms = allstop::plan::format::plan();
    let section = forms.all().into_iter().find(|section| section.place == "accounts.NAME.credentials").unwrap();
    let beside = ["timeout", "insecure_http", "source"];
    let known = section.keys.iter().map(|key| key.name).filter(|name| !beside.contains(name));
    let missing: Vec<_> = known.filter(|name| examples.iter().all(|example| example.get(*name).is_none())).collect();
    assert!(missing.is_empty(), "the page shows no {missing:?}");
}
