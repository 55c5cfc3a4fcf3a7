//! Reads `accounts`.

use crate::plan::account::Account;
use crate::plan::credential_source::{CredentialNames, CredentialSource};
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{ACCOUNT, AccountKeys, CREDENTIALS, ENV, PLAN, SIGNED};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::provider::Cloud;

use super::accounts::Accounts;
use super::endpoint;
use super::regions::{self, Region, Regions};

/// Reads all accounts; one with a problem keeps its name, so that its targets are not blamed.
pub(super) fn accounts<'t>(plan: &Fields<'t, '_>, reader: &mut Reader<'_>) -> Accounts<'t> {
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
        match account(name, Field { name, node: &entry.value }, reader) {
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
fn account(name: &str, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<(Account, Regions)> {
    let fields = reader.fields(field, format!("the account {}", quote(name)), AccountKeys::NAMES)?;
    let cloud = ACCOUNT.cloud.read(&fields, reader);
    let regions = regions::read(&fields, reader);
    let account_id = ACCOUNT.account_id.read(&fields, reader);
    let project_id = ACCOUNT.project_id.read(&fields, reader);
    let network = ACCOUNT.network.read(&fields, reader);
    let signature = ACCOUNT.signature.read(&fields, reader);
    let credentials = ACCOUNT.credentials.field(&fields, reader).map(|field| credentials(field, cloud, reader));
    let endpoints = ACCOUNT.endpoints.field(&fields, reader).map(|field| endpoint::endpoints(field, cloud, reader));
    if let (Some(Regions::Several(_)), Some(place), Some(urls)) =
        (&regions, fields.key(ACCOUNT.endpoints.name), &endpoints)
    {
        endpoint::warn_shared(place, urls, reader);
    }
    only_for(cloud?, &fields, reader);
    let account = Account {
        name: name.to_owned(),
        base: None,
        cloud: cloud?,
        region: String::new(),
        account_id,
        project_id,
        credentials: credentials.unwrap_or(Some(CredentialSource::Default))?,
        network,
        endpoints: endpoints.unwrap_or_default(),
        signatures: [(SIGNED.to_owned(), signature)].into(),
    };
    Some((account, regions?))
}

/// Reports keys that only another cloud has.
fn only_for(cloud: Cloud, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    for key in ACCOUNT.section().keys {
        let foreign = key.only_for.filter(|(only, _)| *only != cloud);
        if let (Some((_, hint)), Some(place)) = (foreign, fields.key(key.name)) {
            let title = format!("{} is not for accounts of the cloud {}", quote(key.name), quote(cloud.name()));
            reader.found.push(Finding::error(place, title).hint(hint));
        }
    }
}

/// Reads `credentials`; a value in a place where a secret could be is hidden.
fn credentials(field: Field<'_, '_>, cloud: Option<Cloud>, reader: &mut Reader<'_>) -> Option<CredentialSource> {
    hide_scalar(field, reader);
    let fields = CREDENTIALS.open(field, reader)?;
    let env = CREDENTIALS.env.field(&fields, reader)?;
    hide_scalar(env, reader);
    let place = env.node.span;
    let fields = ENV.open(env, reader)?;
    let names = [&ENV.access_key_id, &ENV.access_key_secret, &ENV.security_token, &ENV.auth_token];
    let names = names.map(|key| key.field(&fields, reader).map(|_| key.read(&fields, reader)));
    if let Some(wrong) = misfit(names.each_ref().map(Option::is_some), cloud) {
        reader.found.push(Finding::error(place, wrong));
        return None;
    }
    if names.contains(&Some(None)) {
        return None;
    }
    let [access_key_id, access_key_secret, security_token, auth_token] = names.map(Option::flatten);
    Some(CredentialSource::Env(CredentialNames { access_key_id, access_key_secret, security_token, auth_token }))
}

/// Hides a single value in the place of a mapping: it may be a secret.
fn hide_scalar(field: Field<'_, '_>, reader: &mut Reader<'_>) {
    if field.node.scalar().is_some_and(|scalar| !scalar.is_null()) {
        reader.found.mask(field.node);
    }
}

/// Returns why these of the four names do not go together, if they do not.
const fn misfit([id, secret, session, token]: [bool; 4], cloud: Option<Cloud>) -> Option<&'static str> {
    match (id, secret, token) {
        (true, true, false) => None,
        (false, false, true) if session => Some("`security_token` requires an access key"),
        (false, false, true) if matches!(cloud, Some(Cloud::Alibaba)) => Some("only Huawei Cloud has auth tokens"),
        (false, false, true) => None,
        (_, _, true) => Some("an `auth_token` replaces the access key; use one of them"),
        (true, false, false) => Some("`access_key_id` requires `access_key_secret`"),
        (false, true, false) => Some("`access_key_secret` requires `access_key_id`"),
        (false, false, false) => Some("name `access_key_id` and `access_key_secret`, or `auth_token`"),
    }
}
