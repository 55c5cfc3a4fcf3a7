//! Where a plan says that credentials come from.

use std::path::{Path, PathBuf};
use std::time::Duration;

use allstop::plan::{
    AssumedRole, CredentialSource, CredentialUri, Domain, Loaded, Metadata, Oidc, Password, Plan, Process, Profile,
    Role, RoleSession, SecretAt, Variables,
};

const ID: &str = "0e128d30a2bd4d2d8b8c5d3c5f1f4f12";

#[track_caller]
fn load(account: &str, variables: &Variables) -> Loaded {
    let target = if account.contains("huawei") { "drs_job, job_id: j" } else { "elasticsearch_task, instance_id: i" };
    let text = format!(
        "version: 1\naccounts: {{a: {{{account}}}}}\nguards: {{accounts: {{deny: [1234567890123456, '{ID}']}}}}\n\
         retry: {{credentials_wait: 0s}}\ndefaults: {{account: a@r}}\ntargets: [{{kind: {target}}}]\n"
    );
    let text = if account.contains("regions") { text } else { text.replace("a@r", "a") };
    match Plan::parse(text.as_bytes(), Path::new("plans/p.yaml"), variables) {
        Ok(loaded) => loaded,
        Err(errors) => panic!("{errors}"),
    }
}

#[track_caller]
fn source(cloud: &str, form: &str) -> CredentialSource {
    let account = format!("cloud: {cloud}, region: r, credentials: {form}");
    load(&account, &Variables::default()).plan.accounts.remove(0).credentials
}

fn role(role: Role, source: CredentialSource) -> CredentialSource {
    CredentialSource::Role(Box::new(AssumedRole { role, source }))
}

fn absolute(path: &str) -> PathBuf {
    std::path::absolute(path).unwrap()
}

/// Returns where a file beside the plan is.
fn beside_the_plan(name: &str) -> PathBuf {
    absolute("plans").join(name)
}

