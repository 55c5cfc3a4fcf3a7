//! What holds of all selections: more conditions select less, and so does knowing less.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::{Judgement, Select, Wants};
use super::world::{query, select};
use crate::service::{Kind, Resource, Start, Wanted};

const WORDS: [&str; 6] = ["etl", "etl-1", "report", "Running", "sync", ""];
const PATTERNS: [&str; 7] = ["etl", "etl*", "*", "?eport", "{etl,report}", "[es]*", "*1"];
const STATUSES: [&str; 9] = [
    "Running",
    "Starting",
    "Succeeded",
    "activating",
    "ACTIVE",
    "STANDBY",
    "INCRE_TRANSFER_STARTED",
    "stopping",
    "odd",
];
const TIMES: [&str; 9] = [
    "2026-11-22T01:00:00Z",
    "2026-11-22T12:00:00+08:00",
    "2026-11-22T04:59:59.999999999z",
    "2026-11-23T00:00:00Z",
    "2026-11-21 12:00:00",
    "2026-11-13T08:00:00",
    "1795315200",
    "1795315200123",
    "soon",
];

fn kinds() -> impl Strategy<Value = Kind> {
    (0..Kind::all().len()).prop_map(|number| Kind::all()[number])
}

fn text(from: &'static [&'static str]) -> impl Strategy<Value = Option<Box<str>>> {
    proptest::option::weighted(0.8, prop::sample::select(from).prop_map(Into::into))
}

fn tags() -> impl Strategy<Value = Option<Vec<(Box<str>, Box<str>)>>> {
    let tag = (prop::sample::select(vec!["env", "keep"]), prop::sample::select(&WORDS[..]));
    let tag = tag.prop_map(|(key, value)| (Box::from(key), Box::from(value)));
    proptest::option::weighted(0.8, prop::collection::vec(tag, 0..3))
}

fn resources(kind: Kind) -> impl Strategy<Value = Resource> {
    let fields = kind.service().lister().selectable().fields.len();
    let values = prop::collection::vec(text(&WORDS), fields);
    (values, text(&STATUSES), text(&TIMES), tags(), any::<bool>()).prop_map(
        |(values, status, since, tags, is_child)| {
            let at = "2026-11-22T05:00:00Z".parse::<Timestamp>().unwrap();
            Resource { values, status, since, tags, is_child, at, ..Resource::unknown(0) }
        },
    )
}

/// One condition that the kind has.
fn condition(kind: Kind) -> impl Strategy<Value = (String, Value)> {
    let shown = kind.service().lister().selectable();
    let pattern = || prop::sample::select(&PATTERNS[..]);
    let patterns =
        || prop_oneof![pattern().prop_map(Value::from), prop::collection::vec(pattern(), 1..3).prop_map(Value::from)];
    let names: Vec<_> = shown.fields.iter().map(|field| field.name).chain(["status"]).collect();
    let mut all =
        vec![(prop::sample::select(names), patterns()).prop_map(|(name, value)| (name.to_owned(), value)).boxed()];
    if shown.tags.is_ok() {
        let tag = (prop::sample::select(vec!["env", "keep"]), patterns());
        all.push(tag.prop_map(|(key, value)| ("tags".to_owned(), json!({ key: value }))).boxed());
    }
    let moments = prop::sample::select(&TIMES[..3]).prop_map(Value::from);
    let ages = prop::sample::select(vec!["1s", "1h", "1d", "9d"]).prop_map(Value::from);
    let mut time = |name: &'static str, values: BoxedStrategy<Value>| {
        all.push(values.prop_map(move |value| (name.to_owned(), value)).boxed());
    };
    if !matches!(shown.start, Start::Unknown(_)) {
        time("older_than", ages.clone().boxed());
        time("started_before", moments.clone().boxed());
    }
    if matches!(shown.start, Start::Exact | Start::Bare) {
        time("newer_than", ages.boxed());
        time("started_after", moments.boxed());
    }
    prop::strategy::Union::new(all)
}

fn conditions(kind: Kind) -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec(condition(kind), 1..4).prop_map(|all| all.into_iter().collect())
}

