//! Whatever comes over the wire, nothing panics, and nothing but the documented proofs is a proof.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::*;
use super::{params, response};
use crate::error::ErrorClass;
use crate::http::Response;
use crate::provider::Cloud;

/// Words, codes and texts that mean something to one of the services.
const WORDS: [&str; 22] = [
    "Stopped",
    "Running",
    "Succeeded",
    "STANDBY",
    "ACTIVE",
    "success",
    "failed",
    "RELEASE_RESOURCE_COMPLETE",
    "active",
    "activating",
    "stopped",
    "running",
    "",
    "ExecutionAlreadyCompleted",
    "InstanceNotFound",
    "Throttling",
    "LIVE.100011001",
    "DRS.10000010",
    "APIGW.0301",
    "flow task is in standby status",
    "flow does not exist",
    "x",
];

const KEYS: [&str; 18] = [
    "Status",
    "status",
    "Result",
    "result",
    "Code",
    "code",
    "error_code",
    "errorCode",
    "Message",
    "message",
    "error_msg",
    "RequestId",
    "job",
    "jobs",
    "id",
    "children",
    "fsmId",
    "error",
];

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        proptest::sample::select(&WORDS[..]).prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        Just(Json::Null),
        Just(Json::Array(Vec::new())),
        Just(Json::Object(serde_json::Map::new())),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::vec((proptest::sample::select(&KEYS[..]), inner), 0..6).prop_map(|fields| {
                Json::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => json().prop_map(|json| json.to_string().into_bytes()),
        1 => (json(), any::<proptest::sample::Index>()).prop_map(|(json, cut)| {
            let text = json.to_string().into_bytes();
            text[..cut.index(text.len())].to_vec()
        }),
        1 => proptest::collection::vec(any::<u8>(), 0..64),
        1 => "<(html|Error|\\?xml)>.{0,20}<(title|Code)>.{0,20}</(title|Code)>".prop_map(String::into_bytes),
    ]
}

fn statuses() -> impl Strategy<Value = u16> {
    prop_oneof![4 => proptest::sample::select(vec![200u16, 201, 302, 400, 401, 404, 429, 500]), 1 => any::<u16>()]
}

/// The documented proofs of a stop, told apart by other means than the services' own.
fn proves_stop(kind: &str, status: u16, body: &[u8]) -> bool {
    let Ok(json) = serde_json::from_slice::<Json>(body) else { return false };
    (200..300).contains(&status)
        && match kind {
            "fnf_execution" => json["Status"] == "Stopped",
            "opensearch_task" => json["result"] == serde_json::json!({}) || json["result"] == serde_json::json!([]),
            "elasticsearch_task" => json["Result"] == true,
            "live_flow" => json["status"] == "STANDBY",
            _ => false,
        }
}

/// One documented proof of each kind that has one, as fields.
const PROOFS: [(&str, &[(&str, &str)]); 4] = [
    ("fnf_execution", &[("Status", "\"Stopped\""), ("FlowName", "\"x\""), ("Name", "\"x\""), ("RequestId", "\"R\"")]),
    ("opensearch_task", &[("requestId", "\"R\""), ("result", "{}")]),
    ("elasticsearch_task", &[("Result", "true"), ("RequestId", "\"R\"")]),
    ("live_flow", &[("flow_id", "\"x\""), ("status", "\"STANDBY\"")]),
];

/// A field that leaves no proof beside it, whatever kind it stands in.
fn spoilers() -> impl Strategy<Value = (&'static str, String)> {
    let errors =
        proptest::sample::select(vec!["\"x\"", "500", "601", "-1", "true", "{\"a\": 1}", "[1]", "\"\\ud800\"", "1.5"]);
    let texts = proptest::sample::select(vec!["\"x\"", "[\"x\"]", "{\"x\": 1}", "7", "true"]);
    let codes = proptest::sample::select(vec!["Code", "code", "error_code", "errorCode", "ErrorCode"]);
    let lists = proptest::sample::select(vec!["errors", "Errors", "error", "Error", "error_msg", "errorMsg"]);
    let flags = proptest::sample::select(vec!["Success", "success"]);
    prop_oneof![
        (codes, errors).prop_map(|(key, value)| (key, value.to_owned())),
        (lists, texts).prop_map(|(key, value)| (key, value.to_owned())),
        flags.prop_map(|key| (key, "false".to_owned())),
    ]
}

