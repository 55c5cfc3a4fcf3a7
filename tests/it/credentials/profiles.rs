//! Modes of profiles, types of ini files, sets of variables and forms of the plan: each finds the account that the
//! official SDKs find.

use serde_json::{Value, json};

use super::case::{Case, FEDERATED, HW_INI, HW_OIDC, INI, OIDC, POD, all_find, all_refuse};
use super::ground::{A1, AGENCY, D1, HW_OPS, HW_ROLE, IDP, OPS, OTHER, PASSWORD, ROLE, RRSA, SECOND, now};

const INI_KEYS: &str = "access_key_id = LTAI5tOps\naccess_key_secret = ops-key-hush\n";
const HOUR: i64 = 3600;

/// A profile with the key of A1 and further fields.
fn keyed(more: Value) -> Value {
    let mut profile = json!({"access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"});
    profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    profile
}

fn cli(name: &'static str, profile: Value) -> Case {
    Case::ali(name).cli(&[profile])
}

fn ini(name: &'static str, section: &str) -> Case {
    Case::ali(name).file(INI, format!("[default]\n{section}"))
}

#[test]
fn row_2_modes_of_profiles() {
    let other =
        json!({"name": "b", "mode": "AK", "access_key_id": "LTAI5tOther", "access_key_secret": "other-key-hush"});
    let role = json!({"ram_role_arn": ROLE, "ram_session_name": "ops"});
    let sso = json!({"mode": "CloudSSO", "cloud_sso_sign_in_url": "$SIM/start/login", "cloud_sso_account_id": A1,
        "cloud_sso_access_config": "ac-1", "access_token": "sso-access-hush", "cloud_sso_access_token_expire": now() + HOUR});
    let oauth = json!({"mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": "oauth-access-hush",
        "oauth_refresh_token": "never-hush", "oauth_access_token_expire": now() + HOUR});
    let oidc = json!({"mode": "OIDC", "oidc_provider_arn": IDP, "oidc_token_file": "$HOME/jwt", "ram_role_arn": RRSA,
        "ram_session_name": "ops"});
    let external = |keys: &str| json!({"mode": "External", "process_command": format!("echo '{keys}'")});
    let printed = r#"{"mode": "AK", "access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"}"#;
    let with = |mode: &str, more: &Value| {
        let mut profile = keyed(json!({"mode": mode}));
        profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        profile
    };
    all_find([
        ("LTAI5tOps", cli("AK", with("AK", &json!({})))),
        ("LTAI5tOps", cli("no mode", keyed(json!({})))),
        ("LTAI5tOps", cli("small letters, unknown fields", with("ak", &json!({"new_field": [1]})))),
        ("LTAI5tOther", Case::ali("current").cli(&[other.clone(), with("AK", &json!({}))]).other()),
        (
            "ali:AssumeRole",
            cli("RamRoleArn", with("RamRoleArn", &role)).calls(&[("ali:AssumeRole", 1), ("ali:GetCallerIdentity", 0)]),
        ),
        (
            "ali:AssumeRole",
            cli("external id", with("RamRoleArn", &json!({"ram_role_arn": SECOND, "external_id": "ext-1"}))).other(),
        ),
        (
            "ali:AssumeRole",
            Case::ali("ChainableRamRoleArn").cli(&[
                json!({"name": "a", "mode": "ChainableRamRoleArn", "source_profile": "b", "ram_role_arn": ROLE}),
                json!({"name": "b", "mode": "AK", "access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"}),
            ]),
        ),
        ("ali:uri", cli("CredentialsURI", json!({"mode": "CredentialsURI", "credentials_uri": "$SIM/creds/uri"}))),
        ("ali:AssumeRoleWithOIDC", cli("OIDC", oidc)),
        ("LTAI5tOps", cli("External", external(printed))),
        ("ali:meta-keys", cli("EcsRamRole", json!({"mode": "EcsRamRole", "ram_role_name": ""})).metadata()),
        (
            "ali:AssumeRole",
            cli(
                "RamRoleArnWithRoleName",
                json!({"mode": "RamRoleArnWithRoleName", "ram_role_name": "ecs-role", "ram_role_arn": ROLE}),
            )
            .metadata(),
        ),
        ("ali:sso", cli("CloudSSO", sso).calls(&[("ali:sso", 1), ("ali:GetCallerIdentity", 1)])),
        ("ali:oauth-exchange", cli("OAuth", oauth).calls(&[("ali:oauth-token", 0), ("ali:oauth-exchange", 1)])),
        (
            "LTAI5tOps",
            Case::ali("another file and profile")
                .file(
                    "c.json",
                    json!({"current": "x", "profiles": [{"name": "x"}, with("AK", &json!({"name": "y"}))]}).to_string(),
                )
                .env(&[("ALIBABA_CLOUD_CONFIG_FILE", "$HOME/c.json"), ("ALIBABA_CLOUD_PROFILE", "y")]),
        ),
    ]);
}

