//! Alibaba Cloud: STS, metadata, the credentials URI, the logins.

use serde_json::json;

use super::super::client::Client;
use super::super::signer::Key;
use super::*;

fn identity(client: &Client, key: &Key) -> Value {
    json(&client.sts(key, "GetCallerIdentity", &[]))
}

#[test]
fn a_key_is_told_whose_it_is() {
    let client = client();
    let own = Key::of(&client.cloud.keys.permanent(crate::provider::Cloud::Alibaba, 0));
    let role = format!("acs:ram::{ALI}:assumed-role/stopper/allstop-1");
    for (key, kind, account, arn) in [
        (ops(), "RAMUser", ALI, format!("acs:ram::{ALI}:user/ops")),
        (Key::new("LTAI5tRoot", "root-secret"), "Account", ALI, format!("acs:ram::{ALI}:root")),
        (Key::new("LTAI5tOther", "other-secret"), "RAMUser", GUESTS, format!("acs:ram::{GUESTS}:user/guest")),
        (own, "RAMUser", ALI, format!("acs:ram::{ALI}:user/operator")),
        (client.role_keys(), "AssumedRoleUser", ALI, role),
    ] {
        for told in [identity(&client, &key), json(&client.roa_of(&key, "POST", ("GetCallerIdentity", STS), ("/", "")))]
        {
            assert_eq!((&told["IdentityType"], &told["AccountId"]), (&kind.into(), &account.into()), "{told}");
            assert_eq!(told["Arn"], arn);
        }
    }
}

#[test]
fn a_role_is_for_those_it_trusts() {
    let client = client();
    let second = format!("acs:ram::{GUESTS}:role/second");
    let ask = |key: &Key, arn: &str, more: &[(&str, &str)]| {
        let usual = [("RoleArn", arn), ("RoleSessionName", "allstop-1")];
        client.sts(key, "AssumeRole", &[&usual[..], more].concat())
    };
    let good =
        ask(&ops(), &second, &[("ExternalId", "ext-1"), ("DurationSeconds", "43200"), ("Policy", "{\"a\": [1, 2]}")]);
    let body = json(&good);
    assert_eq!(body["AssumedRoleUser"]["Arn"], format!("acs:ram::{GUESTS}:role/second/allstop-1"));
    assert_eq!(body["Credentials"]["Expiration"], "2026-11-22T17:30:00Z");
    assert!(body["Credentials"]["AccessKeyId"].as_str().unwrap().starts_with("STS."));
    let chained = Key::issued(&body["Credentials"], ALI_KEYS);
    let root = Key::new("LTAI5tRoot", "root-secret");
    let guest = Key::new("LTAI5tOther", "other-secret");
    let wrong = Key::new("LTAI5tOps", "wrong");
    for (answer, status, code) in [
        (ask(&ops(), &second, &[]), 403, "NoPermission"),
        (ask(&guest, &stopper(), &[]), 403, "NoPermission"),
        (ask(&chained, &stopper(), &[]), 403, "NoPermission"),
        (ask(&root, &stopper(), &[]), 403, "NoPermission"),
        (ask(&wrong, &stopper(), &[]), 400, "SignatureDoesNotMatch"),
        (ask(&Key::new("LTAI5tNobody", "x"), &stopper(), &[]), 404, "InvalidAccessKeyId.NotFound"),
        (ask(&ops(), &format!("acs:ram::{ALI}:role/none"), &[]), 404, "EntityNotExist.Role"),
        (ask(&ops(), "stopper", &[]), 400, "InvalidParameter.RoleArn"),
        (ask(&ops(), &stopper(), &[("DurationSeconds", "899")]), 400, "InvalidParameter.DurationSeconds"),
        (ask(&ops(), &stopper(), &[("DurationSeconds", "3601")]), 400, "InvalidParameter.DurationSeconds"),
        (ask(&ops(), &stopper(), &[("Policy", "no")]), 400, "InvalidParameter.PolicyGrammar"),
    ] {
        assert_eq!(refusal(&answer), (status, code.to_owned()), "{}", json(&answer));
    }
    let unnamed = client.sts(&ops(), "AssumeRole", &[("RoleArn", &stopper()), ("RoleSessionName", "a b")]);
    assert_eq!(refusal(&unnamed), (400, "InvalidParameter.RoleSessionName".to_owned()));
    let version = client.rpc_of(&ops(), "POST", ("GetCallerIdentity", "2019-03-15"), &[]);
    assert_eq!(refusal(&version), (400, "InvalidVersion".to_owned()));
}

