//! What a run would list, known without any network.

use serde::Serialize;
use serde_json::Value;

use super::guards::NotFound;
use super::model::Plan;
use super::select::{Select, Wants};
use crate::base::duration::spoken;
use crate::http::{Api, Quota};
use crate::service::Repeated;

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
    /// How fast they may be sent, in words; one entry a rate.
    pub rates: Vec<String>,
    /// How long that takes at this rate where it depends on what there is, in words.
    pub at_the_quota: Option<String>,
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
            SelectPreview {
                id: (*select.id).to_owned(),
                kind: select.kind.name,
                accounts: accounts.map(|account| account.name.clone()).collect(),
                conditions: conditions(&select.query.written),
                requests: lister.requests(&wants),
                rates: self.rates(lister.apis()),
                at_the_quota: lister.repeated(&wants).map(|repeated| self.at_the_quota(&repeated)),
            }
        };
        self.selects.iter().map(preview).filter(|preview| !preview.accounts.is_empty()).collect()
    }
}

impl Plan {
    /// Says how fast lists may be asked for; those of one rate together.
    fn rates(&self, apis: &[&'static Api]) -> Vec<String> {
        let mut rates: Vec<(Quota, Vec<String>)> = Vec::new();
        for api in apis {
            let quota = self.read_quota(api);
            match rates.iter_mut().find(|(known, _)| *known == quota) {
                Some((_, names)) => names.push(api.name()),
                None => rates.push((quota, vec![api.name()])),
            }
        }
        let words = |(quota, names): (Quota, Vec<String>)| {
            let each = if names.len() > 1 { " each" } else { "" };
            format!("{} at {}{each} after the first {}", names.join(", "), quota.rate, quota.burst)
        };
        rates.into_iter().map(words).collect()
    }

    /// Says how long a hundred of something take.
    fn at_the_quota(&self, repeated: &Repeated) -> String {
        const MANY: u32 = 100;
        let Quota { rate, burst } = self.read_quota(repeated.api);
        let requests = (MANY * repeated.times).saturating_sub(burst);
        format!("{MANY} {} take about {}", repeated.noun, spoken(rate.interval() * requests))
    }
}

/// The keys of `select` that are no condition, in the order in which people read them.
const LAST: [&str; 5] = ["except", "children", "order", "limit", "expect"];

/// Words the conditions of a selection as plans write them.
pub(crate) fn conditions(written: &Value) -> String {
    match written {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| LAST.iter().position(|last| last == key).map_or(0, |place| place + 1));
            let entries = entries.into_iter().map(|(key, value)| format!("{key}: {}", nested(value)));
            entries.collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => nested(written),
    }
}

fn nested(written: &Value) -> String {
    match written {
        Value::Object(_) => format!("{{{}}}", conditions(written)),
        Value::Array(items) => format!("[{}]", items.iter().map(nested).collect::<Vec<_>>().join(", ")),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) => written.to_string(),
    }
}
