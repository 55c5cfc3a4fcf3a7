//! What a run would list, known without any network.

use serde::Serialize;
use serde_json::Value;

use super::guards::NotFound;
use super::model::Plan;
use super::select::{Select, Wants};
use crate::http::Api;

/// What a run would list for one selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelectPreview {
    /// The id of the selection.
    pub id: String,
    /// The name of its kind.
    pub kind: &'static str,
    /// The names of its accounts.
    pub accounts: Vec<String>,
    /// Its conditions, in words.
    pub conditions: String,
    /// How many requests that takes in each account, in words.
    pub requests: String,
    /// How fast they may be sent, in words; one entry an API.
    pub rates: Vec<String>,
}

impl Plan {
    /// Returns what a run would list; `lists` tells whether a selection is listed in the account of a number.
    pub(crate) fn select_previews(&self, needs_tags: bool, lists: impl Fn(&Select, u16) -> bool) -> Vec<SelectPreview> {
        let preview = |select: &Select| {
            let lister = select.kind.service().lister();
            let wants = Wants {
                selects: vec![select],
                needs_tags: needs_tags && lister.selectable().tags.is_ok(),
                takes_missing_for_none: self.guards.not_found == NotFound::Ok,
            };
            let listed = select.accounts.iter().filter(|account| lists(select, **account));
            let accounts = listed.filter_map(|account| self.accounts.get(usize::from(*account)));
            let rate = |api: &&'static Api| {
                let quota = self.read_quota(api);
                format!("{} at {} after the first {}", api.name(), quota.rate, quota.burst)
            };
            SelectPreview {
                id: (*select.id).to_owned(),
                kind: select.kind.name,
                accounts: accounts.map(|account| account.name.clone()).collect(),
                conditions: words(&select.query.written),
                requests: lister.requests(&wants),
                rates: lister.apis().iter().map(rate).collect(),
            }
        };
        self.selects.iter().map(preview).filter(|preview| !preview.accounts.is_empty()).collect()
    }
}

/// Words a condition as plans write it.
fn words(written: &Value) -> String {
    match written {
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", nested(value)));
            entries.collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => nested(written),
    }
}

fn nested(written: &Value) -> String {
    match written {
        Value::Object(_) => format!("{{{}}}", words(written)),
        Value::Array(items) => format!("[{}]", items.iter().map(nested).collect::<Vec<_>>().join(", ")),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) => written.to_string(),
    }
}
