use std::collections::BTreeMap;

use secrecy::ExposeSecret;

use super::*;
use crate::plan::CredentialNames;
use crate::provider::{Cloud, Network};

const ALIBABA: [&str; 3] =
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"];
const HUAWEI: [&str; 3] = ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"];

fn account(cloud: Cloud, credentials: CredentialSource) -> Account {
    Account {
        name: "prod".into(),
        base: None,
        cloud,
        region: "cn-north-4".into(),
        account_id: None,
        project_id: None,
        found_project: None,
        credentials,
        network: Network::Public,
        endpoints: BTreeMap::new(),
        signatures: BTreeMap::new(),
    }
}

fn named(names: [Option<&str>; 4]) -> CredentialSource {
    let [access_key_id, access_key_secret, security_token, auth_token] = names.map(|name| name.map(str::to_owned));
    CredentialSource::Env(CredentialNames { access_key_id, access_key_secret, security_token, auth_token })
}

/// Resolves, and shows what was found as text, which nothing but a test may do.
fn find(account: &Account, variables: &[(&str, &str)]) -> Result<String, CredentialError> {
    let provider = EnvironmentProvider::new(variables.iter().copied().collect());
    provider.credentials(account).now_or_never().unwrap().map(|credentials| match credentials {
        Credentials::AccessKey { id, secret, security_token } => {
            let token = security_token.map_or("-".to_owned(), |token| token.expose_secret().to_owned());
            format!("{id} {} {token}", secret.expose_secret())
        }
        Credentials::AuthToken(token) => token.expose_secret().to_owned(),
    })
}

/// Resolves what must fail, and returns the text.
fn refused(account: &Account, variables: &[(&str, &str)]) -> String {
    find(account, variables).unwrap_err().to_string()
}

#[test]
fn the_vendors_own_variables_are_the_default() {
    for (cloud, [id, secret, token]) in [(Cloud::Alibaba, ALIBABA), (Cloud::Huawei, HUAWEI)] {
        let account = account(cloud, CredentialSource::Default);
        assert_eq!(find(&account, &[(id, "i"), (secret, "s")]), Ok("i s -".into()));
        assert_eq!(find(&account, &[(id, "i"), (secret, "s"), (token, "t")]), Ok("i s t".into()));
        assert_eq!(refused(&account, &[]), format!("no credentials for prod. {id}, {secret} not set"));
        let half = format!("account prod: {id} is set, {secret} is not");
        assert_eq!(refused(&account, &[(id, "i"), (token, "t")]), half);
        let half = format!("account prod: {secret} is set, {id} is not");
        assert_eq!(refused(&account, &[(id, " \n"), (secret, "s")]), half);
    }
}

#[test]
fn variables_that_the_plan_names_win_and_must_all_be_set() {
    let others = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "x"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "x")];
    let pair = account(Cloud::Alibaba, named([Some("ID"), Some("SECRET"), None, None]));
    assert_eq!(find(&pair, &[("ID", "i"), ("SECRET", "s")]), Ok("i s -".into()));
    assert_eq!(refused(&pair, &others), "no credentials for prod. ID, SECRET not set");

    let temporary = account(Cloud::Alibaba, named([Some("ID"), Some("SECRET"), Some("TOKEN"), None]));
    assert_eq!(find(&temporary, &[("ID", "i"), ("SECRET", "s"), ("TOKEN", "t")]), Ok("i s t".into()));
    assert_eq!(refused(&temporary, &[("ID", "i"), ("SECRET", "s")]), "account prod: ID, SECRET are set, TOKEN is not");

    let token = account(Cloud::Huawei, named([None, None, None, Some("AUTH")]));
    assert_eq!(find(&token, &[("AUTH", "t")]), Ok("t".into()));
    assert_eq!(refused(&token, &[]), "no credentials for prod. AUTH not set");
}

#[test]
fn half_a_pair_nothing_or_both_sorts_are_refused() {
    let (id, secret, token, auth) = (Some("ID"), Some("SECRET"), Some("TOKEN"), Some("AUTH"));
    let everything = [("ID", "i"), ("SECRET", "s"), ("TOKEN", "t"), ("AUTH", "a")];
    for names in [
        [id, None, None, None],
        [None, secret, token, None],
        [None; 4],
        [id, secret, None, auth],
        [None, None, token, auth],
    ] {
        let account = account(Cloud::Huawei, named(names));
        let text = "account prod: `credentials` must name the variables of one access key or of one auth token";
        assert_eq!(refused(&account, &everything), text, "{names:?}");
    }
}

#[test]
fn white_space_around_values_is_dropped_and_refused_inside() {
    let account = account(Cloud::Huawei, CredentialSource::Default);
    let [id, secret, _] = HUAWEI;
    assert_eq!(find(&account, &[(id, " i\t"), (secret, "s\r\n")]), Ok("i s -".into()));
    for value in ["two\nlines", "naïve", "bell\u{7}bell"] {
        let text = format!("account prod: invalid character in {secret}");
        assert_eq!(refused(&account, &[(id, "i"), (secret, value)]), text);
    }
}

#[test]
fn texts_show_no_value() {
    let account = account(Cloud::Alibaba, CredentialSource::Default);
    let malformed = find(&account, &[(ALIBABA[0], "hush\u{1}hush")]).unwrap_err();
    assert!(!format!("{malformed} {malformed:?} {}", malformed.hint()).contains("hush"));
    let provider = EnvironmentProvider::new([(ALIBABA[1], "hush")].into_iter().collect());
    assert!(!format!("{provider:?}").contains("hush"));
}

#[test]
fn the_project_comes_from_the_plan_or_the_vendors_variable() {
    let [id, secret, _] = HUAWEI;
    let variables = [("HUAWEICLOUD_SDK_PROJECT_ID", " of-environment\n"), (id, "i"), (secret, "s")];
    let environment: Environment = variables.into_iter().collect();
    let mut huawei = account(Cloud::Huawei, CredentialSource::Default);
    assert_eq!(project_id(&huawei, &environment), Some("of-environment".into()));
    assert_eq!(project_id(&huawei, &Environment::default()), None);
    huawei.project_id = Some("of-plan".into());
    assert_eq!(project_id(&huawei, &environment), Some("of-plan".into()));
    assert_eq!(project_id(&account(Cloud::Alibaba, CredentialSource::Default), &environment), None);
}
