//! The keys of `select`, and what they make of an entry of `targets`; the fields of a kind are in `crate::service`.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::plan::fields::Fields;
use crate::plan::finding::{Finding, Findings};
use crate::plan::key::{Form, InContext, Key, Or, Section, Takes, section};
use crate::plan::reader::{Field, Reader};
use crate::plan::select::{Children, Conditions, Expect, Globs, Order, Query, Time};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::{Content, Entry, Node, Scalar, Span, Style};
use crate::plan::value::{DURATION, GLOBS, MOMENT, TAGS, count, globs, one_or_more, whole, word, words};
use crate::service::{Kind, Phase, Start};

/// What stands for everything that runs.
const ALL: &str = "all";

section! {
    /// `select`.
    SELECT: SelectKeys = "select",
        "Which of the listed resources are targets. All conditions must be true; all selects everything that runs.";

    tags: Key<Vec<(String, Globs)>> =
        "Patterns of tags: each tag must be there and match one of its patterns.", TAGS,
        examples(&["{env: test}", "{env: [test, dev], owner: \"*\"}"]);
    older_than: Key<Duration> = "Its age is this or more.", DURATION, examples(&["2h"]);
    newer_than: Key<Duration> = "Its age is less than this.", DURATION, examples(&["30m"]);
    started_before: Key<Timestamp> = "It began before this moment.", MOMENT, examples(&["2026-11-22T03:12:00Z"]);
    started_after: Key<Timestamp> = "It began at this moment or later.", MOMENT,
        examples(&["2026-11-22T11:12:00+08:00"]);
    status: Key<Globs> = "Patterns of the service's own word for the state. It replaces the default of state.", GLOBS,
        examples(&["Starting"]);
    state: Key<Vec<Phase>> = "The states that are selected. Default: running. What has ended is never selected.",
        words(), examples(&["[running, stopping]"]);
    except: Key<InContext> = "Leaves out what meets all conditions of a mapping: one mapping, or a list of them.",
        Form::in_context(|| Takes::Conditions), examples(&["{status: \"*ing\"}"]);
    order: Or<Order> = "Which targets come first, by their start. Those without one come last.",
        (word(), Order::Oldest);
    limit: Key<u64> = "The most targets: the first ones of the order, over all accounts.",
        count::<u64, { u32::MAX as u64 }>(), examples(&["10"]);
    expect: Key<InContext> = ExpectKeys::ABOUT, Form::in_context(|| Takes::Section(EXPECT.section()));
    children: Key<Children> = "Selects parts of other resources, too.", word();
}

section! {
    /// `select.expect`.
    EXPECT: ExpectKeys = "select.expect",
        "How many targets there should be, counted after limit. With another number the run is refused.";

    at_least: Key<u64> = "The least number of targets.", whole::<{ u32::MAX as u64 }>(), examples(&["1"]);
    at_most: Key<u64> = "The greatest number of targets.", whole::<{ u32::MAX as u64 }>(), examples(&["50"]);
}

/// Describes `select`: its keys but for the fields of a kind.
#[must_use]
pub fn select() -> Section {
    SELECT.section()
}

/// Tells whether a key of `select` is a condition, and so may stand in `except`; the fields of a kind are others.
#[must_use]
pub fn is_condition(key: &str) -> bool {
    is_time(key) || [SELECT.tags.name, SELECT.status.name].contains(&key)
}

fn is_time(key: &str) -> bool {
    [SELECT.older_than.name, SELECT.newer_than.name, SELECT.started_before.name, SELECT.started_after.name]
        .contains(&key)
}

/// Returns why a kind has not a certain key of `select`, if it has not.
#[must_use]
pub fn objection(kind: Kind, key: &str) -> Option<&'static str> {
    let shown = kind.service().lister().selectable();
    let is_lower_bound = [SELECT.newer_than.name, SELECT.started_after.name].contains(&key);
    match shown.start {
        Start::Unknown(why) if is_time(key) => Some(why),
        Start::Latest if is_lower_bound => Some("the service tells only the latest time at which it can have begun"),
        _ if key == SELECT.tags.name => shown.tags.err(),
        _ if key == SELECT.children.name && !shown.has_children => Some("none of them is a part of another one"),
        Start::Exact | Start::Bare | Start::Latest | Start::Unknown(_) => None,
    }
}

