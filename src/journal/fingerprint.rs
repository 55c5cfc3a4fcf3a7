//! The hash of what matters in a plan: what is stopped, and where.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::plan::{Account, Plan, Target};
use crate::service::Value;

/// Returns the SHA-256, in hexadecimal, of what decides what a plan stops and where.
///
/// That is all accounts (name, cloud, region, account id, project, network, endpoints) and all targets in their order
/// (id, kind, account, parameters, labels). Labels count because selections and protections go by them. The plan's
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
        let declared = target.kind.params;
        self.number(target.params.given(declared).count());
        for (param, value) in target.params.given(declared) {
            self.text(param.name);
            match value {
                Value::Text(text) => self.optional(Some(text)),
                Value::Flag(flag) => {
                    self.optional(None);
                    self.number(usize::from(flag));
                }
            }
        }
        self.number(target.labels.len());
        for (label, value) in &*target.labels {
            self.text(label);
            self.text(value);
        }
    }
}
