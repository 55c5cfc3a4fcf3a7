//! Selections and resources for tests.

use std::sync::Arc;

use serde_json::Value;

use super::super::{Query, Select};
use crate::plan::format::query_of;
use crate::plan::target::Labels;
use crate::service::{Kind, Params, Resource};

pub(super) fn kind(name: &str) -> Kind {
    Kind::named(name).unwrap()
}

pub(super) fn query(kind: Kind, written: &Value) -> Query {
    query_of(kind, written).unwrap_or_else(|error| panic!("{written}: {error}"))
}

/// Returns an entry that selects, in an account, without parameters and with the label of its id.
pub(super) fn select(kind: Kind, written: &Value) -> Select {
    Select {
        id: "s".into(),
        kind,
        accounts: vec![0],
        params: Params::new(kind.params.iter().map(|_| None)),
        labels: Labels::new(Select::labels([("team".into(), "data".into())].into(), "s", false)),
        query: query(kind, written),
        position: 0,
        stage: None,
    }
}

/// Returns a resource as a case describes it: its fields by their names.
pub(super) fn resource(kind: Kind, described: &Value, now: &str) -> Resource {
    let text = |value: &Value| value.as_str().map(Into::into);
    let fields = kind.service().lister().selectable().fields;
    let tags = described["tags"].as_object();
    Resource {
        values: fields.iter().map(|field| text(&described["fields"][field.name])).collect(),
        status: text(&described["status"]),
        since: text(&described["since"]),
        tags: tags.map(|tags| tags.iter().map(|(key, value)| (key.as_str().into(), text(value).unwrap())).collect()),
        is_child: described["fields"]["parent"].is_string(),
        at: now.parse().unwrap(),
        ..Resource::unknown(0)
    }
}

pub(super) fn shared(labels: &Labels, other: &Labels) -> bool {
    Arc::ptr_eq(labels, other)
}
