//! The reference cases of what conditions mean.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::super::{Judgement, Query};
use super::world::{kind, resource, select};
use crate::plan::format::query_of;
use crate::plan::pattern::{Patterns, could_match_tag};
use crate::service::{Kind, Resource};

/// What a case comes to.
#[derive(Default)]
struct Found {
    selected: Vec<String>,
    left: BTreeMap<&'static str, Vec<String>>,
    protected: Vec<String>,
    refused: Option<&'static str>,
}

fn id(kind: Kind, resource: &Resource) -> String {
    let identifying = kind.params.iter().filter(|param| param.identifying);
    identifying.enumerate().map(|(number, _)| resource.value(number).unwrap()).collect::<Vec<_>>().join("/")
}

fn found(case: &Value) -> Result<Found, String> {
    let kind = kind(case["kind"].as_str().unwrap());
    let query = query_of(kind, &case["select"])?;
    let listed = case["listed"].as_array().unwrap().iter();
    let (mut found, mut taken) = (Found::default(), Vec::new());
    for resource in listed.map(|described| resource(kind, described, case["now"].as_str().unwrap())) {
        let why = match query.judge(kind, &resource) {
            Judgement::Selected => {
                taken.push(resource);
                continue;
            }
            Judgement::Other => "other",
            Judgement::NotRunning => "not_running",
            Judgement::Excepted => "excepted",
            Judgement::Unclear(_) => "unclear",
            Judgement::Child => "child",
        };
        found.left.entry(why).or_default().push(id(kind, &resource));
    }
    taken.sort_by(|one, other| {
        let by_time = query.order(Query::began(kind, one), Query::began(kind, other));
        by_time.then_with(|| id(kind, one).cmp(&id(kind, other)))
    });
    let limit = query.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap());
    for resource in taken.iter().skip(limit) {
        found.left.entry("limit").or_default().push(id(kind, resource));
    }
    taken.truncate(limit);
    let count = taken.len() as u64;
    found.refused = match query.expect {
        expect if expect.at_least.is_some_and(|least| count < least) => Some("at_least"),
        expect if expect.at_most.is_some_and(|most| count > most) => Some("at_most"),
        _ => None,
    };
    let select = select(kind, &case["select"]);
    let texts: Vec<String> = serde_json::from_value(case["protect"].clone()).unwrap_or_default();
    let needs_tags = texts.iter().any(|text| could_match_tag(text));
    let protect = Patterns::new(texts).unwrap();
    for resource in &taken {
        if needs_tags && kind.service().lister().selectable().tags.is_ok() && resource.tags.is_none() {
            return Err("the tags are needed and were not read".into());
        }
        let target = select.target(0, resource).unwrap();
        if !protect.matching(&target).is_empty() {
            found.protected.push(id(kind, resource));
        }
        found.selected.push(id(kind, resource));
    }
    found.left.values_mut().for_each(|ids| ids.sort());
    Ok(found)
}

#[test]
fn every_case_comes_to_what_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/selection/cases.json");
    let cases: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let cases = cases["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 60);
    for case in cases {
        let (name, expected) = (&case["id"], &case["expect"]);
        let found = match found(case) {
            Ok(found) => found,
            Err(error) => {
                assert_eq!(expected["error"], true, "{name}: {error}");
                continue;
            }
        };
        assert!(expected["error"].is_null(), "{name}: no error");
        let Found { selected, left, protected, refused } = found;
        let found = json!({"selected": selected, "left": left, "protected": protected, "refused": refused});
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&found[key], value, "{name}: {key}");
        }
    }
}
