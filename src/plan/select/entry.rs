//! An entry of a plan that selects, and the targets that it makes of what is found.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::query::{Expect, Query};
use crate::plan::seen::{NAME, SELECTION, Seen};
use crate::plan::stage;
use crate::plan::suggest::quote;
use crate::plan::target::{Labels, TAG, Target, add_tag};
use crate::service::{Kind, Params, Resource, Value};

/// An entry of a plan that selects targets.
#[derive(Debug, Clone)]
pub struct Select {
    /// Its unique id: its own one, else `select:KIND`, with `#2` and so on where several entries would have the same.
    pub id: Arc<str>,
    /// The kind.
    pub kind: Kind,
    /// The numbers of its accounts in [`Plan::accounts`](crate::plan::Plan::accounts), in the plan's order; at least one.
    pub accounts: Vec<u16>,
    /// The optional parameters that every target of it gets; the identifying ones are absent.
    pub params: Params,
    /// The labels that every target of it gets besides those of its resource; the plan's defaults and `selection` are
    /// among them.
    pub labels: Labels,
    /// What it selects.
    pub query: Query,
    /// How many of the plan's explicit targets come before its own.
    pub position: u32,
    /// The number of its stage in the plan.
    pub stage: Option<u16>,
}

/// Something that matches, and whose names no request can have: it is not stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// Its id, safe to show, and cut if it is too long.
    pub id: String,
    /// Why, such as `` `execution_name` has 600 characters; the service accepts 1 to 256 ``.
    pub why: String,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.why)
    }
}

impl Select {
    /// Tells whether what a listing shows is put into a label of this name, so that no entry that selects may state it.
    pub(in crate::plan) fn takes_label(name: &str) -> bool {
        [NAME, SELECTION, stage::LABEL].contains(&name) || name.starts_with(TAG)
    }

    /// Returns the labels that all its targets have, of those that it states, those of the plan's defaults and that of
    /// its stage. Those of the defaults give way to what a listing shows.
    pub(in crate::plan) fn labels(
        mut labels: BTreeMap<String, String>,
        id: &str,
        in_stage: bool,
    ) -> BTreeMap<String, String> {
        labels.retain(|label, _| (in_stage && label == stage::LABEL) || !Self::takes_label(label));
        labels.insert(SELECTION.to_owned(), id.to_owned());
        labels
    }

    /// Says that it matches more or fewer resources than it expects, if so many do.
    #[must_use]
    pub fn unexpected(&self, matched: u64) -> Option<String> {
        let (id, verb) = (&self.id, if matched == 1 { "matches" } else { "match" });
        let are = |bound: u64| if bound == 1 { "is" } else { "are" };
        match self.query.expect {
            Expect { at_most: Some(most), .. } if matched > most => {
                Some(format!("{id}: {matched} {verb}, at most {most} {} expected", are(most)))
            }
            Expect { at_least: Some(least), .. } if matched < least => {
                Some(format!("{id}: {matched} {verb}, at least {least} {} expected", are(least)))
            }
            Expect { .. } => None,
        }
    }

    /// Makes a target of a resource that was found in an account.
    ///
    /// # Errors
    ///
    /// Fails on a resource whose identifying fields are not known or cannot be sent.
    pub fn target(&self, account: u16, resource: &Resource) -> Result<Target, Unusable> {
        let name = self.kind.service().lister().selectable().name.and_then(|number| resource.value(number));
        Ok(Target {
            own_id: None,
            kind: self.kind,
            account,
            params: self.params_of(resource)?,
            labels: self.labels_of(name, resource),
            stage: self.stage,
            duplicate_of: None,
            selection: Some(Arc::clone(&self.id)),
            seen: Some(Box::new(Seen {
                state: resource.status.clone(),
                name: name.map(Into::into),
                since: resource.since.clone(),
                at: Some(resource.at),
            })),
        })
    }

    /// Returns the parameters of a target: those that name it, and those of the entry.
    fn params_of(&self, resource: &Resource) -> Result<Params, Unusable> {
        let shown = self.kind.service().lister().selectable();
        let mut values = Vec::with_capacity(self.kind.params.len());
        for (number, param) in self.kind.params.iter().enumerate() {
            if !param.identifying {
                let text = || self.params.text(number).map(Value::Text);
                values.push(self.params.flag(number).map(Value::Flag).or_else(text));
                continue;
            }
            let value = shown.field(param.name).and_then(|field| resource.value(field));
            let why = match value.map(|value| param.misfit(value)) {
                None => Some(format!("`{}` is not known", param.name)),
                Some(misfit) => misfit.map(|misfit| format!("`{}` {misfit}", param.name)),
            };
            if let Some(why) = why {
                return Err(Unusable { id: self.id_of(resource), why });
            }
            values.push(value.map(Value::Text));
        }
        Ok(Params::new(values))
    }

    /// Returns what a resource is called whose names cannot be sent.
    fn id_of(&self, resource: &Resource) -> String {
        let shown = self.kind.service().lister().selectable();
        let identifying = self.kind.params.iter().filter(|param| param.identifying);
        let names = identifying.map(|param| shown.field(param.name).and_then(|field| resource.value(field)));
        let names: Vec<_> = names.map(|name| name.unwrap_or("?")).collect();
        quote(&format!("{}:{}", self.kind, names.join("/")))
    }

    /// Returns the labels of a target: those of the entry, and what the listing shows.
    fn labels_of(&self, name: Option<&str>, resource: &Resource) -> Labels {
        let name = name.filter(|name| !name.is_empty());
        let tags = resource.tags.as_deref().unwrap_or_default();
        if name.is_none() && tags.is_empty() {
            return Arc::clone(&self.labels);
        }
        let mut labels = BTreeMap::clone(&self.labels);
        labels.extend(name.map(|name| (NAME.to_owned(), name.to_owned())));
        tags.iter().for_each(|(key, value)| add_tag(&mut labels, key, value));
        Arc::new(labels)
    }
}
