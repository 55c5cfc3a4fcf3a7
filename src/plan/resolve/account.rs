//! Reads `accounts`.

use crate::plan::account::{Account, CredentialNames, CredentialSource};
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{self, account as keys};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::provider::Cloud;

use super::endpoint;
use super::owner::Accounts;

/// Reads all accounts; one with a problem keeps its name, so that its targets are not blamed.
pub(super) fn accounts<'t>(plan: &Fields<'t, '_>, reader: &mut Reader<'_>) -> Accounts<'t> {
    let mut accounts = Accounts::default();
    let Some(field) = format::plan::ACCOUNTS.require(plan, reader) else { return accounts };
    let Some(entries) = reader.entries(field) else { return accounts };
    if entries.is_empty() {
        reader.found.push(Finding::error(field.node.span, "`accounts` is empty"));
    }
    for entry in entries {
        let name = entry.name();
        if name.is_empty() || name.chars().any(char::is_control) {
            reader.found.push(Finding::error(entry.key.span, "an account's name is text without control characters"));
        }
        let account = account(name, Field { name, node: &entry.value }, reader);
        let number = u16::try_from(accounts.list.len()).ok();
        if number.is_none() {
            reader.found.push(Finding::error(entry.key.span, "a plan has at most 65,536 accounts"));
        }
        let number = number.filter(|_| account.is_some());
        accounts.list.extend(account);
        accounts.numbers.insert(name, number);
    }
    accounts
}

fn account(name: &str, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Account> {
    let fields = reader.fields(field, format!("the account {}", quote(name)), &format::ACCOUNT.names())?;
    let cloud = keys::CLOUD.read(&fields, reader);
    let region = keys::REGION.read(&fields, reader);
    let account_id = keys::ACCOUNT_ID.read(&fields, reader);
    let project_id = keys::PROJECT_ID.read(&fields, reader);
    let network = keys::NETWORK.read(&fields, reader);
    let signature = keys::SIGNATURE.read(&fields, reader);
    let credentials = keys::CREDENTIALS_KEY.field(&fields).map(|field| credentials(field, cloud, reader));
    let endpoints = keys::ENDPOINTS.field(&fields).map(|field| endpoint::endpoints(field, cloud, reader));
    only_for(cloud?, &fields, reader);
    Some(Account {
        name: name.to_owned(),
        cloud: cloud?,
        region: region?,
        account_id,
        project_id,
        credentials: credentials.unwrap_or(Some(CredentialSource::Default))?,
        network,
        endpoints: endpoints.unwrap_or_default(),
        signatures: [(keys::SIGNED.to_owned(), signature)].into(),
    })
}

/// Reports keys that only another cloud has.
fn only_for(cloud: Cloud, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    for key in format::ACCOUNT.keys {
        let foreign = key.only_for().filter(|(only, _)| *only != cloud);
        if let (Some((_, hint)), Some(place)) = (foreign, fields.key(key.name())) {
            let title = format!("{} is not for accounts of the cloud {}", quote(key.name()), quote(cloud.name()));
            reader.found.push(Finding::error(place, title).hint(hint));
        }
    }
}

/// Reads `credentials`; a value in a place where a secret could be is hidden.
fn credentials(field: Field<'_, '_>, cloud: Option<Cloud>, reader: &mut Reader<'_>) -> Option<CredentialSource> {
    hide_scalar(field, reader);
    let fields = reader.fields(field, "`credentials`", &format::CREDENTIALS.names())?;
    let env = keys::ENV_KEY.require(&fields, reader)?;
    hide_scalar(env, reader);
    let place = env.node.span;
    let fields = reader.fields(env, "`env`", &format::ENV.names())?;
    let names = [&keys::ACCESS_KEY_ID, &keys::ACCESS_KEY_SECRET, &keys::SECURITY_TOKEN, &keys::AUTH_TOKEN];
    let names = names.map(|key| key.field(&fields).map(|_| key.read(&fields, reader)));
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