#[test]
fn row_2_profiles_that_cannot_serve() {
    let chained = |name: &str, source: &str| json!({"name": name, "mode": "ChainableRamRoleArn", "source_profile": source, "ram_role_arn": ROLE});
    let expired = json!({"name": "sso", "mode": "CloudSSO", "cloud_sso_sign_in_url": "$SIM/start", "cloud_sso_account_id": A1,
        "cloud_sso_access_config": "ac-1", "access_token": "sso-access-hush", "cloud_sso_access_token_expire": now() - HOUR});
    all_refuse([
        (
            &["mode RsaKeyPair cannot sign"],
            cli("RsaKeyPair", json!({"mode": "RsaKeyPair", "private_key": "hush", "key_pair_name": "k"})),
        ),
        (&["a → b → a"], Case::ali("a circle").cli(&[chained("a", "b"), chained("b", "a")])),
        (&["CloudSSO", "expired", "aliyun configure --profile sso"], cli("a login that is over", expired)),
        (&["config.json:2:"], Case::ali("broken JSON").file(super::case::CLI, "{\"profiles\": [\n{\"hush\" 1}]}")),
        (&["credentials.ini:3"], ini("broken ini", "type = access_key\nhush\n")),
        (
            &["may not assume", "stopper"],
            cli("a role that trusts nobody", keyed(json!({"mode": "RamRoleArn", "ram_role_arn": ROLE})))
                .world(json!({"roles": {ROLE: {"trust": []}}}))
                .calls(&[("ali:AssumeRole", 1)]),
        ),
        (
            &["expired"],
            Case::ali("an id token that is over")
                .env(&OIDC)
                .file("jwt", super::ground::OLD_JWT)
                .calls(&[("ali:AssumeRoleWithOIDC", 1)]),
        ),
    ]);
}

#[test]
fn row_2_types_of_ini_files() {
    let role = format!("type = ram_role_arn\nrole_arn = {ROLE}\nrole_session_name = s6\n{INI_KEYS}");
    let oidc = format!(
        "type = oidc_role_arn\nrole_arn = {RRSA}\noidc_provider_arn = {IDP}\noidc_token_file_path = $HOME/jwt\nrole_session_name = s7\n"
    );
    let odd = "\u{feff}# mine\r\n[default]\r\nType: access_key\r\nACCESS_KEY_ID = \"LTAI5tOps\"\r\n; no\r\naccess_key_secret='ops-key-hush'\r\n";
    let access_key = format!("type = access_key\n{INI_KEYS}");
    all_find([
        ("LTAI5tOps", ini("access_key", &access_key)),
        (
            "LTAI5tOps",
            Case::ali("Go's name of the file").file(".alibabacloud/credentials", format!("[default]\n{access_key}")),
        ),
        ("ali:AssumeRole", ini("ram_role_arn", &role)),
        ("ali:AssumeRoleWithOIDC", ini("oidc_role_arn", &oidc)),
        ("ali:meta-keys", ini("ecs_ram_role", "type = ecs_ram_role\nrole_name = ecs-role\n").metadata()),
        ("LTAI5tOps", Case::ali("BOM, CRLF, quotes, comments").file(INI, odd)),
        (
            "LTAI5tOps",
            Case::ali("another file and section")
                .file("x.ini", format!("[p]\n{access_key}"))
                .env(&[("ALIBABA_CLOUD_CREDENTIALS_FILE", "$HOME/x.ini"), ("ALIBABA_CLOUD_PROFILE", "p")]),
        ),
        (
            "HWOPSACCESSKEY000001",
            Case::hw("huawei").file(HW_INI, "[basic]\nak = HWOPSACCESSKEY000001\nsk = hw-key-hush\n"),
        ),
        (
            "hw:by-token",
            Case::hw("huawei: federated")
                .file(HW_INI, "[fed]\nidp_id = cce\nid_token_file = $HOME/jwt\n")
                .credentials(json!({"profile": "fed"})),
        ),
    ]);
}

