//! Reports against their schema.

use std::sync::LazyLock;

use allstop::schema;
use jsonschema::Validator;
use serde_json::{Value, json};

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| super::validator(&schema::report()));

/// Reads a report that a test has come by, which must be as its schema says.
#[track_caller]
pub(crate) fn valid_report(bytes: &[u8]) -> Value {
    let report = serde_json::from_slice(bytes).unwrap();
    let errors: Vec<_> =
        VALIDATOR.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    report
}

/// The snapshot of an eventful report.
fn eventful() -> Value {
    let text = include_str!("../report/snapshots/it__report__json__report.snap");
    valid_report(text.splitn(3, "---\n").nth(2).unwrap().as_bytes())
}

#[test]
fn what_a_report_never_says_is_refused() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut report = eventful();
        change(&mut report);
        assert!(!VALIDATOR.is_valid(&report), "{report:#}");
    };
    refused(&|report| report["version"] = json!(2));
    refused(&|report| report["surprise"] = json!(1));
    refused(&|report| report["run"]["status"] = json!("done"));
    refused(&|report| report["run"]["started_at"] = json!("yesterday"));
    refused(&|report| report["targets"][0]["outcome"] = json!("gone"));
    refused(&|report| report["targets"][0]["params"]["flow_name"] = json!(7));
    refused(&|report| report["targets"][0]["attempts"][0]["class"] = json!("odd"));
    refused(&|report| drop(report["targets"][0].as_object_mut().unwrap().remove("error")));
    refused(&|report| drop(report["run"].as_object_mut().unwrap().remove("shard")));
}