#[test]
fn keys_of_a_role_live_an_hour_at_most_if_keys_of_a_role_ask() {
    let client = client();
    client.set(&json!({"roles": {stopper(): {"trust": [ALI], "max_duration_s": 43200}}}));
    let ask = |key: &Key, duration: &str| {
        let role = [("RoleArn", &*stopper()), ("RoleSessionName", "s1"), ("DurationSeconds", duration)];
        client.sts(key, "AssumeRole", &role).status
    };
    assert_eq!(
        (ask(&ops(), "43200"), ask(&client.role_keys(), "3600"), ask(&client.role_keys(), "3601")),
        (200, 200, 400)
    );
    let ledger = client.credentials();
    let chained: Vec<_> = ledger.issued.iter().map(|issued| issued.by.clone().unwrap()).collect();
    assert_eq!(&*chained[0], "LTAI5tOps");
    assert_eq!(chained[2], ledger.issued[1].key);
}

#[test]
fn an_id_token_opens_the_role_of_its_provider() {
    let client = client();
    let (rrsa, provider) = (format!("acs:ram::{ALI}:role/rrsa"), format!("acs:ram::{ALI}:oidc-provider/ack"));
    let ask = |token: &str, role: &str, provider: &str| {
        let form = format!(
            "Action=AssumeRoleWithOIDC&Version={STS}&RoleArn={role}&OIDCProviderArn={provider}&OIDCToken={token}&RoleSessionName=s1"
        );
        client.send("POST", "/", &[("content-type", "application/x-www-form-urlencoded")], &form)
    };
    let good = json(&ask("good.id.token", &rrsa, &provider));
    let key = Key::issued(&good["Credentials"], ALI_KEYS);
    assert_eq!(identity(&client, &key)["Arn"], format!("acs:ram::{ALI}:assumed-role/rrsa/s1"));
    for (answer, code) in [
        (ask("old.id.token", &rrsa, &provider), "AuthenticationFail.OIDCToken.Expired"),
        (ask("bad.id.token", &rrsa, &provider), "AuthenticationFail.OIDCToken.Invalid"),
        (ask("good.id.token", &rrsa, "another"), "AuthenticationFail.NoPermission"),
        (ask("good.id.token", &stopper(), &provider), "AuthenticationFail.NoPermission"),
    ] {
        assert_eq!(refusal(&answer), (401, code.to_owned()));
    }
    let query = format!(
        "/?Action=AssumeRoleWithOIDC&Version={STS}&RoleArn={rrsa}&OIDCProviderArn={provider}&OIDCToken=good.id.token&RoleSessionName=s1"
    );
    assert_eq!(client.send("GET", &query, &[], "").status, 200);
}

const ROLE: &str = "/latest/meta-data/ram/security-credentials/";

