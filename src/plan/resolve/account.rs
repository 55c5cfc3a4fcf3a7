//! Reads `accounts`.

use std::collections::BTreeMap;

use crate::http::Signature;
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format;
use crate::plan::model::{Account, CredentialNames, CredentialSource};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::variables::is_name;
use crate::provider::{Cloud, Network};

use super::Accounts;
use super::endpoint;

/// The product that `signature` is about.
const SIGNED_EITHER_WAY: &str = "fnf";

/// Reads all accounts; one with a problem keeps its name, so that its targets are not blamed.
pub(super) fn accounts<'t>(plan: &Fields<'t, '_>, reader: &mut Reader<'_>) -> Accounts<'t> {
    let mut accounts = Accounts { numbers: BTreeMap::new(), list: Vec::new() };
    let Some(field) = plan.require("accounts", reader) else { return accounts };
    let Some(entries) = reader.entries(field) else { return accounts };
    if entries.is_empty() {
        reader.found.push(Finding::error(field.node.span, "`accounts` names no account"));
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
    let owner = format!("the account {}", quote(name));
    let fields = reader.fields(field, &owner, &format::ACCOUNT.names())?;
    let cloud =
        fields.require("cloud", reader).and_then(|field| reader.word(field, &Cloud::ALL.map(|c| (c.name(), c))));
    let region = fields.require("region", reader).and_then(|field| host_word(field, reader));
    let account_id = fields.get("account_id").and_then(|field| reader.name(field)).map(|text| text.value.into_owned());
    let project_id = fields.get("project_id").and_then(|field| host_word(field, reader));
    let network = fields
        .get("network")
        .and_then(|field| reader.word(field, &[("public", Network::Public), ("vpc", Network::Vpc)]));
    let signature = fields
        .get("signature")
        .and_then(|field| reader.word(field, &[("v1", Signature::RpcV1), ("v3", Signature::Acs3)]));
    let credentials = fields.get("credentials").map(|field| credentials(field, cloud, reader));
    let endpoints = fields.get("endpoints").map(|field| endpoint::endpoints(field, cloud, reader));
    only_for(cloud, &fields, reader);
    Some(Account {
        name: name.to_owned(),
        cloud: cloud?,
        region: region?,
        account_id,
        project_id,
        credentials: credentials.unwrap_or(Some(CredentialSource::Default))?,
        network: network.unwrap_or_default(),
        endpoints: endpoints.unwrap_or_default(),
        signatures: signature.map(|signature| (SIGNED_EITHER_WAY.to_owned(), signature)).into_iter().collect(),
    })
}

/// Complains of keys that only the other cloud has.
fn only_for(cloud: Option<Cloud>, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    let Some(cloud) = cloud else { return };
    let wrong: &[(&'static str, &str)] = match cloud {
        Cloud::Alibaba => &[("project_id", "only Huawei Cloud has projects; leave it out")],
        Cloud::Huawei => &[
            ("network", "Huawei Cloud has one endpoint for each region; leave it out"),
            ("signature", "it is about Alibaba Cloud fnf; leave it out"),
        ],
    };
    for (key, hint) in wrong {
        if let Some(place) = fields.key(key) {
            let title = format!("{} is not for accounts of the cloud {}", quote(key), quote(cloud.name()));
            reader.found.push(Finding::error(place, title).hint(*hint));
        }
    }
}

/// Reads text that becomes part of a host name or path: letters, digits, `-` and `_`.
fn host_word(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.name(field)?;
    if text.value.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character)) {
        return Some(text.value.into_owned());
    }
    let title = format!("{} has only letters, digits, `-` and `_`, so it cannot be {text}", quote(field.name));
    reader.wrong(text.span, title, None);
    None
}

/// Reads `credentials`; whatever stands where a secret could stand is hidden.
fn credentials(field: Field<'_, '_>, cloud: Option<Cloud>, reader: &mut Reader<'_>) -> Option<CredentialSource> {
    hide_scalar(field, reader);
    let fields = reader.fields(field, "`credentials`", &format::CREDENTIALS.names())?;
    let env = fields.require("env", reader)?;
    hide_scalar(env, reader);
    let place = env.node.span;
    let fields = reader.fields(env, "`env`", &format::ENV.names())?;
    let mut name = |key: &'static str| fields.get(key).map(|field| variable_name(field, reader));
    let names = [name("access_key_id"), name("access_key_secret"), name("security_token"), name("auth_token")];
    if let Some(wrong) = misfit(names.each_ref().map(Option::is_some), cloud) {
        reader.found.push(Finding::error(place, wrong));
        return None;
    }
    if names.iter().any(|name| matches!(name, Some(None))) {
        return None;
    }
    let [access_key_id, access_key_secret, security_token, auth_token] = names.map(Option::flatten);
    Some(CredentialSource::Env(CredentialNames { access_key_id, access_key_secret, security_token, auth_token }))
}

/// Hides a single value where only a mapping is right: it may be a secret.
fn hide_scalar(field: Field<'_, '_>, reader: &mut Reader<'_>) {
    if field.node.scalar().is_some_and(|scalar| !scalar.is_null()) {
        reader.found.mask(field.node);
    }
}

/// Says why these of the four names do not go together, if they do not.
const fn misfit([id, secret, session, token]: [bool; 4], cloud: Option<Cloud>) -> Option<&'static str> {
    match (id, secret, token) {
        (true, true, false) => None,
        (false, false, true) if session => Some("`security_token` belongs to an access key, and here is none"),
        (false, false, true) if matches!(cloud, Some(Cloud::Alibaba)) => Some("only Huawei Cloud has auth tokens"),
        (false, false, true) => None,
        (_, _, true) => Some("an `auth_token` replaces the access key; name the one or the other"),
        (true, false, false) => Some("`access_key_id` needs `access_key_secret` beside it"),
        (false, true, false) => Some("`access_key_secret` needs `access_key_id` beside it"),
        (false, false, false) => Some("name `access_key_id` and `access_key_secret`, or `auth_token`"),
    }
}

/// Reads the name of an environment variable. What is none is hidden: it may be the secret itself.
fn variable_name(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.text(field);
    if let Some(text) = text.as_ref().filter(|text| is_name(&text.value) && !is_key_like(&text.value)) {
        return Some(text.value.clone().into_owned());
    }
    reader.found.mask(field.node);
    let text = text?;
    let title = format!("{} must be the name of an environment variable", quote(field.name));
    let hint = "put the value into the environment, and its variable's name here; secrets do not belong in plans";
    reader.wrong(text.span, title, Some(hint.into()));
    None
}

/// Tells whether a text looks drawn by lot, as the vendors' keys are: it could name a variable, but nobody names one so.
fn is_key_like(text: &str) -> bool {
    let has = |sort: fn(&u8) -> bool| text.bytes().any(|byte| sort(&byte));
    text.len() >= 16 && !text.contains('_') && has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase)
}