proptest! {
    #[test]
    fn an_error_beside_a_proof_leaves_none(
        number in 0..PROOFS.len(), (key, value) in spoilers(), at in any::<proptest::sample::Index>()
    ) {
        let (kind, fields) = PROOFS[number];
        let kind = Kind::named(kind).unwrap();
        let mut fields: Vec<_> = fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        let meaning = |fields: &[String]| {
            kind.service().verdict(&params(&["x", "x"]), &response(200, "", &format!("{{{}}}", fields.join(", ")))).meaning
        };
        prop_assert_eq!(meaning(&fields), Meaning::Stopped);
        fields.insert(at.index(fields.len() + 1), format!("\"{key}\": {value}"));
        prop_assert!(matches!(meaning(&fields), Meaning::Lost(_)), "{:?}", fields);
    }

    #[test]
    fn a_field_that_is_there_twice_leaves_no_proof(number in 0..PROOFS.len(), at in any::<proptest::sample::Index>()) {
        let (kind, fields) = PROOFS[number];
        let mut fields = fields.to_vec();
        let twice = *at.get(&fields);
        fields.push(twice);
        let body: Vec<_> = fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        let verdict = Kind::named(kind).unwrap().service()
            .verdict(&params(&["x", "x"]), &response(200, "", &format!("{{{}}}", body.join(", "))));
        let is_id = twice.0.eq_ignore_ascii_case("RequestId");
        prop_assert_eq!(verdict.meaning, if is_id { Meaning::Stopped } else { Meaning::Lost(ErrorClass::Protocol) });
    }

    #[test]
    fn only_documented_proofs_prove(status in statuses(), body in bodies()) {
        let answer = Response { body: body.clone().into(), ..response(status, "", "") };
        for kind in Kind::all() {
            let verdict = kind.service().verdict(&params(&["x", "x"]), &answer);
            if verdict.meaning == Meaning::Stopped {
                prop_assert!(proves_stop(kind.name, status, &body), "{} {:?}", kind, verdict);
                prop_assert_eq!(verdict.error.code, None);
            } else if (300..400).contains(&status) {
                prop_assert_eq!(verdict.meaning, Meaning::Lost(ErrorClass::Protocol));
            }
        }
    }

    #[test]
    fn every_target_of_a_batch_gets_one_sighting(status in statuses(), body in bodies(), size in 1..10usize) {
        let answer = Response { body: body.into(), ..response(status, "", "") };
        let target = params(&["x", "x"]);
        let batch = vec![&target; size];
        for kind in Kind::all() {
            for stage in 0..kind.read_apis.len() {
                let observations = kind.service().observations(stage, &batch, &answer);
                prop_assert_eq!(observations.len(), size);
                for observation in observations {
                    match observation {
                        // Before the last stage, it only sends to the next.
                        Ok(State::Absent) => {
                            prop_assert!(stage + 1 < kind.read_apis.len() || !(300..400).contains(&status));
                        }
                        Ok(_) => prop_assert!((200..300).contains(&status)),
                        Err(error) => prop_assert!(error.class.is_some()),
                    }
                }
            }
        }
    }

    #[test]
    fn faults_are_bounded_and_printable(status in statuses(), body in bodies()) {
        let answer = Response { body: body.into(), ..response(status, "", "") };
        for cloud in Cloud::ALL {
            let error = cloud.error(&answer);
            prop_assert!(error.class.is_some() || (200..300).contains(&status));
            for text in [error.code, error.message, error.request_id].into_iter().flatten() {
                prop_assert!(text.chars().count() <= 400 && !text.chars().any(char::is_control), "{:?}", text);
            }
        }
    }
}
