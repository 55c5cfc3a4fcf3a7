//! Digests of what a plan stops: where, which kind, which parameters.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::account::Account;
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

    /// Returns the digest as 64 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}
