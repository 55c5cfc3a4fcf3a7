//! The reference cases.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::super::glob::Glob;
use super::super::service::Model;
use super::{Opinion, Shown, Wish, is_any};

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    select: Value,
    #[serde(default)]
    protect: Vec<String>,
    now: Timestamp,
    listed: Vec<Listed>,
    expect: Expected,
}

#[derive(Deserialize)]
struct Listed {
    fields: BTreeMap<String, Option<String>>,
    status: Option<String>,
    tags: Option<BTreeMap<String, String>>,
    since: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    selected: Option<Vec<String>>,
    #[serde(default)]
    left: Option<BTreeMap<String, Vec<String>>>,
}

fn shown<'a>(model: Model, listed: &'a Listed) -> Shown<'a> {
    let fields = listed.fields.iter();
    let tags = |tags: &'a BTreeMap<String, String>| tags.iter().map(|(key, value)| (&**key, &**value)).collect();
    Shown {
        model,
        fields: fields.filter_map(|(name, value)| Some((&**name, Cow::Borrowed(value.as_deref()?)))).collect(),
        status: listed.status.as_deref(),
        tags: listed.tags.as_ref().map(tags),
        since: listed.since.as_deref().map(Cow::Borrowed),
        is_child: listed.fields.get("parent").is_some_and(Option::is_some),
    }
}

fn name(model: Model, shown: &Shown<'_>) -> String {
    let info = model.info();
    let names = info.scope.filter(|scope| *scope != "project_id").into_iter().chain([info.name]);
    names.map(|name| shown.field(name).unwrap_or_default()).collect::<Vec<_>>().join("/")
}

fn reason(opinion: Opinion) -> Option<&'static str> {
    match opinion {
        Opinion::Selected => None,
        Opinion::Other => Some("other"),
        Opinion::NotRunning => Some("not_running"),
        Opinion::Excepted => Some("excepted"),
        Opinion::Unclear => Some("unclear"),
        Opinion::Child => Some("child"),
    }
}

#[test]
fn every_reference_case_is_judged_as_written() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/selection/cases.json");
    let cases: Cases = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(cases.cases.len(), 60);
    let mut judged = 0;
    for case in &cases.cases {
        let wish = match (Wish::read("s", &case.kind, vec![0], &case.select), &case.expect.error) {
            (Ok(wish), None) => wish,
            // What the program refuses never comes here: the simulator may understand more.
            (_, Some(_)) => continue,
            (Err(reason), None) => panic!("{}: {reason}", case.id),
        };
        let (mut taken, mut left) = (Vec::new(), BTreeMap::<String, Vec<String>>::new());
        for listed in &case.listed {
            let shown = shown(wish.model, listed);
            match reason(wish.judge(&shown, case.now)) {
                None => taken.push((wish.rank(listed.since.as_deref()), name(wish.model, &shown))),
                Some(why) => left.entry(why.to_owned()).or_default().push(name(wish.model, &shown)),
            }
        }
        taken.sort();
        let mut taken: Vec<_> = taken.into_iter().map(|(_, name)| name).collect();
        let limit = wish.limit.map_or(taken.len(), |limit| taken.len().min(usize::try_from(limit).unwrap()));
        let rest = taken.split_off(limit);
        if !rest.is_empty() {
            left.insert("limit".to_owned(), rest);
        }
        left.values_mut().for_each(|names| names.sort());
        if let Some(selected) = &case.expect.selected {
            assert_eq!(taken, *selected, "{}", case.id);
            judged += 1;
        }
        if let Some(expected) = &case.expect.left {
            assert_eq!(left, *expected, "{}", case.id);
        }
        assert!(case.protect.iter().all(|pattern| Glob::read(pattern).is_some()), "{}", case.id);
    }
    assert!(judged > 35, "{judged}");
}

#[test]
fn what_is_no_selection_is_refused() {
    let read = |select: &str| Wish::read("s", "drs_job", vec![0], &serde_json::from_str(select).unwrap());
    for (select, reason) in [
        ("{}", "narrows nothing"),
        (r#"{"limit": 3}"#, "narrows nothing"),
        (r#"{"flow_name": "x"}"#, "flow_name"),
        (r#"{"name": ""}"#, "name"),
        (r#"{"name": "a", "state": "ended"}"#, "state"),
        (r#"{"older_than": "2"}"#, "older_than"),
        (r#"{"name": "a", "except": {"limit": 1}}"#, "except"),
        ("7", "a mapping"),
    ] {
        let error = read(select).unwrap_err();
        assert!(error.contains(reason), "{select}: {error}");
    }
    assert!(Wish::read("s", "volcano", vec![], &"all".into()).is_err());
    assert!(is_any(&read(r#"{"name": ["a", "b*"]}"#).unwrap().conditions.fields[0].1, "bc"));
}