/// Returns the keys that `select` has for a kind, or those of them that may stand in `except`: the kind's fields first.
fn names(kind: Kind, in_except: bool) -> Vec<&'static str> {
    let fields = kind.service().lister().selectable().fields.iter().map(|field| field.name);
    let keys = SelectKeys::NAMES.iter().copied().filter(|key| objection(kind, key).is_none());
    fields.chain(keys.filter(|key| !in_except || is_condition(key))).collect()
}

/// Reads `select` of a kind.
pub(in crate::plan) fn query(kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Query> {
    // With an empty variable, `${NAME}*` would match everything.
    if !reader.has_no_empty_variable(field.node) {
        return None;
    }
    match field.node.content() {
        Content::Scalar(_) => everything(field, reader),
        Content::Mapping(_) => selective(kind, field, reader),
        Content::Sequence(_) => {
            let title = format!("{field} must be `{ALL}` or a mapping of conditions, not a list");
            reader.wrong(field.node.span, title, Some("write an entry of its own for each of them".into()));
            None
        }
    }
}

/// Reads what a plan once [wrote](Query::written).
///
/// # Errors
///
/// Fails on what no plan can write.
pub(in crate::plan) fn query_of(kind: Kind, written: &Value) -> Result<Query, String> {
    let mut reader = Reader { source: "", variables: None, found: Findings::default() };
    let query = query(kind, Field { name: "select", node: &tree(written) }, &mut reader);
    let (errors, _, _) = reader.found.into_parts();
    let error = errors.kept.into_iter().next().map(|finding| finding.title);
    match (query, error) {
        (Some(query), None) => Ok(query),
        (_, error) => Err(error.unwrap_or_else(|| "it cannot be read".to_owned())),
    }
}

/// Turns JSON into the tree of a plan.
fn tree(value: &Value) -> Node<'_> {
    let content = match value {
        Value::String(text) => Content::Scalar(Scalar::new(text, Style::Quoted)),
        Value::Array(items) => Content::Sequence(items.iter().map(tree).collect()),
        Value::Object(entries) => Content::Mapping(
            entries
                .iter()
                .map(|(key, value)| {
                    let key = Node::new(Span::START, Content::Scalar(Scalar::new(key, Style::Quoted)));
                    Entry { key, value: tree(value) }
                })
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            Content::Scalar(Scalar::new(value.to_string(), Style::Literal))
        }
    };
    Node::new(Span::START, content)
}