fn selects(kind: Kind) -> impl Strategy<Value = Map<String, Value>> {
    let states = prop::sample::subsequence(vec!["running", "stopping", "unclear"], 1..=3);
    (conditions(kind), prop::collection::vec(conditions(kind), 0..3), proptest::option::of(states)).prop_map(
        |(mut select, except, states)| {
            if !except.is_empty() {
                select.insert("except".into(), except.into_iter().map(Value::from).collect());
            }
            select.extend(states.map(|states| ("state".to_owned(), states.into())));
            select
        },
    )
}

/// A kind, a selection of it, a resource of it, and one more condition.
fn worlds() -> impl Strategy<Value = (Kind, Map<String, Value>, Resource, (String, Value))> {
    kinds().prop_flat_map(|kind| (Just(kind), selects(kind), resources(kind), condition(kind)))
}

/// Returns the resource with each known thing unknown.
fn darkened(resource: &Resource) -> Vec<Resource> {
    let without = |number: usize| {
        let mut less = resource.clone();
        less.values[number] = None;
        less
    };
    let mut all: Vec<_> = (0..resource.values.len()).map(without).collect();
    all.push(Resource { status: None, ..resource.clone() });
    all.push(Resource { since: None, ..resource.clone() });
    all.push(Resource { tags: None, ..resource.clone() });
    all
}

fn is_selected(kind: Kind, select: &Map<String, Value>, resource: &Resource) -> bool {
    query(kind, &Value::Object(select.clone())).judge(kind, resource) == Judgement::Selected
}

fn wants(select: &Select) -> Wants<'_> {
    Wants { selects: vec![select], needs_tags: false, takes_missing_for_none: false }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn one_more_condition_never_selects_more((kind, select, resource, (key, value)) in worlds()) {
        let mut narrower = select.clone();
        // A condition on a field that has one already would replace it.
        prop_assume!(narrower.insert(key, value).is_none());
        // A condition on the status selects states that nothing says is running.
        prop_assume!(select.contains_key("status") == narrower.contains_key("status") || select.contains_key("state"));
        prop_assert!(!is_selected(kind, &narrower, &resource) || is_selected(kind, &select, &resource));
    }

    #[test]
    fn one_more_exception_never_selects_more((kind, select, resource, (key, value)) in worlds()) {
        let mut narrower = select.clone();
        let mut except = select.get("except").and_then(Value::as_array).cloned().unwrap_or_default();
        except.push(json!({ key: value }));
        narrower.insert("except".into(), except.into());
        prop_assert!(!is_selected(kind, &narrower, &resource) || is_selected(kind, &select, &resource));
    }

    #[test]
    fn knowing_less_never_selects_more((kind, select, resource, _) in worlds()) {
        for less in darkened(&resource) {
            prop_assert!(!is_selected(kind, &select, &less) || is_selected(kind, &select, &resource), "{:?}", less);
        }
    }

    #[test]
    fn knowing_more_never_selects_what_was_certainly_not_wanted((kind, written, resource, _) in worlds()) {
        let entry = select(kind, &Value::Object(written.clone()));
        let is_selected = is_selected(kind, &written, &resource);
        for known in darkened(&resource).iter().chain([&resource]) {
            let wants = wants(&entry);
            prop_assert!(!is_selected || wants.may_match(known), "{:?}", known);
            let (earliest, latest) = wants.started(known, resource.at);
            let began = super::super::Query::began(kind, &resource);
            if is_selected && kind.service().lister().selectable().start == Start::Exact {
                prop_assert!(began.zip(earliest).is_none_or(|(began, earliest)| began >= earliest));
                prop_assert!(began.zip(latest).is_none_or(|(began, latest)| began <= latest));
            }
            for (field, value) in resource.values.iter().enumerate().filter(|_| is_selected) {
                let exactly = wants.exactly(field);
                prop_assert!(exactly.is_none_or(|values| values.iter().any(|one| Some(&**one) == value.as_deref())));
                prop_assert!(value.as_deref().unwrap_or_default().starts_with(&*wants.prefix(known, field)));
            }
        }
    }

    #[test]
    fn every_resource_is_judged_once_and_the_same_when_read_again((kind, written, resource, _) in worlds()) {
        let first = query(kind, &Value::Object(written));
        let again = query(kind, &first.written);
        prop_assert_eq!(&first.written, &again.written);
        prop_assert_eq!(first.judge(kind, &resource), again.judge(kind, &resource));
    }
}
