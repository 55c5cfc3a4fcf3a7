//! The forms of a plan.

use std::path::PathBuf;
use std::time::Duration;

use super::machine::Machine;
use crate::credentials::error::Nature;
use crate::credentials::offline::Reads;
use crate::plan::{
    AssumedRole, CredentialNames, CredentialSource, CredentialUri, Domain, Metadata, Oidc, Password, Process, Profile,
    Role, RoleSession, SecretAt,
};
use crate::provider::Cloud;

fn names(id: &str, secret: &str, token: Option<&str>) -> CredentialSource {
    CredentialSource::Env(CredentialNames {
        access_key_id: Some(id.to_owned()),
        access_key_secret: Some(secret.to_owned()),
        security_token: token.map(str::to_owned),
        auth_token: None,
    })
}

fn role(source: CredentialSource) -> CredentialSource {
    let session = RoleSession { duration: Some(Duration::from_secs(900)), ..RoleSession::default() };
    let role = Role::Alibaba { arn: "acs:r".to_owned(), external_id: None, session };
    CredentialSource::Role(Box::new(AssumedRole { role, source }))
}

#[test]
fn each_form_names_one_source() {
    let machine = Machine::with(&[("k.json", "hush"), ("jwt", "hush")]).set(&[
        ("ID", "LTAI5tAbCdEfGhIj0001"),
        ("SECRET", "hush"),
        ("PW", "hush"),
        ("TOKEN", "hush"),
    ]);
    let password = |password| {
        let (domain, user) = ("acme".to_owned(), "ops".to_owned());
        CredentialSource::Password(Password { domain, user, password })
    };
    let agency = Role::Agency { agency: "a".to_owned(), domain: Domain::Name("acme".to_owned()), duration: None };
    for (cloud, form, words, source) in [
        (Cloud::Alibaba, names("ID", "SECRET", None), "ID (LTAI…0001)", "LTAI5tAbCdEfGhIj0001 hush -"),
        (
            Cloud::Huawei,
            CredentialSource::Env(CredentialNames {
                auth_token: Some("TOKEN".to_owned()),
                ..CredentialNames::default()
            }),
            "TOKEN (an auth token)",
            "auth token hush",
        ),
        (Cloud::Alibaba, CredentialSource::File(PathBuf::from("~/k.json")), "file ~/k.json", "file ~/k.json"),
        (
            Cloud::Alibaba,
            CredentialSource::Process(Process {
                command: vec!["bin/vault-ali".to_owned(), "hush".to_owned()],
                timeout: Duration::from_secs(5),
            }),
            "program bin/vault-ali",
            "process [\"bin/vault-ali\", \"hush\"] 5s",
        ),
        (
            Cloud::Alibaba,
            CredentialSource::Uri(CredentialUri { url: "http://h/c?hush".to_owned(), insecure_http: true }),
            "credentials URI http://h/c?…",
            "uri http://h/c?hush true",
        ),
        (
            Cloud::Alibaba,
            CredentialSource::Metadata(Metadata { role: Some("r".to_owned()) }),
            "the metadata service (100.100.100.200), role r",
            "metadata Some(\"r\") guess false",
        ),
        (
            Cloud::Huawei,
            CredentialSource::Oidc(Oidc::Federated { idp_id: "cce".to_owned(), token_file: PathBuf::from("~/jwt") }),
            "OIDC token ~/jwt → identity provider cce",
            "federated cce ~/jwt",
        ),
        (
            Cloud::Alibaba,
            role(names("ID", "SECRET", None)),
            "ID (LTAI…0001) → acs:r, 15 min",
            "role acs:r None - Some(900s) - at None by [LTAI5tAbCdEfGhIj0001 hush -]",
        ),
        (
            Cloud::Huawei,
            CredentialSource::Role(Box::new(AssumedRole { role: agency, source: CredentialSource::Default })),
            "the metadata service (169.254.169.254) → agency a of acme, 1 h",
            "role a Name(\"acme\") None at None by [metadata None guess true]",
        ),
        (
            Cloud::Huawei,
            password(SecretAt::Env("PW".to_owned())),
            "user ops of acme, password in PW",
            "Password { domain: \"acme\", user: \"ops\", password: Env(\"PW\") }",
        ),
        (
            Cloud::Huawei,
            password(SecretAt::File(PathBuf::from("~/pw"))),
            "user ops of acme, password in ~/pw",
            "Password { domain: \"acme\", user: \"ops\", password: File(\"~/pw\") }",
        ),
    ] {
        let found = machine.resolve(cloud, form, Reads::ProfilesOnly);
        assert_eq!((found.words.as_str(), machine.shown(&found).as_str()), (words, source));
    }
}