#[test]
fn row_2_sets_of_variables_and_forms() {
    let file = r#"{"access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"}"#;
    let koocli = r#"{"current": "ops", "authEncrypt": "false", "profiles": [{"name": "ops", "mode": "AKSK",
        "accessKeyId": "HWOPSACCESSKEY000001", "secretAccessKey": "hw-key-hush"}]}"#;
    let hw_role = |role: Value| Case::hw("huawei: agency").env(&HW_OPS).credentials(json!({"role": role}));
    let password = json!({"password": {"domain": "acme", "user": "ops", "password": {"env": "PW"}}});
    let process = |command: Value| json!({"process": command});
    all_find([
        ("LTAI5tOps", Case::ali("keys").env(&OPS).calls(&[("ali:GetCallerIdentity", 1)])),
        ("LTAI5tOther", Case::ali("keys of another account").env(&OTHER).other()),
        (
            "ali:AssumeRoleWithOIDC",
            Case::ali("OIDC").env(&OIDC).calls(&[("ali:AssumeRoleWithOIDC", 1), ("ali:GetCallerIdentity", 0)]),
        ),
        ("LTAI5tOps", Case::ali("file").file("k.json", file).credentials(json!({"file": "$HOME/k.json"}))),
        ("LTAI5tOps", Case::ali("process").file("k.json", file).credentials(process(json!("cat '$HOME/k.json'")))),
        (
            "LTAI5tOps",
            Case::ali("process, words").file("k.json", file).credentials(process(json!(["cat", "$HOME/k.json"]))),
        ),
        (
            "ali:AssumeRole",
            Case::ali("role")
                .env(&OPS)
                .credentials(json!({"role": {"arn": ROLE, "session_name": "ops", "duration": "15m"}})),
        ),
        ("HWOPSACCESSKEY000001", Case::hw("huawei: keys").env(&HW_OPS).calls(&[("hw:caller", 1), ("hw:domains", 0)])),
        ("hw:assume-oidc", Case::hw("huawei: OIDC").env(&HW_OIDC)),
        ("hw:by-token", Case::hw("huawei: federated").env(&FEDERATED)),
        ("hw:pod", Case::hw("huawei: pod").env(&POD)),
        ("hw:assume", hw_role(json!({"urn": AGENCY})).other()),
        ("hw:assume", hw_role(json!({"agency": "stopper", "domain_id": D1}))),
        ("hw:agency", hw_role(json!({"agency": "second", "domain": "guests"})).other()),
        ("hw:agency", hw_role(json!({"agency": "stopper", "domain_id": D1, "api": "v3"}))),
        ("hw:password", Case::hw("huawei: password").env(&[("PW", PASSWORD)]).credentials(password)),
        (
            "HWOPSACCESSKEY000001",
            Case::hw("KooCLI").file(".hcloud/config.json", koocli).credentials(json!({"profile": "ops"})),
        ),
    ]);
    assert!(HW_ROLE.contains(D1));
}

#[test]
fn row_2_temporary_keys_in_variables_files_and_profiles() {
    use allstop::provider::{Cloud, Credentials};
    use secrecy::ExposeSecret;

    let simulator = allstop::simulator::start(&crate::selection::ground::quick(), []).unwrap();
    let Credentials::AccessKey { id, secret, security_token: Some(token) } =
        simulator.temporary_credentials(Cloud::Alibaba, 0)
    else {
        panic!("not a temporary key")
    };
    let [secret, token] = [&secret, &token].map(|text| text.expose_secret().to_owned());
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let [id, secret, token] = [id.to_string(), secret, token].map(leak);
    let answer = json!({"RequestId": "x", "Credentials": {"AccessKeyId": id, "AccessKeySecret": secret,
        "SecurityToken": token, "Expiration": "2099-01-01T00:00:00Z"}});
    let profile = json!({"mode": "StsToken", "access_key_id": id, "access_key_secret": secret, "sts_token": token});
    all_find([
        (
            id,
            Case::ali("variables").env(&[
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", id),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret),
                ("ALIBABA_CLOUD_SECURITY_TOKEN", token),
            ]),
        ),
        (id, cli("StsToken", profile)),
        (
            id,
            ini(
                "sts",
                &format!("type = sts\naccess_key_id = {id}\naccess_key_secret = {secret}\nsecurity_token = {token}\n"),
            ),
        ),
        (
            id,
            Case::ali("a saved answer of STS")
                .file("k.json", answer.to_string())
                .credentials(json!({"file": "$HOME/k.json"})),
        ),
    ]);
}
