//! Accounts as plans write them.

use super::credentials::credentials;
use super::flow::{List, Mapping};
use super::scalar::Text;
use crate::http::Signature;
use crate::plan::account::Account;
use crate::plan::format::SIGNED;
use crate::plan::value::Word;
use crate::provider::Network;

/// Returns every account by the name that the plan writes it under; the regions of one are one entry.
pub(super) fn accounts(accounts: &[Account]) -> Vec<(&str, Mapping)> {
    let of_base = accounts.chunk_by(|one, next| one.base.is_some() && one.base == next.base);
    of_base
        .filter_map(|regions| {
            let first = regions.first()?;
            Some((first.base_name(), if first.base.is_some() { several(first, regions) } else { one(first) }))
        })
        .collect()
}

/// Writes an account that has several regions.
fn several(first: &Account, regions: &[Account]) -> Mapping {
    let mut written = Mapping::default();
    written.put("cloud", first.cloud);
    let mut projects = Mapping::default();
    for region in regions {
        projects.text(&region.region, region.project_id.as_deref());
    }
    if projects.is_empty() {
        written.put("regions", List(regions.iter().map(|region| &region.region).collect()));
    } else {
        written.put("projects", projects);
    }
    rest(first, &mut written);
    written
}

fn one(account: &Account) -> Mapping {
    let mut written = Mapping::default();
    written.put("cloud", account.cloud);
    written.text("region", Some(&account.region));
    written.text("project_id", account.project_id.as_deref());
    rest(account, &mut written);
    written
}

/// Writes what all regions of an account have in common.
fn rest(account: &Account, written: &mut Mapping) {
    written.text("account_id", account.account_id.as_deref());
    if account.network != Network::Public {
        written.put("network", account.network.name());
    }
    let mut endpoints = Mapping::default();
    account.endpoints.iter().for_each(|(product, url)| endpoints.put(product, Text(url)));
    written.mapping("endpoints", &endpoints);
    if let Some(signature) = account.signatures.get(SIGNED).filter(|signature| **signature != Signature::RpcV1) {
        written.put("signature", signature.word());
    }
    // Left out where it is as it is by default.
    written.mapping("credentials", &credentials(&account.credentials));
}
