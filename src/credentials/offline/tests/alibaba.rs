//! The default chain and the profiles of Alibaba Cloud.

use super::machine::Machine;
use crate::credentials::error::Nature;
use crate::credentials::offline::Reads;
use crate::plan::{CredentialSource, Profile};
use crate::provider::Cloud;

const KEYS: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tAbCdEfGhIj0001"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush")];
const OIDC: [(&str, &str); 3] = [
    ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/rrsa"),
    ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ack"),
    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "$HOME/jwt"),
];
const URI: (&str, &str) = ("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:9/creds?hush");
const NO_ECS: (&str, &str) = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "TRUE");
const CONFIG: &str = ".aliyun/config.json";
const INI: &str = ".alibabacloud/credentials.ini";
const CLI: (&str, &str) = (
    CONFIG,
    r#"{"current": "ops", "profiles": [
        {"name": "ops", "mode": "AK", "access_key_id": "LTAIcliCliCliCli0002", "access_key_secret": "hush"},
        {"name": "other", "mode": "AK", "access_key_id": "LTAIcliCliCliCli0003", "access_key_secret": "hush"}]}"#,
);
const SDK: (&str, &str) =
    (INI, "[default]\ntype = access_key\naccess_key_id = LTAIiniIniIniIni0004\naccess_key_secret = hush\n");

fn named(name: &str) -> CredentialSource {
    CredentialSource::Profile(Profile { name: name.to_owned(), file: None })
}

