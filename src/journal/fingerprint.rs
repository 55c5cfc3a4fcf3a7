//! The hash of what matters in a plan: what is stopped, and where.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use serde_json::Value as Json;

use crate::plan::{Account, Labels, Plan, Select, Target};
use crate::service::{Kind, Params, Value};

/// Returns the SHA-256, in hexadecimal, of what decides what a plan stops and where.
///
/// That is all accounts (name, cloud, region, account id, project, network, endpoints) and all targets in their order
/// (id, kind, account, parameters, labels), and all selections in their order and their places among the targets (id,
/// kind, accounts, parameters, labels, conditions). Labels count because selections and protections go by them. The plan's
/// name, limits, retries, verification, guards and the sources of credentials do not: they may be mended while a run
/// is interrupted.
#[must_use]
pub(super) fn fingerprint(plan: &Plan) -> String {
    let mut hash = Hash(Sha256::new_with_prefix(b"allstop plan 1"));
    let mut accounts: Vec<_> = plan.accounts.iter().collect();
    accounts.sort_by(|one, other| one.name.cmp(&other.name));
    hash.number(accounts.len());
    accounts.into_iter().for_each(|account| hash.account(account));
    hash.number(plan.targets.len());
    for target in &plan.targets {
        hash.text(&plan.account_of(target).name);
        hash.target(target);
    }
    // Not where there are none, so that journals of plans that do not select stay valid.
    if !plan.selects.is_empty() {
        hash.text("selects");
        hash.number(plan.selects.len());
        plan.selects.iter().for_each(|select| hash.select(plan, select));
    }
    HEXLOWER.encode(&hash.0.finalize())
}

/// Takes texts and numbers so that no two sequences of them look the same.
struct Hash(Sha256);

impl Hash {
    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text);
    }

    fn optional(&mut self, text: Option<&str>) {
        self.number(usize::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    fn account(&mut self, account: &Account) {
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

    fn target(&mut self, target: &Target) {
        self.text(&target.id());
        self.text(target.kind.name);
        self.params(target.kind, &target.params);
        self.labels(&target.labels);
    }

    fn select(&mut self, plan: &Plan, select: &Select) {
        self.text(&select.id);
        self.text(select.kind.name);
        let mut accounts: Vec<_> = select.account_ids().map(|account| &plan[account].name).collect();
        accounts.sort();
        self.number(accounts.len());
        accounts.into_iter().for_each(|name| self.text(name));
        self.params(select.kind, &select.params);
        self.labels(&select.labels);
        self.json(&select.query.written);
        self.number(select.position as usize);
    }

    /// Takes JSON; the order of the keys of an object does not matter.
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

    fn params(&mut self, kind: Kind, params: &Params) {
        let declared = kind.params;
        self.number(params.given(declared).count());
        for (param, value) in params.given(declared) {
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

    fn labels(&mut self, labels: &Labels) {
        self.number(labels.len());
        for (label, value) in &**labels {
            self.text(label);
            self.text(value);
        }
    }
}
