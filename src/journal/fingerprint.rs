//! The hash of what matters in a plan: what is stopped, and where.

use serde_json::Value;

use crate::plan::{Digest, Labels, Plan, Select};

/// Returns the SHA-256, in hexadecimal, of what decides what a plan stops and where.
///
/// That is all accounts (name, cloud, region, account id, project, network, endpoints) and all targets in their order
/// (id, kind, account, parameters, labels), and all selections in their order and their places among the targets (id,
/// kind, accounts, parameters, labels, conditions). Labels count because selections and protections go by them. The plan's
/// name, limits, retries, verification, guards and the sources of credentials do not: they may be mended while a run
/// is interrupted.
#[must_use]
pub(super) fn fingerprint(plan: &Plan) -> String {
    let mut digest = Digest::new("allstop plan 1");
    let mut accounts: Vec<_> = plan.accounts.iter().collect();
    accounts.sort_by(|one, other| one.name.cmp(&other.name));
    digest.number(accounts.len());
    accounts.into_iter().for_each(|account| digest.account(account));
    digest.number(plan.targets.len());
    for target in &plan.targets {
        digest.text(&plan.account_of(target).name);
        digest.text(&target.id());
        digest.text(target.kind.name);
        digest.params(target.kind, &target.params);
        labels(&mut digest, &target.labels);
    }
    // Not where there are none, so that journals of plans that do not select stay valid.
    if !plan.selects.is_empty() {
        digest.text("selects");
        digest.number(plan.selects.len());
        plan.selects.iter().for_each(|select| self::select(&mut digest, plan, select));
    }
    digest.finish()
}

fn select(digest: &mut Digest, plan: &Plan, select: &Select) {
    digest.text(&select.id);
    digest.text(select.kind.name);
    let mut accounts: Vec<_> = select.account_ids().map(|account| &plan[account].name).collect();
    accounts.sort();
    digest.number(accounts.len());
    accounts.into_iter().for_each(|name| digest.text(name));
    digest.params(select.kind, &select.params);
    labels(digest, &select.labels);
    json(digest, &select.query.written);
    digest.number(select.position as usize);
}

/// Takes JSON; the order of the keys of an object does not matter.
fn json(digest: &mut Digest, value: &Value) {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            digest.text("{");
            digest.number(entries.len());
            for (key, value) in entries {
                digest.text(key);
                json(digest, value);
            }
        }
        Value::Array(items) => {
            digest.text("[");
            digest.number(items.len());
            items.iter().for_each(|item| json(digest, item));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => digest.text(&value.to_string()),
    }
}

fn labels(digest: &mut Digest, labels: &Labels) {
    digest.number(labels.len());
    for (label, value) in &**labels {
        digest.text(label);
        digest.text(value);
    }
}
