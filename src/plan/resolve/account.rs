//! Reads `accounts`.

use std::path::Path;

use crate::plan::account::Account;
use crate::plan::credential_source::CredentialSource;
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{ACCOUNT, AccountKeys, PLAN, SIGNED};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::value;

use super::accounts::Accounts;
use super::credentials::{self, Around};
use super::regions::{self, Region, Regions};
use super::{endpoint, only_for};

/// Reads all accounts; one with a problem keeps its name, so that its targets are not blamed. Their files lie next to the
/// plan, in its `directory`.
pub(super) fn accounts<'t>(plan: &Fields<'t, '_>, directory: &Path, reader: &mut Reader<'_>) -> Accounts<'t> {
    let mut accounts = Accounts::default();
    let Some(field) = PLAN.accounts.field(plan, reader) else { return accounts };
    let Some(entries) = reader.entries(field) else { return accounts };
    if entries.is_empty() {
        reader.found.push(Finding::error(field.node.span, "`accounts` is empty"));
    }
    for entry in entries {
        let name = entry.name();
        if name.is_empty() || name.chars().any(char::is_control) {
            reader.found.push(Finding::error(entry.key.span, "an account's name is text without control characters"));
        }
        let place = entry.key.span;
        match account(name, Field { name, node: &entry.value }, directory, reader) {
            None => accounts.add_wrong(name, place),
            Some((account, Regions::One(region))) => accounts.add(name, Account { region, ..account }, place, reader),
            Some((account, Regions::Several(regions))) => {
                let regions = regions.into_iter().map(|region| (region.place, one_of(&account, region))).collect();
                accounts.add_several(name, regions, place, reader);
            }
        }
    }
    accounts
}

/// Returns the account that one of the regions of an account makes.
fn one_of(account: &Account, region: Region) -> Account {
    let Region { name: region, project_id, .. } = region;
    let name = format!("{}@{region}", account.name);
    Account { name, base: Some(account.name.clone()), region, project_id, ..account.clone() }
}

/// Reads an account, and where it is: its own region is not set yet.
fn account(name: &str, field: Field<'_, '_>, directory: &Path, reader: &mut Reader<'_>) -> Option<(Account, Regions)> {
    let fields = reader.fields(field, format!("the account {}", quote(name)), AccountKeys::NAMES)?;
    let cloud = ACCOUNT.cloud.read(&fields, reader);
    let regions = regions::read(&fields, reader);
    let account_id = ACCOUNT.account_id.field(&fields, reader).map(|field| value::account_id(field, cloud, reader));
    let project_id = ACCOUNT.project_id.read(&fields, reader);
    let network = ACCOUNT.network.read(&fields, reader);
    let signature = ACCOUNT.signature.read(&fields, reader);
    let credentials = ACCOUNT
        .credentials
        .field(&fields, reader)
        .map(|field| credentials::read(field, Around { cloud, directory }, reader));
    let endpoints = ACCOUNT.endpoints.field(&fields, reader).map(|field| endpoint::endpoints(field, cloud, reader));
    let cloud = cloud?;
    if let (Some(Regions::Several(_)), Some(place), Some(urls)) =
        (&regions, fields.key(ACCOUNT.endpoints.name), &endpoints)
    {
        endpoint::warn_shared(place, cloud, urls, reader);
    }
    only_for::refuse(cloud, &ACCOUNT.section(), &fields, reader);
    let account = Account {
        name: name.to_owned(),
        base: None,
        cloud,
        region: String::new(),
        account_id: match account_id {
            Some(id) => Some(id?),
            None => None,
        },
        project_id,
        found_project: None,
        credentials: credentials.unwrap_or(Some(CredentialSource::Default))?,
        network,
        endpoints: endpoints.unwrap_or_default(),
        signatures: [(SIGNED.to_owned(), signature)].into(),
    };
    Some((account, regions?))
}
