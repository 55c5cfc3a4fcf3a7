//! The default chain and the profiles of Huawei Cloud.

use super::machine::Machine;
use crate::credentials::error::Nature;
use crate::credentials::offline::Reads;
use crate::plan::{CredentialSource, Profile};
use crate::provider::Cloud;

const KEYS: [(&str, &str); 2] = [("HUAWEICLOUD_SDK_AK", "HWOPSACCESSKEY000001"), ("HUAWEICLOUD_SDK_SK", "hush")];
const OIDC: [(&str, &str); 3] = [
    ("HUAWEICLOUD_OIDC_PROVIDER_URN", "iam::1:oidc-provider:cce"),
    ("HUAWEICLOUD_OIDC_AGENCY_URN", "iam::1:agency:rrsa"),
    ("HUAWEICLOUD_OIDC_TOKEN_FILE", "$HOME/jwt"),
];
const FEDERATED: [(&str, &str); 2] =
    [("HUAWEICLOUD_SDK_IDP_ID", "cce"), ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", "$HOME/jwt")];
const POD: [(&str, &str); 2] = [
    ("HC_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/v1/credentials"),
    ("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", "$HOME/sa"),
];
const INI: &str = ".huaweicloud/credentials";
const SDK: (&str, &str) = (
    INI,
    "[basic]\nak = HWINIACCESSKEY000002\nsk = hush\nproject_id = p\niam_endpoint = https://iam\n\
     [global]\nAK: HWINIACCESSKEY000003\nSK: hush\ndomain_id: d\n[fed]\nidp_id = cce\nid_token_file = ~/jwt\n",
);
const KOOCLI: &str = ".hcloud/config.json";

fn named(machine: &Machine, name: &str) -> String {
    let form = CredentialSource::Profile(Profile { name: name.to_owned(), file: None });
    machine.shown(&machine.resolve(Cloud::Huawei, form, Reads::ProfilesOnly))
}

#[test]
fn the_first_source_that_is_configured_is_used() {
    let project = [("HUAWEICLOUD_SDK_PROJECT_ID", "p")];
    for (machine, words, source) in [
        (
            Machine::with(&[SDK]).set(&KEYS).set(&OIDC).set(&FEDERATED).set(&POD),
            "OIDC token ~/jwt (HUAWEICLOUD_OIDC_TOKEN_FILE) → iam::1:agency:rrsa, 1 h",
            "oidc iam::1:agency:rrsa iam::1:oidc-provider:cce ~/jwt - None -",
        ),
        (
            Machine::empty().set(&OIDC[..2]).set(&[
                ("HUAWEICLOUD_OIDC_ID_TOKEN", "hush"),
                ("HUAWEICLOUD_OIDC_DURATION_SECONDS", "900"),
                ("HUAWEICLOUD_OIDC_POLICY", "{ \"a\": 1 }"),
                ("HUAWEICLOUD_OIDC_SESSION_NAME", "s"),
            ]),
            "OIDC token HUAWEICLOUD_OIDC_ID_TOKEN → iam::1:agency:rrsa, 15 min",
            "oidc iam::1:agency:rrsa iam::1:oidc-provider:cce  s Some(900s) {\"a\":1} token hush",
        ),
        (
            Machine::with(&[SDK]).set(&KEYS).set(&FEDERATED),
            "OIDC token ~/jwt (HUAWEICLOUD_SDK_ID_TOKEN_FILE) → identity provider cce",
            "federated cce ~/jwt",
        ),
        (
            Machine::with(&[SDK]).set(&KEYS).set(&POD).set(&project),
            "HUAWEICLOUD_SDK_AK (HWOP…0001)",
            "HWOPSACCESSKEY000001 hush - project p",
        ),
        (
            Machine::with(&[SDK]).set(&POD).set(&project),
            "SDK profile \"basic\" (~/.huaweicloud/credentials) → AK HWIN…0002",
            "HWINIACCESSKEY000002 hush - project p iam https://iam",
        ),
        (
            Machine::empty().set(&POD),
            "CCE pod identity http://127.0.0.1:9/v1/credentials (HC_CONTAINER_CREDENTIALS_FULL_URI)",
            "pod http://127.0.0.1:9/v1/credentials ~/sa",
        ),
        (Machine::empty(), "the metadata service (169.254.169.254)", "metadata None guess true"),
    ] {
        let found = machine.huawei();
        assert_eq!((found.words.as_str(), machine.shown(&found).as_str()), (words, source));
    }
}

#[test]
fn why_a_source_is_not_configured_is_told() {
    let machine = Machine::with(&[(INI, "[global]\nak = x\n")]).set(&[OIDC[0], ("HW_ACCESS_KEY", "hush"), POD[0]]);
    let found = machine.huawei();
    assert_eq!(
        found.tried,
        [
            "OIDC token: HUAWEICLOUD_OIDC_AGENCY_URN and HUAWEICLOUD_OIDC_ID_TOKEN or HUAWEICLOUD_OIDC_TOKEN_FILE are not set",
            "HW_ACCESS_KEY is set: allstop reads HUAWEICLOUD_SDK_AK; or say credentials: {env: {access_key_id: HW_ACCESS_KEY, …}}",
            "federated OIDC token: HUAWEICLOUD_SDK_IDP_ID and HUAWEICLOUD_SDK_ID_TOKEN_FILE are not set",
            "environment keys: HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are not set",
            "SDK profile: no profile \"basic\" in ~/.huaweicloud/credentials",
            "pod identity: HC_CONTAINER_AUTHORIZATION_TOKEN_FILE is not set",
        ]
    );
    assert_eq!(
        found.notes,
        [
            "also set, not used: HUAWEICLOUD_OIDC_PROVIDER_URN (incomplete: no HUAWEICLOUD_OIDC_AGENCY_URN, no HUAWEICLOUD_OIDC_ID_TOKEN or HUAWEICLOUD_OIDC_TOKEN_FILE)",
            "also set, not used: HC_CONTAINER_CREDENTIALS_FULL_URI (incomplete: no HC_CONTAINER_AUTHORIZATION_TOKEN_FILE)",
        ]
    );
}

#[test]
fn what_is_configured_and_does_not_work_is_never_skipped() {
    for (machine, message) in [
        (Machine::with(&[SDK]).set(&KEYS[..1]), "HUAWEICLOUD_SDK_AK is set, HUAWEICLOUD_SDK_SK is not"),
        (
            Machine::with(&[(INI, "[basic]\nak = x\n")]).set(&POD),
            "profile \"basic\" (~/.huaweicloud/credentials:1) has no sk",
        ),
        (
            Machine::with(&[(INI, "[basic]\nak = x\nAK = y\n")]).set(&POD),
            "~/.huaweicloud/credentials:3:1: expected each key once in a section",
        ),
        (
            Machine::empty().set(&[("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "$HOME/gone")]),
            "~/gone of HUAWEICLOUD_SDK_CREDENTIALS_FILE is not there",
        ),
        (Machine::empty().set(&OIDC).set(&[("HUAWEICLOUD_OIDC_POLICY", "hush")]), "HUAWEICLOUD_OIDC_POLICY is no JSON"),
    ] {
        let error = machine.huawei().source.unwrap_err();
        assert_eq!((error.message(), error.nature()), (message, Nature::Final));
    }
}

#[test]
fn profiles_are_of_the_sdks_or_of_koocli() {
    let koocli = r#"{"current": "ops", "authEncrypt": "false", "profiles": [
        {"name": "ops", "mode": "AKSK", "accessKeyId": "a", "secretAccessKey": "s", "projectId": "p", "region": "r"},
        {"name": "sso", "mode": "SSO", "projectId": "p", "ssoAuth": {"stsToken":
            {"accessKeyId": "a", "secretAccessKey": "s", "securityToken": "t"}}},
        {"name": "out", "mode": "SSO", "ssoAuth": {"stsToken": {"accessKeyId": ""}}},
        {"name": "ecs", "mode": "ecsAgency"},
        {"name": "role", "mode": "AssumeRole", "accessKeyId": "a", "secretAccessKey": "s",
            "agencyName": "stopper", "agencyDomainName": "acme"},
        {"name": "new", "mode": "New"}]}"#;
    let machine = Machine::with(&[SDK, (KOOCLI, koocli)]);
    for (name, source) in [
        ("global", "HWINIACCESSKEY000003 hush -"),
        ("fed", "federated cce ~/jwt"),
        ("ops", "a s - project p"),
        ("sso", "a s t renewable project p"),
        ("out", "Final: profile \"out\" (~/.hcloud/config.json) has no login"),
        ("ecs", "metadata None guess false"),
        ("role", "role stopper Name(\"acme\") None at None by [a s -]"),
        ("new", "Final: profile \"new\" (~/.hcloud/config.json) has the unknown mode \"New\""),
        ("zzz", "Final: no profile \"zzz\" in ~/.huaweicloud/credentials and ~/.hcloud/config.json"),
    ] {
        assert_eq!(named(&machine, name), source);
    }
}

#[test]
fn an_encrypted_configuration_is_told_with_both_ways_out() {
    let koocli = r#"{"authEncrypt": "true", "profiles": [
        {"name": "ops", "mode": "AKSK", "accessKeyId": "hush", "secretAccessKey": "hush"}, {"name": "ecs", "mode": "ecsAgency"}]}"#;
    let machine = Machine::with(&[(KOOCLI, koocli)]);
    assert_eq!(named(&machine, "ops"), "Final: ~/.hcloud/config.json is encrypted");
    let form = CredentialSource::Profile(Profile { name: "ops".to_owned(), file: None });
    let error = machine.resolve(Cloud::Huawei, form, Reads::Everything).source.unwrap_err();
    assert!(error.hint().contains("hcloud configure set --cli-auth-encrypt=false"), "{}", error.hint());
    assert!(error.hint().contains("~/.huaweicloud/credentials"), "{}", error.hint());
    assert_eq!(named(&machine, "ecs"), "metadata None guess false");
}