#[test]
fn at_most_four_roles_follow_each_other_whoever_names_them() {
    let config = r#"{"profiles": [{"name": "p", "mode": "RamRoleArn", "ram_role_arn": "acs:p",
        "access_key_id": "LTAI5tAbCdEfGhIj0001", "access_key_secret": "hush"}]}"#;
    let machine = Machine::with(&[(".aliyun/config.json", config)]);
    let profile = || CredentialSource::Profile(Profile { name: "p".to_owned(), file: None });
    let resolve = |form| machine.resolve(Cloud::Alibaba, form, Reads::ProfilesOnly).source;
    assert!(resolve(role(role(role(profile())))).is_ok());
    let error = resolve(role(role(role(role(profile()))))).unwrap_err();
    assert!(error.message().starts_with("at most 4 roles follow each other: CLI profile \"p\""), "{error}");
}

#[test]
fn variables_that_a_plan_names_must_be_set() {
    let machine = Machine::empty().set(&[("ID", "STS.N"), ("SECRET", "hush"), ("ALIBABA_CLOUD_ACCESS_KEY_ID", "x")]);
    let resolve = |form| machine.resolve(Cloud::Alibaba, form, Reads::Everything);
    assert_eq!(resolve(names("ID", "SECRET", None)).notes[0], "a temporary key needs the variable of a security_token");
    assert_eq!(machine.shown(&resolve(names("ID", "NONE", None))), "Final: ID is set, NONE is not");
    assert_eq!(machine.shown(&resolve(names("NONE", "NEITHER", None))), "Absent: NONE, NEITHER not set");
    assert_eq!(machine.shown(&resolve(names("ID", "SECRET", Some("NONE")))), "Final: ID, SECRET are set, NONE is not");
    let used = names("ALIBABA_CLOUD_ACCESS_KEY_ID", "SECRET", None);
    assert_eq!(resolve(used).notes, [""; 0]);
}

#[test]
fn a_pod_identity_needs_its_variables() {
    let machine = Machine::empty();
    let shown = machine.shown(&machine.resolve(Cloud::Huawei, CredentialSource::Pod, Reads::Everything));
    assert_eq!(shown, "Final: HC_CONTAINER_CREDENTIALS_FULL_URI and HC_CONTAINER_AUTHORIZATION_TOKEN_FILE are not set");
}

#[test]
fn a_file_that_the_plan_names_is_read_only_where_it_may_be() {
    let config = r#"{"profiles": [{"name": "p", "mode": "EcsRamRole"}]}"#;
    let ini = "[p]\ntype = ecs_ram_role\n";
    for (cloud, text, words) in [
        (Cloud::Alibaba, config, "CLI profile \"p\" (~/f) → EcsRamRole the metadata service (100.100.100.200)"),
        (Cloud::Alibaba, ini, "SDK profile \"p\" (~/f) → ecs_ram_role the metadata service (100.100.100.200)"),
        (Cloud::Huawei, "[p]\nak = abcdefghi\nsk = hush", "SDK profile \"p\" (~/f) → AK abcd…fghi"),
        (
            Cloud::Huawei,
            r#"{"profiles": [{"name": "p", "mode": "ecsAgency"}]}"#,
            "KooCLI profile \"p\" (~/f) → ecsAgency the metadata service (169.254.169.254)",
        ),
    ] {
        let machine = Machine::with(&[("f", text)]);
        let form = |name: &str| {
            CredentialSource::Profile(Profile { name: name.to_owned(), file: Some(machine.home().join("f")) })
        };
        assert_eq!(machine.resolve(cloud, form("p"), Reads::Everything).words, words);
        let error = machine.resolve(cloud, form("q"), Reads::Everything).source.unwrap_err();
        assert_eq!((error.message(), error.hint()), ("no profile \"q\" in ~/f", "did you mean \"p\"?"));
        let unread = machine.resolve(cloud, form("p"), Reads::ProfilesOnly);
        assert_eq!(unread.words, "profile \"p\" (~/f)");
        let error = unread.source.unwrap_err();
        assert_eq!((error.message(), error.nature()), ("~/f was not read", Nature::Passing));
        std::fs::remove_file(machine.home().join("f")).unwrap();
        let error = machine.resolve(cloud, form("p"), Reads::Everything).source.unwrap_err();
        assert_eq!(error.message(), "~/f is not there");
    }
}

#[test]
fn a_machine_without_a_home_has_no_usual_files() {
    let account = crate::plan::Account::in_region(Cloud::Alibaba, "cn-north-4".to_owned());
    let environment = crate::base::environment::Environment::default();
    let found = crate::credentials::offline::resolve(&account, &environment, Reads::Everything);
    assert!(found.tried.iter().any(|line| line == "CLI profile: HOME is not set"), "{:?}", found.tried);
    assert!(found.tried.iter().any(|line| line == "SDK profile: HOME is not set"), "{:?}", found.tried);
    let account = crate::plan::Account { credentials: CredentialSource::File("~/k.json".into()), ..account };
    let error = crate::credentials::offline::resolve(&account, &environment, Reads::Everything).source.unwrap_err();
    assert_eq!(error.message(), "~/k.json: the home directory is not known: HOME is not set");
}
