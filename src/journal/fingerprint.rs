//! The hash of what matters in a plan: what is stopped, and where.

use crate::plan::{Digest, Plan};

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
        digest.labels(&target.labels);
    }
    // Not where there are none, so that journals of plans that do not select stay valid.
    if !plan.selects.is_empty() {
        digest.text("selects");
        digest.number(plan.selects.len());
        for select in &plan.selects {
            let accounts = select.account_ids().map(|account| &*plan[account].name);
            digest.select(select, accounts.collect());
        }
    }
    digest.finish()
}