/// Reads the word that selects everything.
fn everything(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Query> {
    let text = reader.scalar(field, &format!("`{ALL}` or a mapping of conditions"))?;
    if text.value != ALL {
        let title = format!("{field} must be `{ALL}` or a mapping of conditions, not {text}");
        reader.wrong(text.span, title, Some(format!("write `select: {ALL}` to select everything that runs")));
        return None;
    }
    Some(Query {
        written: ALL.into(),
        conditions: Conditions::default(),
        except: Vec::new(),
        took_unlisted: Arc::default(),
        states: None,
        order: None,
        children: None,
        limit: None,
        expect: Expect::default(),
    })
}

/// Reads a mapping of conditions.
fn selective(kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Query> {
    let fields = open(kind, field, false, reader)?;
    let conditions = conditions(kind, &fields, reader);
    let except = match SELECT.except.field(&fields, reader) {
        Some(field) => except(kind, field, reader),
        None => Some(Vec::new()),
    };
    let states = stated(&SELECT.state, &fields, reader);
    let order = SELECT.order.key.field(&fields, reader).map(|_| SELECT.order.read(&fields, reader));
    let limit = stated(&SELECT.limit, &fields, reader);
    let children = stated(&SELECT.children, &fields, reader);
    let expect = match SELECT.expect.field(&fields, reader) {
        Some(field) => expect(field, reader),
        None => Some(Expect::default()),
    };
    Some(Query {
        conditions: conditions?,
        except: except?,
        took_unlisted: Arc::default(),
        states: states?,
        order,
        limit: limit?,
        children: children?,
        expect: expect?,
        written: counted(written(field.node, reader)?),
    })
}

/// Reads a key that may be omitted: outer `None` if it is wrong.
fn stated<T>(key: &Key<T>, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Option<T>> {
    match key.field(fields, reader) {
        Some(_) => key.read(fields, reader).map(Some),
        None => Some(None),
    }
}

/// Opens `select`, or a mapping of `except`: it must say something that narrows the selection down.
fn open<'t, 's>(kind: Kind, field: Field<'t, 's>, in_except: bool, reader: &mut Reader<'_>) -> Option<Fields<'t, 's>> {
    let entries = reader.entries(field)?;
    let own = names(kind, in_except);
    let mut known = own.clone();
    for entry in entries.iter().filter(|entry| !own.contains(&entry.name())) {
        if let Some((name, finding)) = misplaced(kind, entry, &own, in_except) {
            reader.found.push(finding);
            known.push(name);
        }
    }
    let is_known = entries.iter().all(|entry| known.contains(&entry.name()));
    let narrows = |entry: &Entry<'_>| is_condition(entry.name()) || is_field(kind, entry.name());
    if is_known && known.len() == own.len() && !entries.iter().any(narrows) {
        let hint = match kind.service().lister().selectable().fields.first() {
            _ if in_except => "name at least one condition, or omit `except`".to_owned(),
            Some(first) => {
                let add = format!("add a condition, such as `{}`; to select everything that runs, ", first.name);
                match entries {
                    [] => format!("{add}write `select: {ALL}`"),
                    _ => format!("{add}add `{}: \"*\"`", first.name),
                }
            }
            None => format!("to select everything that runs, write `select: {ALL}`"),
        };
        reader.found.push(Finding::error(field.node.span, format!("{field} has no condition")).hint(hint));
        return None;
    }
    reader.fields(field, format!("{field} of {kind}"), &known)
}

fn is_field(kind: Kind, name: &str) -> bool {
    kind.service().lister().selectable().field(name).is_some()
}

/// Explains a key that stands elsewhere: in `select` of another kind, or beside `select`.
fn misplaced(kind: Kind, entry: &Entry<'_>, own: &[&'static str], in_except: bool) -> Option<(&'static str, Finding)> {
    let (name, place) = (entry.name(), entry.key.span);
    let quoted = quote(name);
    if name == ALL {
        let hint = format!("write `select: {ALL}`, which has nothing else in it, or conditions without `{ALL}`");
        return Some((ALL, Finding::error(place, format!("{quoted} is no condition")).hint(hint)));
    }
    if let Some(key) = SelectKeys::NAMES.iter().copied().find(|key| *key == name) {
        let finding = match objection(kind, key) {
            Some(why) => {
                Finding::error(place, format!("{kind} has no {quoted}: {why}")).maybe_hint(others(kind, in_except))
            }
            None => Finding::error(place, format!("{quoted} is no condition, so `except` cannot have it"))
                .hint(format!("write {quoted} in `select` itself, or remove it")),
        };
        return Some((key, finding));
    }
    let foreign = Kind::all().iter().flat_map(|kind| kind.service().lister().selectable().fields);
    if let Some(field) = foreign.map(|field| field.name).find(|field| *field == name) {
        let hint = suggest::nearest(name, own.iter().copied()).map(suggest::meant);
        let finding = Finding::error(place, format!("{kind} has no field {quoted}"));
        return Some((field, finding.maybe_hint(hint.or_else(|| others(kind, in_except)))));
    }
    let param = kind.params.iter().find(|param| param.name == name)?;
    let finding = Finding::error(place, format!("{quoted} is no condition: no listing shows it"));
    let hint = (!param.idempotency_token).then(|| format!("write {quoted} beside `select`, not in it"));
    Some((param.name, finding.maybe_hint(hint)))
}

/// Returns a hint with the conditions that a kind has.
fn others(kind: Kind, in_except: bool) -> Option<String> {
    let names = names(kind, in_except).into_iter().filter(|name| is_field(kind, name) || is_condition(name));
    Some(format!("its conditions are {}", names.map(quote).collect::<Vec<_>>().join(", ")))
}

/// Reads the conditions of a mapping.
fn conditions(kind: Kind, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Conditions> {
    let shown = kind.service().lister().selectable();
    let given = (0..).zip(shown.fields).filter_map(|(number, field)| Some((number, fields.get(field.name)?)));
    let read: Vec<_> = given.map(|(number, field)| Some((number, globs(field, reader)?))).collect();
    let tags = stated(&SELECT.tags, fields, reader);
    let status = stated(&SELECT.status, fields, reader);
    let times = [
        stated(&SELECT.older_than, fields, reader).map(|age| age.map(Time::OlderThan)),
        stated(&SELECT.newer_than, fields, reader).map(|age| age.map(Time::NewerThan)),
        stated(&SELECT.started_before, fields, reader).map(|time| time.map(Time::StartedBefore)),
        stated(&SELECT.started_after, fields, reader).map(|time| time.map(Time::StartedAfter)),
    ];
    let times: Vec<Option<Time>> = times.into_iter().collect::<Option<_>>()?;
    Some(Conditions {
        fields: read.into_iter().collect::<Option<_>>()?,
        tags: tags?.unwrap_or_default(),
        status: status?,
        times: times.into_iter().flatten().collect(),
    })
}

/// Reads `except`: a mapping of conditions, or a list of them.
fn except(kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Conditions>> {
    let read: Vec<_> = one_or_more(field, reader)?
        .into_iter()
        .map(|item| conditions(kind, &open(kind, item, true, reader)?, reader))
        .collect();
    read.into_iter().collect()
}

fn expect(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Expect> {
    let fields = EXPECT.open(field, reader)?;
    let at_least = stated(&EXPECT.at_least, &fields, reader);
    let at_most = stated(&EXPECT.at_most, &fields, reader);
    let expect = Expect { at_least: at_least?, at_most: at_most? };
    match expect {
        Expect { at_least: None, at_most: None } => {
            let hint = "write `expect: {at_least: 1}`, or omit `expect`";
            reader.wrong(field.node.span, format!("{field} is empty"), Some(hint.into()));
            None
        }
        Expect { at_least: Some(least), at_most: Some(most) } if least > most => {
            reader.wrong(field.node.span, format!("`at_least` ({least}) exceeds `at_most` ({most})"), None);
            None
        }
        Expect { .. } => Some(expect),
    }
}

/// Returns `select` as JSON, its variables put in.
fn written(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Value> {
    Some(match node.content() {
        Content::Scalar(_) => reader.scalar(Field { name: "select", node }, "a value")?.value.into(),
        Content::Sequence(items) => items.iter().map(|item| written(item, reader)).collect::<Option<_>>()?,
        Content::Mapping(entries) => {
            let mut object = Map::new();
            for entry in entries {
                object.insert(entry.name().to_owned(), written(&entry.value, reader)?);
            }
            Value::Object(object)
        }
    })
}

/// Turns the counts of `select` into numbers.
fn counted(mut select: Value) -> Value {
    let expect = |key: &str| format!("/{}/{key}", SELECT.expect.name);
    let counts = [format!("/{}", SELECT.limit.name), expect(EXPECT.at_least.name), expect(EXPECT.at_most.name)];
    for place in counts {
        let count = select.pointer_mut(&place);
        if let Some((value, count)) = count.and_then(|value| Some((value.as_str()?.parse::<u64>().ok()?, value))) {
            *count = value.into();
        }
    }
    select
}