#[test]
fn metadata_has_keys_with_a_token_and_without() {
    let client = client();
    let get = |target: &str, token: Option<&str>| {
        let headers: Vec<_> = token.map(|token| ("x-aliyun-ecs-metadata-token", token)).into_iter().collect();
        client.send("GET", target, &headers, "")
    };
    let ask = |ttl| client.send("PUT", "/latest/api/token", &[("x-aliyun-ecs-metadata-token-ttl-seconds", ttl)], "");
    let token = String::from_utf8(ask("21600").body.to_vec()).unwrap();
    assert_eq!(
        (ask("0").status, ask("21601").status, client.send("PUT", "/latest/api/token", &[], "").status),
        (400, 400, 400)
    );
    let keys = format!("{ROLE}ecs-role");
    assert_eq!(get(ROLE, Some(&token)).body, "ecs-role");
    let got = json(&get(&keys, Some(&token)));
    assert_eq!((&got["Code"], &got["Expiration"]), (&"Success".into(), &"2026-11-22T11:30:00Z".into()));
    assert_eq!(client.stop_fnf(&Key::issued(&got, ALI_KEYS)).status, 200);
    assert_eq!(
        (get(&keys, None).status, get(&keys, Some("x")).status, get(&format!("{ROLE}other"), None).status),
        (200, 403, 404)
    );
    client.set(&json!({"alibaba_metadata": {"role": "ecs-role\n", "account": ALI, "v2": false, "caches": true}}));
    assert_eq!((ask("60").status, get(ROLE, None).body.as_ref()), (404, &b"ecs-role\n"[..]));
    let twice = [0; 2].map(|_| json(&get(&keys, None))["AccessKeyId"].clone());
    assert_eq!(twice[0], twice[1], "the same keys");
    client.set(&json!({"alibaba_metadata": {"role": null, "account": ALI, "v1": false}}));
    assert_eq!((ask("60").status, get(ROLE, None).status, get(ROLE, Some(&token)).status), (200, 403, 404));
    client.set(&json!({"alibaba_metadata": null}));
    assert_eq!((ask("60").status, get(ROLE, None).status), (404, 404));
}

#[test]
fn logins_and_the_uri_have_keys() {
    let client = client();
    let uri = json(&client.send("GET", "/creds/uri", &[], ""));
    assert_eq!(uri["Code"], "Success");
    let ask = json!({"AccountId": ALI, "AccessConfigurationId": "ac-1"}).to_string();
    let sso = |token| client.send("POST", "/cloud-credentials", &[("authorization", token)], &ask);
    let exchange = |token| client.send("POST", "/v1/exchange", &[("authorization", token)], "");
    let oauth = json(&exchange("Bearer oauth-access"));
    for keys in [&uri, &json(&sso("Bearer sso-access"))["CloudCredential"], &oauth] {
        assert_eq!(identity(&client, &Key::issued(keys, ALI_KEYS))["AccountId"], ALI, "{keys}");
    }
    assert_eq!(refusal(&sso("Bearer x")), (401, "InvalidAccessToken".to_owned()));
    assert_eq!(refusal(&exchange("Bearer x")), (401, "expired_token".to_owned()));
    let refresh = |token: &str| {
        let form = format!("grant_type=refresh_token&refresh_token={token}&client_id=1");
        client.send("POST", "/v1/token", &[("content-type", "application/x-www-form-urlencoded")], &form)
    };
    let renewed = json(&refresh("oauth-refresh"));
    assert_eq!(refusal(&refresh("oauth-refresh")), (400, "invalid_grant".to_owned()), "it is spent");
    assert_eq!(exchange("Bearer oauth-access").status, 401, "the access token is replaced, too");
    let bearer = format!("Bearer {}", renewed["access_token"].as_str().unwrap());
    assert_eq!(exchange(&bearer).status, 200);
    client.set(&json!({"oauth": {"access_token": "a", "refresh_token": "r", "account": ALI, "lower_case": true}}));
    let names = ["accessKeyId", "accessKeySecret", "securityToken"];
    assert!(Key::issued(&json(&exchange("Bearer a")), names).id.starts_with("STS."));
    let ledger = client.credentials();
    assert_eq!(
        (ledger.count("ali:uri"), ledger.count("ali:oauth-exchange"), ledger.count("ali:oauth-token")),
        (1, 5, 2)
    );
}
