//! Digests of what a plan stops: where, which kind, which parameters.

use data_encoding::HEXLOWER;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::account::Account;
use super::select::Select;
use super::target::Labels;
use crate::service::{Kind, Params, Value};

/// A SHA-256 that takes texts and numbers so that no two sequences of them look the same.
pub(crate) struct Digest(Sha256);

impl Digest {
    /// Begins a digest of one sort; those of other sorts are never the same.
    pub(crate) fn new(sort: &str) -> Self {
        Self(Sha256::new_with_prefix(sort))
    }

    pub(crate) fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text);
    }

    pub(crate) fn optional(&mut self, text: Option<&str>) {
        self.number(usize::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    /// Takes in what an account is: its name and its place, and not where its credentials come from.
    pub(crate) fn account(&mut self, account: &Account) {
        self.text(&account.name);
        self.text(account.cloud.name());
        self.text(&account.region);
        self.optional(account.account_id.as_deref());
        self.optional(account.project_id.as_deref());
        self.text(account.network.name());
        self.number(account.endpoints.len());
        for (product, endpoint) in &account.endpoints {
            self.text(product);
            self.text(endpoint);
        }
    }

    /// Takes in the parameters that are given.
    pub(crate) fn params(&mut self, kind: Kind, params: &Params) {
        self.number(params.given(kind.params).count());
        for (param, value) in params.given(kind.params) {
            self.text(param.name);
            match value {
                Value::Text(text) => self.optional(Some(text)),
                Value::Flag(flag) => {
                    self.optional(None);
                    self.number(usize::from(flag));
                }
            }
        }
    }

    /// Takes in labels.
    pub(crate) fn labels(&mut self, labels: &Labels) {
        self.number(labels.len());
        for (label, value) in &**labels {
            self.text(label);
            self.text(value);
        }
    }

    /// Takes in what a selection is, with the names of its accounts, and its place among the targets.
    pub(crate) fn select(&mut self, select: &Select, mut accounts: Vec<&str>) {
        self.text(&select.id);
        self.text(select.kind.name);
        accounts.sort_unstable();
        self.number(accounts.len());
        accounts.into_iter().for_each(|name| self.text(name));
        self.params(select.kind, &select.params);
        self.labels(&select.labels);
        self.json(&select.query.written);
        self.number(select.position as usize);
    }

    /// Takes in JSON; the order of the keys of an object does not matter.
    fn json(&mut self, value: &Json) {
        match value {
            Json::Object(object) => {
                let mut entries: Vec<_> = object.iter().collect();
                entries.sort_by_key(|(key, _)| *key);
                self.text("{");
                self.number(entries.len());
                for (key, value) in entries {
                    self.text(key);
                    self.json(value);
                }
            }
            Json::Array(items) => {
                self.text("[");
                self.number(items.len());
                items.iter().for_each(|item| self.json(item));
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => self.text(&value.to_string()),
        }
    }

    /// Returns the digest as 64 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}