#[test]
fn every_source_of_both_clouds_is_read() {
    let profile = |name: &str, file| CredentialSource::Profile(Profile { name: name.into(), file });
    let process = |command: &[&str], seconds| {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        CredentialSource::Process(Process { command, timeout: Duration::from_secs(seconds) })
    };
    for cloud in ["alibaba", "huawei"] {
        let uri = |url: &str, insecure_http| CredentialSource::Uri(CredentialUri { url: url.into(), insecure_http });
        for (form, expected) in [
            ("default", CredentialSource::Default),
            ("{profile: ops}", profile("ops", None)),
            ("{profile: ops, file: c.json}", profile("ops", Some(beside_the_plan("c.json")))),
            ("{file: k.json}", CredentialSource::File(beside_the_plan("k.json"))),
            ("{file: /dev/stdin}", CredentialSource::File(absolute("/dev/stdin"))),
            ("{file: '~/k.json'}", CredentialSource::File("~/k.json".into())),
            (r#"{process: "get 'a b' \"c\" d\\ e"}"#, process(&["get", "a b", "c", "d e"], 60)),
            ("{process: [get, 'a b', 1, ''], timeout: 10m}", process(&["get", "a b", "1", ""], 600)),
            ("{uri: 'http://127.0.0.1:1/k?a=b'}", uri("http://127.0.0.1:1/k?a=b", false)),
            ("{uri: 'http://169.254.170.23/k'}", uri("http://169.254.170.23/k", false)),
            ("{uri: 'http://10.0.0.1/k', insecure_http: true}", uri("http://10.0.0.1/k", true)),
            ("{metadata: {}}", CredentialSource::Metadata(Metadata { role: None })),
        ] {
            assert_eq!(source(cloud, form), expected, "{cloud} {form}");
        }
    }
}

#[test]
fn roles_and_tokens_of_alibaba_cloud_are_read() {
    let arn = "acs:ram::1865410598556969:role/stopper";
    let session = RoleSession {
        name: Some("allstop-1".into()),
        duration: Some(Duration::from_secs(900)),
        policy: Some(r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["a b"],"N":1,"B":true}]}"#.into()),
    };
    let details = "session_name: allstop-1, duration: 15m, \
                   policy: {Version: '1', Statement: [{Effect: Allow, Action: [a b], N: 1, B: true}]}";
    let plain = Role::Alibaba { arn: arn.into(), external_id: None, session: RoleSession::default() };
    let full = Role::Alibaba { arn: arn.into(), external_id: Some("0123".into()), session: session.clone() };
    let metadata = CredentialSource::Metadata(Metadata { role: Some("ecs".into()) });
    let written = r#""{ \"Version\": \"1\", \"Statement\": [] }""#;
    let of_text = RoleSession { policy: Some(r#"{"Version":"1","Statement":[]}"#.into()), ..RoleSession::default() };
    let oidc = Oidc::Alibaba {
        role_arn: arn.into(),
        provider_arn: "acs:ram::1:oidc-provider/ack".into(),
        token_file: absolute("/t"),
        session: session.clone(),
    };
    let three = role(plain.clone(), role(plain.clone(), role(plain.clone(), CredentialSource::Default)));
    for (form, expected) in [
        (format!("{{role: {{arn: '{arn}'}}}}"), role(plain.clone(), CredentialSource::Default)),
        (
            format!("{{role: {{arn: '{arn}', external_id: 0123, {details}}}, source: {{metadata: {{role: ecs}}}}}}"),
            role(full, metadata),
        ),
        (
            format!("{{role: {{arn: '{arn}', policy: {written}}}}}"),
            role(Role::Alibaba { arn: arn.into(), external_id: None, session: of_text }, CredentialSource::Default),
        ),
        (
            format!(
                "{{oidc: {{role_arn: '{arn}', provider_arn: 'acs:ram::1:oidc-provider/ack', token_file: /t, {details}}}}}"
            ),
            CredentialSource::Oidc(oidc),
        ),
        (
            format!("{{role: &r {{arn: '{arn}'}}, source: {{role: *r, source: {{role: *r, source: {{role: *r}}}}}}}}"),
            role(plain, three),
        ),
    ] {
        assert_eq!(source("alibaba", &form), expected, "{form}");
    }
}

#[test]
fn agencies_tokens_and_passwords_of_huawei_cloud_are_read() {
    let by_name = |domain, duration: Option<u64>| {
        let duration = duration.map(Duration::from_secs);
        role(Role::Agency { agency: "stopper".into(), domain, duration }, CredentialSource::Default)
    };
    let by_urn = |urn: &str, external_id: Option<&str>| Role::AgencyUrn {
        urn: urn.into(),
        external_id: external_id.map(str::to_owned),
        session: RoleSession::default(),
    };
    let urn = format!("iam::{ID}:agency:stopper");
    let provider_urn = format!("iam::{ID}:oidc-provider:cce");
    let of_sts = Oidc::Huawei {
        agency_urn: urn.clone(),
        provider_urn: provider_urn.clone(),
        token_file: beside_the_plan("t"),
        session: RoleSession::default(),
    };
    let password =
        |password| CredentialSource::Password(Password { domain: "acme".into(), user: "1".into(), password });
    for (form, expected) in [
        ("{pod: {}}".to_owned(), CredentialSource::Pod),
        ("{role: {agency: stopper, domain: acme}}".into(), by_name(Domain::Name("acme".into()), None)),
        (
            "{role: {agency: stopper, domain: acme, api: v3, duration: 24h}}".into(),
            by_name(Domain::Name("acme".into()), Some(86_400)),
        ),
        (format!("{{role: {{agency: stopper, domain_id: '{ID}', api: v3}}}}"), by_name(Domain::Id(ID.into()), None)),
        (
            format!("{{role: {{agency: stopper, domain_id: '{ID}'}}}}"),
            role(by_urn(&urn, None), CredentialSource::Default),
        ),
        (
            format!("{{role: {{agency: stopper, domain_id: '{ID}', api: v5}}}}"),
            role(by_urn(&urn, None), CredentialSource::Default),
        ),
        (
            format!("{{role: {{urn: '{urn}', external_id: e-1}}, source: {{pod: {{}}}}}}"),
            role(by_urn(&urn, Some("e-1")), CredentialSource::Pod),
        ),
        (
            format!("{{oidc: {{agency_urn: '{urn}', provider_urn: '{provider_urn}', token_file: t}}}}"),
            CredentialSource::Oidc(of_sts),
        ),
        (
            "{oidc: {idp_id: i, token_file: /t}}".into(),
            CredentialSource::Oidc(Oidc::Federated { idp_id: "i".into(), token_file: absolute("/t") }),
        ),
        ("{password: {domain: acme, user: 1, password: {env: PW}}}".into(), password(SecretAt::Env("PW".into()))),
        (
            "{password: {domain: acme, user: 1, password: {file: pw}}}".into(),
            password(SecretAt::File(beside_the_plan("pw"))),
        ),
    ] {
        assert_eq!(source("huawei", &form), expected, "{form}");
    }
}

#[test]
fn the_rest_of_an_account_is_read() {
    let account = "cloud: alibaba, regions: [r], account_id: 1865410598556969, endpoints: \
                   {fnf: 'http://127.0.0.1:1', sts: 'sts.example.com:8443/', oauth: 'https://oauth.example.com', metadata: 'http://169.254.169.254'}";
    let loaded = load(account, &Variables::default());
    assert!(loaded.warnings.is_empty(), "only what products are sent is of one region");
    let plan = loaded.plan;
    let account = &plan.accounts[0];
    assert_eq!(account.account_id.as_deref(), Some("1865410598556969"));
    assert_eq!(account.endpoint_of("sts"), Some("https://sts.example.com:8443"));
    assert_eq!(account.endpoint_of("metadata"), Some("http://169.254.169.254"));
    assert_eq!(account.endpoint_of("iam"), None);
    let replaced: Vec<_> = account.replaced_endpoints().map(|(name, _)| name).collect();
    assert_eq!(replaced, ["fnf", "metadata", "oauth", "sts"]);
    assert_eq!(plan.guards.denied_accounts, ["1234567890123456", ID]);
    assert_eq!(plan.retry.credentials_wait, Duration::ZERO);
    let account = format!("cloud: huawei, region: r, account_id: '{}'", ID.to_uppercase());
    let plan = load(&account, &Variables::default()).plan;
    assert_eq!((plan.accounts[0].account_id.as_deref(), plan.accounts[0].project_id()), (Some(ID), None));
}

#[test]
fn variables_may_be_in_all_of_it_but_for_those_that_hold_secrets() {
    let set = [("WHO", "ops"), ("MY_SECRET", "hush-hush-hush"), ("HUAWEICLOUD_OIDC_ID_TOKEN", "hush")];
    let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let variables = Variables { set: set.into(), ..Variables::default() };
    let account = "cloud: huawei, region: r, credentials: {role: {agency: a, domain: \"${WHO}\"}, \
                   source: {password: {domain: d, user: \"${WHO}\", password: {env: \"MY_${KIND:-SECRET}\"}}}}";
    let plan = load(account, &variables).plan;
    let CredentialSource::Role(assumed) = &plan.accounts[0].credentials else { panic!() };
    assert_eq!(
        assumed.source,
        CredentialSource::Password(Password {
            domain: "d".into(),
            user: "ops".into(),
            password: SecretAt::Env("MY_SECRET".into())
        })
    );
    for name in ["MY_SECRET", "HUAWEICLOUD_OIDC_ID_TOKEN"] {
        let text = format!(
            "version: 1\naccounts: {{a: {{{account}}}}}\ndefaults: {{account: a, labels: {{l: \"${{{name}}}\"}}}}\n\
             targets: [{{kind: drs_job, job_id: j}}]\n"
        );
        let errors = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &variables).unwrap_err().to_string();
        assert!(
            errors.contains(&format!("the variable `{name}` is a credential")) && !errors.contains("hush"),
            "{errors}"
        );
    }
}