/// Shows the source of a profile of the command line, which has these fields.
fn profile(fields: &str) -> String {
    let config = format!(r#"{{"current": "p", "profiles": [{{"name": "p", {fields}}}]}}"#);
    let machine = Machine::with(&[(CONFIG, &config)]);
    machine.shown(&machine.alibaba())
}

/// Returns the words of the same.
fn words(fields: &str) -> String {
    let config = format!(r#"{{"current": "p", "profiles": [{{"name": "p", {fields}}}]}}"#);
    Machine::with(&[(CONFIG, &config)]).alibaba().words
}

#[test]
fn the_first_source_that_is_configured_is_used() {
    let all = || Machine::with(&[CLI, SDK, ("jwt", "t")]);
    for (machine, words) in [
        (all().set(&KEYS).set(&OIDC).set(&[URI]), "ALIBABA_CLOUD_ACCESS_KEY_ID (LTAI…0001)"),
        (all().set(&OIDC).set(&[URI]), "OIDC token ~/jwt (ALIBABA_CLOUD_OIDC_TOKEN_FILE) → acs:ram::1:role/rrsa, 1 h"),
        (all().set(&[URI]), "CLI profile \"ops\" (~/.aliyun/config.json) → AK LTAI…0002"),
        (
            all().set(&[("ALIBABA_CLOUD_PROFILE", "other")]),
            "CLI profile \"other\" (~/.aliyun/config.json) → AK LTAI…0003",
        ),
        (
            all().set(&[("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")]),
            "SDK profile \"default\" (~/.alibabacloud/credentials.ini) → access_key LTAI…0004",
        ),
        (
            Machine::with(&[SDK]).set(&[URI]),
            "SDK profile \"default\" (~/.alibabacloud/credentials.ini) → access_key LTAI…0004",
        ),
        (
            Machine::with(&[(".alibabacloud/credentials", SDK.1)]),
            "SDK profile \"default\" (~/.alibabacloud/credentials) → access_key LTAI…0004",
        ),
        (
            Machine::with(&[("x.ini", &SDK.1.replace("default", "p"))])
                .set(&[("ALIBABA_CLOUD_CREDENTIALS_FILE", "$HOME/x.ini"), ("ALIBABA_CLOUD_PROFILE", "p")]),
            "SDK profile \"p\" (~/x.ini) → access_key LTAI…0004",
        ),
        (
            Machine::with(&[("c.json", CLI.1)]).set(&[("ALIBABA_CLOUD_CONFIG_FILE", "~/c.json")]),
            "CLI profile \"ops\" (~/c.json) → AK LTAI…0002",
        ),
        (Machine::empty().set(&[URI]), "credentials URI http://127.0.0.1:9/creds?… (ALIBABA_CLOUD_CREDENTIALS_URI)"),
        (
            Machine::empty().set(&[("ALIBABA_CLOUD_ECS_METADATA", "ecs-role")]),
            "the metadata service (100.100.100.200), role ecs-role",
        ),
        (
            Machine::empty().set(&[("ALIBABA_CLOUD_ECS_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9/")]),
            "the metadata service (127.0.0.1:9)",
        ),
    ] {
        let found = machine.alibaba();
        assert_eq!(found.words, words);
        assert!(found.source.is_ok(), "{words}: {:?}", found.source);
    }
}

#[test]
fn the_metadata_service_is_a_guess_where_nobody_configured_it() {
    let machine = Machine::empty();
    let found = machine.alibaba();
    assert_eq!(machine.shown(&found), "metadata None guess true");
    assert_eq!(found.outlook(), "nothing configured here; a run would ask the metadata service (100.100.100.200)");
    let machine = machine.set(&[("ALIBABA_CLOUD_ECS_METADATA", "r")]);
    let found = machine.alibaba();
    assert_eq!(machine.shown(&found), "metadata Some(\"r\") guess false");
    assert_eq!(found.outlook(), "the metadata service (100.100.100.200), role r");
}

#[test]
fn where_nothing_is_found_each_source_is_told_and_why() {
    let found = Machine::empty().set(&[NO_ECS, ("ALICLOUD_ACCESS_KEY", "LTAI"), ("ACCESS_KEY_ID", "x")]).alibaba();
    let error = found.source.unwrap_err();
    assert_eq!(
        error.message(),
        "Tried:
  environment keys: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set
  ALICLOUD_ACCESS_KEY is set: allstop reads ALIBABA_CLOUD_ACCESS_KEY_ID; or say credentials: {env: {access_key_id: ALICLOUD_ACCESS_KEY, …}}
  ACCESS_KEY_ID is set: allstop reads ALIBABA_CLOUD_ACCESS_KEY_ID; or say credentials: {env: {access_key_id: ACCESS_KEY_ID, …}}
  OIDC token: ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE are not set
  CLI profile: ~/.aliyun/config.json is not there
  SDK profile: ~/.alibabacloud/credentials.ini and ~/.alibabacloud/credentials are not there
  credentials URI: ALIBABA_CLOUD_CREDENTIALS_URI is not set
  metadata service: switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED"
    );
    assert_eq!((error.nature(), error.hint()), (Nature::Absent, "or name one: credentials: {…}"));
    assert_eq!(found.tried.len(), 8);
}

#[test]
fn the_command_lines_untouched_profile_is_none_unless_it_is_named() {
    for fields in [r#""mode": "AK", "access_key_id": "", "access_key_secret": """#, r#""mode": "", "language": "en""#] {
        let config =
            format!(r#"{{"current": "default", "profiles": [{{"name": "default", {fields}}}], "meta_path": ""}}"#);
        let machine = Machine::with(&[(CONFIG, &config), SDK]);
        assert_eq!(
            machine.alibaba().words,
            "SDK profile \"default\" (~/.alibabacloud/credentials.ini) → access_key LTAI…0004"
        );
        let machine = machine.set(&[("ALIBABA_CLOUD_PROFILE", "default")]);
        let error = machine.alibaba().source.unwrap_err();
        assert!(error.message().starts_with("profile \"default\" (~/.aliyun/config.json) has no "), "{error}");
        let error = machine.resolve(Cloud::Alibaba, named("default"), Reads::Everything).source.unwrap_err();
        assert!(error.message().starts_with("profile \"default\" (~/.aliyun/config.json) has no "), "{error}");
    }
}

#[test]
fn what_is_configured_and_does_not_work_is_never_skipped() {
    let uri = || Machine::with(&[SDK]).set(&[URI]);
    for (machine, message) in [
        (uri().set(&KEYS[..1]), "ALIBABA_CLOUD_ACCESS_KEY_ID is set, ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"),
        (uri().set(&KEYS[1..]), "ALIBABA_CLOUD_ACCESS_KEY_SECRET is set, ALIBABA_CLOUD_ACCESS_KEY_ID is not"),
        (
            uri().set(&[("ALIBABA_CLOUD_CONFIG_FILE", "$HOME/gone.json")]),
            "~/gone.json of ALIBABA_CLOUD_CONFIG_FILE is not there",
        ),
        (
            uri().set(&[("ALIBABA_CLOUD_CREDENTIALS_FILE", "~/gone.ini")]),
            "~/gone.ini of ALIBABA_CLOUD_CREDENTIALS_FILE is not there",
        ),
        (uri().set(&[("ALIBABA_CLOUD_PROFILE", "op")]), "no profile \"op\" in ~/.alibabacloud/credentials.ini"),
        (
            Machine::with(&[(CONFIG, "{\"profiles\": [\n{\"hush\" 1}]}"), SDK]),
            "~/.aliyun/config.json:2:9: expected `:`",
        ),
        (Machine::with(&[(CONFIG, "[]"), SDK]), "~/.aliyun/config.json:1:1: expected {\"profiles\": […]}"),
        (
            Machine::with(&[(CONFIG, r#"{"current": "x", "profiles": []}"#), SDK]),
            "no profile \"x\" in ~/.aliyun/config.json",
        ),
        (
            Machine::with(&[(INI, "[default]\ntype = access_key\nhush\n")]).set(&[URI]),
            "~/.alibabacloud/credentials.ini:3:1: expected `key = value`",
        ),
        (
            Machine::with(&[(INI, "[default]\ntype = hush\n")]).set(&[URI]),
            "profile \"default\" (~/.alibabacloud/credentials.ini:1) has the unknown type \"hush\"",
        ),
        (
            Machine::empty().set(&[("ALIBABA_CLOUD_CREDENTIALS_URI", "hush"), NO_ECS]),
            "ALIBABA_CLOUD_CREDENTIALS_URI is no URL",
        ),
    ] {
        let error = machine.alibaba().source.unwrap_err();
        assert_eq!((error.message(), error.nature()), (message, Nature::Final));
    }
}

#[test]
fn the_nearest_profile_is_suggested() {
    let machine = Machine::with(&[CLI, SDK]);
    let error = |name| machine.resolve(Cloud::Alibaba, named(name), Reads::Everything).source.unwrap_err();
    let near = error("op");
    assert_eq!(near.message(), "no profile \"op\" in ~/.aliyun/config.json and ~/.alibabacloud/credentials.ini");
    assert_eq!(near.hint(), "did you mean \"ops\"?");
    assert_eq!(error("zzz").hint(), "there: \"ops\", \"other\", \"default\"");
    let error = Machine::empty().resolve(Cloud::Alibaba, named("op"), Reads::Everything).source.unwrap_err();
    assert_eq!(
        error.message(),
        "no profile \"op\": ~/.aliyun/config.json, ~/.alibabacloud/credentials.ini and ~/.alibabacloud/credentials are not there"
    );
}

#[test]
fn a_named_profile_beats_all_that_is_set() {
    let machine = Machine::with(&[CLI, SDK]).set(&KEYS).set(&[URI, ("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")]);
    let found = machine.resolve(Cloud::Alibaba, named("other"), Reads::ProfilesOnly);
    assert_eq!(found.words, "CLI profile \"other\" (~/.aliyun/config.json) → AK LTAI…0003");
    assert_eq!(
        found.notes,
        [
            "also set, not used: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "also set, not used: ALIBABA_CLOUD_CREDENTIALS_URI"
        ]
    );
    let found = machine.resolve(Cloud::Alibaba, named("default"), Reads::Everything);
    assert_eq!(found.words, "SDK profile \"default\" (~/.alibabacloud/credentials.ini) → access_key LTAI…0004");
}

#[test]
fn every_mode_of_the_command_line_is_read() {
    let keys = r#""access_key_id": "LTAI5t", "access_key_secret": "hush""#;
    let role = r#""ram_role_arn": "acs:ram::1:role/r", "ram_session_name": "s""#;
    let sso =
        r#""cloud_sso_sign_in_url": "https://signin/x", "cloud_sso_account_id": "1", "cloud_sso_access_config": "ac""#;
    for (fields, source) in [
        (format!(r#""mode": "AK", {keys}"#), "LTAI5t hush -".to_owned()),
        (format!(r#""mode": "ak", "new": [1], {keys}"#), "LTAI5t hush -".to_owned()),
        (format!(r#""mode": "AK", "sts_token": "old", {keys}"#), "LTAI5t hush -".to_owned()),
        (keys.to_owned(), "LTAI5t hush -".to_owned()),
        (
            format!(r#""mode": "StsToken", "sts_token": "t", "sts_expiration": 1795329000, {keys}"#),
            "LTAI5t hush t until 2026-11-22T06:30:00Z renewable".to_owned(),
        ),
        (format!(r#""sts_token": "t", {keys}"#), "LTAI5t hush t renewable".to_owned()),
        (
            format!(
                r#""mode": "RamRoleArn", "expired_seconds": 900, "external_id": "e", "sts_region": "cn-shanghai", "policy": "{{ \"a\": 1 }}", {role}, {keys}"#
            ),
            r#"role acs:ram::1:role/r Some("e") s Some(900s) {"a":1} at Some("cn-shanghai") by [LTAI5t hush -]"#
                .to_owned(),
        ),
        (
            format!(r#""sts_region": "cn-shanghai", "enable_vpc": true, {role}, {keys}"#),
            r#"role acs:ram::1:role/r None s None - at Some("sts-vpc.cn-shanghai.aliyuncs.com") by [LTAI5t hush -]"#
                .to_owned(),
        ),
        (
            format!(r#""mode": "RamRoleArn", "sts_token": "t", "sts_endpoint": "sts.x", "expired_seconds": 0, {role}, {keys}"#),
            r#"role acs:ram::1:role/r None s None - at Some("sts.x") by [LTAI5t hush t renewable]"#.to_owned(),
        ),
        (
            format!(r#""mode": "RamRoleArnWithRoleName", "ram_role_name": "ecs", {role}"#),
            r#"role acs:ram::1:role/r None s None - at None by [metadata Some("ecs") guess false]"#.to_owned(),
        ),
        (r#""mode": "EcsRamRole", "ram_role_name": """#.to_owned(), "metadata None guess false".to_owned()),
        (r#""ram_role_name": "ecs""#.to_owned(), "metadata Some(\"ecs\") guess false".to_owned()),
        (
            format!(r#""mode": "OIDC", "oidc_provider_arn": "acs:p", "oidc_token_file": "~/jwt", {role}"#),
            "oidc acs:ram::1:role/r acs:p ~/jwt s None -".to_owned(),
        ),
        (
            r#""mode": "CredentialsURI", "credentials_uri": "http://127.0.0.1:9/c""#.to_owned(),
            "uri http://127.0.0.1:9/c false".to_owned(),
        ),
        (
            r#""mode": "External", "process_command": "vault-ali 'a b' c""#.to_owned(),
            r#"process ["vault-ali", "a b", "c"] 60s"#.to_owned(),
        ),
        (r#""process_command": "vault-ali""#.to_owned(), r#"process ["vault-ali"] 60s"#.to_owned()),
        (
            format!(
                r#""mode": "CloudSSO", "access_token": "a", "cloud_sso_access_token_expire": 1795329000, "sts_token": "t", "sts_expiration": 1795329000, {sso}, {keys}"#
            ),
            r#"login p Some("LTAI5t hush t until 2026-11-22T06:30:00Z") Some("a until Some(2026-11-22T06:30:00Z)") https://signin/x 1 ac"#
                .to_owned(),
        ),
        (
            r#""mode": "OAuth", "oauth_site_type": "cn", "oauth_access_token": "a", "oauth_refresh_token": "never""#
                .to_owned(),
            r#"login p None Some("a until None") CN"#.to_owned(),
        ),
    ] {
        assert_eq!(profile(&fields), source, "{fields}");
    }
}

#[test]
fn words_say_what_a_profile_does() {
    let keys = r#""access_key_id": "LTAI5tAbCdEfGhIj0001", "access_key_secret": "hush""#;
    for (fields, text) in [
        (format!(r#""mode": "RamRoleArn", "ram_role_arn": "acs:r", {keys}"#), "RamRoleArn acs:r, 1 h"),
        (r#""mode": "EcsRamRole""#.to_owned(), "EcsRamRole the metadata service (100.100.100.200)"),
        (r#""mode": "External", "process_command": "vault-ali --key hush""#.to_owned(), "External vault-ali"),
        (
            r#""mode": "CredentialsURI", "credentials_uri": "https://u:hush@h/c?k=hush""#.to_owned(),
            "CredentialsURI https://h/c?…",
        ),
    ] {
        assert_eq!(words(&fields), format!("CLI profile \"p\" (~/.aliyun/config.json) → {text}"));
    }
}

#[test]
fn a_profile_that_cannot_be_used_says_why() {
    let keys = r#""access_key_id": "LTAI5t", "access_key_secret": "hush""#;
    for (fields, what) in [
        (r#""mode": "AK", "access_key_id": "LTAI5t""#.to_owned(), "has no access_key_secret"),
        (
            r#""mode": "AK", "access_key_id": "LTAI5t", "access_key_secret": "hu\nsh""#.to_owned(),
            "has an invalid character in access_key_secret",
        ),
        (format!(r#""mode": "StsToken", {keys}"#), "has no sts_token"),
        (format!(r#""mode": "RamRoleArn", {keys}"#), "has no ram_role_arn"),
        (
            format!(r#""mode": "RamRoleArn", "ram_role_arn": "a", "expired_seconds": "x", {keys}"#),
            "has no number of seconds in expired_seconds",
        ),
        (r#""mode": "rsakeypair""#.to_owned(), "cannot be used: mode RsaKeyPair cannot sign these calls"),
        (r#""bearer_token": "hush""#.to_owned(), "cannot be used: mode BearerToken cannot sign these calls"),
        (r#""mode": "Anonymous""#.to_owned(), "cannot be used: mode Anonymous cannot sign these calls"),
        (r#""mode": "New""#.to_owned(), "has the unknown mode \"New\""),
        (r#""source_profile": "x""#.to_owned(), "has no mode"),
        (
            r#""mode": "External", "process_command": "a 'b""#.to_owned(),
            "has no command in process_command: a quote is not closed",
        ),
        (
            r#""mode": "External", "process_command": "''""#.to_owned(),
            "has no command in process_command: it names no program",
        ),
        (r#""mode": "CredentialsURI", "credentials_uri": "hush""#.to_owned(), "has no URL in credentials_uri"),
        (r#""mode": "OAuth", "oauth_site_type": "CN", "oauth_refresh_token": "never""#.to_owned(), "has no login"),
        (r#""mode": "OAuth", "oauth_site_type": "EU""#.to_owned(), "has an oauth_site_type other than CN and INTL"),
    ] {
        assert_eq!(profile(&fields), format!("Final: profile \"p\" (~/.aliyun/config.json) {what}"));
    }
}

#[test]
fn an_external_program_can_be_forbidden() {
    let config = r#"{"current": "p", "profiles": [{"name": "p", "mode": "External", "process_command": "vault-ali"}]}"#;
    for (value, is_forbidden) in [("1", true), ("True", true), ("0", false), ("", false)] {
        let machine = Machine::with(&[(CONFIG, config)]).set(&[("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", value)]);
        let source = machine.alibaba().source;
        assert_eq!(source.is_err(), is_forbidden, "{value}");
        if let Err(error) = source {
            assert!(error.message().contains("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS forbids"), "{error}");
        }
    }
}

/// A configuration in which each profile assumes a role with the next one, and the last is `last`.
fn chain(names: &[&str], last: &str) -> String {
    let chained: Vec<_> = names
        .windows(2)
        .map(|pair| {
            format!(
                r#"{{"name": "{0}", "mode": "ChainableRamRoleArn", "source_profile": "{1}", "ram_role_arn": "acs:{0}"}}"#,
                pair[0], pair[1]
            )
        })
        .collect();
    format!(r#"{{"current": "{}", "profiles": [{}, {last}]}}"#, names[0], chained.join(", "))
}

#[test]
fn roles_follow_each_other_over_profiles() {
    let keys = r#""access_key_id": "LTAI5tAbCdEfGhIj0001", "access_key_secret": "hush""#;
    let last = format!(r#"{{"name": "c", "mode": "AK", {keys}}}"#);
    let machine = Machine::with(&[(CONFIG, &chain(&["a", "b", "c"], &last))]);
    let found = machine.alibaba();
    assert_eq!(
        found.words,
        "CLI profile \"a\" (~/.aliyun/config.json) → ChainableRamRoleArn acs:a, 1 h, assumed by profile \"b\" → \
         ChainableRamRoleArn acs:b, 1 h, assumed by profile \"c\" → AK LTAI…0001"
    );
    assert_eq!(
        machine.shown(&found),
        "role acs:a None - None - at None by [role acs:b None - None - at None by [LTAI5tAbCdEfGhIj0001 hush -]]"
    );

    let shown = |config: &str| {
        let machine = Machine::with(&[(CONFIG, config)]);
        machine.shown(&machine.alibaba())
    };
    let ak = format!(r#"{{"name": "e", "mode": "AK", {keys}}}"#);
    let role = format!(r#"{{"name": "e", "mode": "RamRoleArn", "ram_role_arn": "acs:e", {keys}}}"#);
    let four = chain(&["a", "b", "c", "d", "e"], &ak);
    assert!(shown(&four).starts_with("role acs:a "));
    assert_eq!(
        shown(&chain(&["a", "b", "c", "d", "e"], &role)),
        "Final: at most 4 roles follow each other: a → b → c → d → e (~/.aliyun/config.json)"
    );
    assert_eq!(
        shown(&chain(&["a", "b", "a"], &ak)),
        "Final: source_profile leads in a circle: a → b → a (~/.aliyun/config.json)"
    );
    assert_eq!(
        shown(&chain(&["a", "a"], &ak)),
        "Final: source_profile leads in a circle: a → a (~/.aliyun/config.json)"
    );
    assert_eq!(shown(&chain(&["a", "b", "x"], &ak)), "Final: no profile \"x\" in ~/.aliyun/config.json");
}

#[test]
fn every_type_of_the_sdks_is_read() {
    let keys = "access_key_id = LTAI5t\naccess_key_secret = hush\n";
    let role = "role_arn = acs:r\nrole_session_name = s\n";
    for (section, source) in [
        (format!("type = access_key\n{keys}"), "LTAI5t hush -".to_owned()),
        (keys.to_owned(), "LTAI5t hush -".to_owned()),
        (format!("type = sts\nsecurity_token = t\n{keys}"), "LTAI5t hush t renewable".to_owned()),
        (
            format!("type = ram_role_arn\npolicy = {{\"a\": 1}}\n{role}{keys}"),
            r#"role acs:r None s None {"a":1} at None by [LTAI5t hush -]"#.to_owned(),
        ),
        (
            format!("type = OIDC_ROLE_ARN\noidc_provider_arn = acs:p\noidc_token_file_path = $HOME/jwt\n{role}"),
            "oidc acs:r acs:p ~/jwt s None -".to_owned(),
        ),
        ("type = ecs_ram_role\nrole_name = ecs\n".to_owned(), "metadata Some(\"ecs\") guess false".to_owned()),
        (
            "type = rsa_key_pair\n".to_owned(),
            "Final: profile \"default\" (~/.alibabacloud/credentials.ini:1) cannot be used: type rsa_key_pair cannot sign these calls"
                .to_owned(),
        ),
        (
            format!("type = sts\n{keys}"),
            "Final: profile \"default\" (~/.alibabacloud/credentials.ini:1) has no security_token".to_owned(),
        ),
    ] {
        let machine = Machine::with(&[(INI, &format!("[default]\n{section}"))]);
        assert_eq!(machine.shown(&machine.alibaba()), source, "{section}");
    }
}

#[test]
fn notes_say_what_is_odd_and_what_is_not_used() {
    let notes = |machine: Machine| machine.alibaba().notes;
    let token = ("ALIBABA_CLOUD_SECURITY_TOKEN", "t");
    assert_eq!(
        notes(Machine::empty().set(&KEYS).set(&[token])),
        ["ALIBABA_CLOUD_SECURITY_TOKEN is left over from another key: unset it"]
    );
    let temporary = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "STS.N"), KEYS[1]];
    assert_eq!(notes(Machine::empty().set(&temporary)), ["a temporary key needs ALIBABA_CLOUD_SECURITY_TOKEN"]);
    let profile = notes(Machine::with(&[CLI]).set(&KEYS).set(&[("ALIBABA_CLOUD_PROFILE", "ops")]));
    assert!(profile[0].starts_with("ALIBABA_CLOUD_PROFILE is set and not used: the keys in"), "{profile:?}");
    assert_eq!(
        notes(Machine::with(&[CLI]).set(&[OIDC[0], OIDC[2]])),
        [
            "also set, not used: ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE (incomplete: no ALIBABA_CLOUD_OIDC_PROVIDER_ARN)"
        ]
    );
    assert_eq!(notes(Machine::empty().set(&OIDC)), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    for (file, shown) in [(CLI, "~/.aliyun/config.json"), (SDK, "~/.alibabacloud/credentials.ini")] {
        let machine = Machine::with(&[file]);
        std::fs::set_permissions(machine.home().join(file.0), std::fs::Permissions::from_mode(0o644)).unwrap();
        let note = format!("others may read {shown} (mode 0644): run chmod 600 {shown}");
        assert_eq!(machine.alibaba().notes, [note]);
    }
}

#[test]
fn a_directory_in_the_place_of_a_file_is_told() {
    let machine = Machine::with(&[(".aliyun/config.json/x", ""), SDK]);
    let error = machine.alibaba().source.unwrap_err();
    assert!(error.message().starts_with("~/.aliyun/config.json "), "{error}");
}
