//! Huawei Cloud: IAM, STS, metadata, pods.

use serde_json::json;

use super::super::client::Client;
use super::super::signer::Key;
use super::*;

fn caller(client: &Client, key: &Key) -> Value {
    json(&client.signed(key, "GET", "/v5/caller-identity", ""))
}

fn password(client: &Client, password: &str, scope: Value) -> Response {
    let user = json!({"domain": {"name": "acme"}, "name": "ops", "password": password});
    let mut auth = json!({"identity": {"methods": ["password"], "password": {"user": user}}});
    auth["scope"] = scope;
    client.send("POST", "/v3/auth/tokens?nocatalog=true", &[], &json!({"auth": auth}).to_string())
}

#[test]
fn a_key_is_told_whose_it_is() {
    let client = client();
    let told = caller(&client, &hw());
    assert_eq!((&told["account_id"], &told["principal_urn"]), (&ACME.into(), &format!("iam::{ACME}:user:ops").into()));
    let told = caller(&client, &client.agency_keys());
    assert_eq!(
        (&told["account_id"], &told["principal_urn"]),
        (&HW_GUESTS.into(), &format!("sts::{HW_GUESTS}:assumed-agency:second/ops").into())
    );
    let domains = || json(&client.signed(&hw(), "GET", "/v3/auth/domains", ""))["domains"].clone();
    assert_eq!((&domains()[0]["id"], &domains()[0]["name"]), (&ACME.into(), &"acme".into()));
    client.set(&json!({"hide_domains": true}));
    assert_eq!(domains(), json!([]));
    let own = client.rest("GET", "/v5/caller-identity", "");
    assert_eq!(json(&own)["account_id"], ACME, "its own token");
}

#[test]
fn projects_are_those_of_the_account_and_region() {
    let client = client();
    let projects = |key: &Key, query: &str| {
        let listed = json(&client.signed(key, "GET", &format!("/v3/projects{query}"), ""))["projects"].clone();
        listed.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(projects(&hw(), "?name=cn-north-4"), ["p1"]);
    assert_eq!(projects(&hw(), "?name=cn-east-3"), ["e1", "e2"]);
    assert_eq!(projects(&hw(), "?name=cn-east-9"), [""; 0]);
    assert_eq!(projects(&hw(), "").len(), 3);
    assert_eq!(projects(&client.agency_keys(), "?name=cn-north-4"), ["p-guests"]);
}

#[test]
fn a_password_has_a_token_for_a_project() {
    let client = client();
    let got = password(&client, "p@ss w+rd", json!({"project": {"name": "cn-north-4"}}));
    let (token, body) = (header(&got, "x-subject-token").to_owned(), json(&got)["token"].clone());
    assert_eq!((got.status, &body["project"]["id"], &body["user"]["domain"]["id"]), (201, &"p1".into(), &ACME.into()));
    assert_eq!(body["expires_at"], "2026-11-23T05:30:00.000000Z");
    let with = |token: &str, method, target: &str| {
        client.send(method, target, &[("x-auth-token", token), ("x-subject-token", token)], "")
    };
    let validated = with(&token, "GET", "/v3/auth/tokens?nocatalog=true");
    assert_eq!(
        (validated.status, header(&validated, "x-subject-token"), &json(&validated)["token"]),
        (200, &*token, &body)
    );
    assert_eq!(json(&with(&token, "GET", "/v3/projects?name=cn-north-4"))["projects"][0]["id"], "p1");
    assert_eq!(with(&token, "PUT", "/v1/p1/flows/stop?flow_id=n").status, 200);
    let elsewhere = with(&token, "PUT", "/v1/p2/flows/stop?flow_id=n");
    assert_eq!(refusal(&elsewhere), (401, "APIGW.0301".to_owned()));
    let by_id = password(&client, "p@ss w+rd", json!({"project": {"id": "e2"}}));
    assert_eq!(json(&by_id)["token"]["project"]["name"], "cn-east-3");
    let domain = password(&client, "p@ss w+rd", json!({"domain": {"name": "acme"}}));
    assert_eq!(json(&domain)["token"]["domain"]["name"], "acme");
    for wrong in
        [password(&client, "p", Value::Null), password(&client, "p@ss w+rd", json!({"project": {"name": "mars"}}))]
    {
        assert_eq!(refusal(&wrong), (401, "Unauthorized".to_owned()));
    }
    assert_eq!(client.send("POST", "/v3/auth/tokens", &[], "no JSON").status, 400);
    let ledger = client.credentials();
    assert_eq!((ledger.issued.len(), ledger.stops.len(), ledger.stops[0].op), (3, 1, Some("hw:password")));
    assert!(!serde_json::to_string(&ledger).unwrap().contains(&token));
}

#[test]
fn an_agency_is_for_those_it_trusts() {
    let client = client();
    let good = json(&client.agency(&hw(), "second", "guests"))["credential"].clone();
    assert_eq!(good["expires_at"], "2026-11-22T05:45:00.000000Z");
    assert_eq!(client.stop_live(&Key::issued(&good, IAM_KEYS)).status, 400, "the account has no such flow");
    for (answer, code) in [
        (client.agency(&hw(), "second", "acme"), (404, "Not Found")),
        (client.agency(&hw(), "second", "nobody"), (404, "Not Found")),
        (client.agency(&hw(), "closed", "acme"), (403, "Forbidden")),
        (client.agency(&Key::new("HWNOBODY", "x"), "second", "guests"), (401, "APIGW.0301")),
    ] {
        assert_eq!(refusal(&answer), (code.0, code.1.to_owned()));
    }
    let unknown = json(&client.signed(&Key::new("HWNOBODY", "x"), "GET", "/v5/caller-identity", ""));
    let said = "Incorrect IAM authentication information: Get secretKey failed,ak:HWNOBODY,err:ak not exist";
    assert_eq!(unknown["error_msg"], said);
    let assume = |key: &Key, urn: &str, more: &Value| {
        let mut body = json!({"agency_urn": urn, "agency_session_name": "allstop-1"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client.signed(key, "POST", "/v5/agencies/assume", &body.to_string())
    };
    let (second, closed) = (format!("iam::{HW_GUESTS}:agency:second"), format!("iam::{ACME}:agency:closed"));
    let good = json(&assume(&hw(), &second, &json!({})));
    assert_eq!(good["assumed_agency"]["urn"], format!("sts::{HW_GUESTS}:assumed-agency:second/allstop-1"));
    let key = Key::issued(&good["credentials"], STS_KEYS);
    assert_eq!(caller(&client, &key)["principal_urn"], good["assumed_agency"]["urn"]);
    client.set(
        &json!({"agencies": {&second: {"trust": [ACME, HW_GUESTS], "max_duration_s": 43200, "external_id": "e"}}}),
    );
    let named = |duration: u64| json!({"external_id": "e", "duration_seconds": duration});
    assert_eq!(assume(&hw(), &second, &named(43_200)).status, 200);
    assert_eq!(assume(&key, &second, &named(3600)).status, 200);
    for (answer, code) in [
        (assume(&key, &second, &named(3601)), (400, "PAP5.0102")),
        (assume(&hw(), &second, &named(899)), (400, "PAP5.0102")),
        (assume(&hw(), &second, &json!({})), (403, "PAP5.0001")),
        (assume(&hw(), &closed, &json!({})), (403, "PAP5.0001")),
        (assume(&hw(), "second", &json!({})), (400, "PAP5.0102")),
    ] {
        assert_eq!(refusal(&answer), (code.0, code.1.to_owned()), "{}", json(&answer));
        assert!(json(&answer)["encoded_authorization_message"].is_string());
    }
}

#[test]
fn an_id_token_opens_agencies_and_is_exchanged_for_keys() {
    let client = client();
    let (urn, provider) = (format!("iam::{ACME}:agency:rrsa"), format!("iam::{ACME}:oidc-provider:cce"));
    let assume = |token: &str, provider: &str| {
        let body = json!({"agency_urn": urn, "provider_urn": provider, "agency_session_name": "s1", "id_token": token, "duration_seconds": 900});
        client.send("POST", "/v5/agencies/assume-with-oidc", &[], &body.to_string())
    };
    let good = json(&assume("good.id.token", &provider));
    let key = Key::issued(&good["credentials"], STS_KEYS);
    assert_eq!(client.stop_live(&key).status, 200);
    assert_eq!(refusal(&assume("old.id.token", &provider)), (401, "PAP5.0101".to_owned()));
    assert_eq!(refusal(&assume("x", &provider)), (401, "PAP5.0100".to_owned()));
    assert_eq!(refusal(&assume("good.id.token", "x")), (403, "PAP5.0001".to_owned()));
    let login = |idp, token: &str| {
        let body = json!({"auth": {"id_token": {"id": token}}}).to_string();
        client.send("POST", "/v3.0/OS-AUTH/id-token/tokens", &[("x-idp-id", idp)], &body)
    };
    let unscoped = login("cce", "good.id.token");
    assert_eq!(json(&unscoped)["token"]["user"]["name"], "FederationUser");
    let exchange = |token: &str| {
        let body =
            json!({"auth": {"identity": {"methods": ["token"], "token": {"id": token, "duration_seconds": 21_600}}}});
        client.send("POST", "/v3.0/OS-CREDENTIAL/securitytokens", &[], &body.to_string())
    };
    let keys = json(&exchange(header(&unscoped, "x-subject-token")))["credential"].clone();
    assert_eq!(keys["expires_at"], "2026-11-22T11:30:00.000000Z");
    assert_eq!(caller(&client, &Key::issued(&keys, IAM_KEYS))["account_id"], ACME);
    assert_eq!(exchange("x").status, 401);
    assert_eq!((login("nobody", "good.id.token").status, login("cce", "old.id.token").status), (404, 401));
    let ledger = client.credentials();
    let by = ledger.issued_by("hw:by-token").next().unwrap().by.clone();
    assert_eq!(by, Some(ledger.issued_by("hw:id-token").next().unwrap().key.clone()));
}

#[test]
fn metadata_and_pods_have_keys() {
    let client = client();
    let keys = |token: Option<&str>| {
        let headers: Vec<_> = token.map(|token| ("x-metadata-token", token)).into_iter().collect();
        client.send("GET", "/openstack/latest/securitykey", &headers, "")
    };
    let ask = || client.send("PUT", "/meta-data/latest/api/token", &[("x-metadata-token-ttl-seconds", "21600")], "");
    let token = String::from_utf8(ask().body.to_vec()).unwrap();
    let key = Key::issued(&json(&keys(Some(&token)))["credential"], IAM_KEYS);
    assert_eq!(caller(&client, &key)["principal_urn"], format!("sts::{ACME}:assumed-agency:ecs-agency/i-1"));
    assert_eq!((keys(None).status, keys(Some("x")).status), (401, 401));
    client.set(&json!({"huawei_metadata": {"agency": null, "account": ACME, "v2": false}}));
    assert_eq!(
        (ask().status, keys(None).status, keys(None).body.as_ref()),
        (404, 401, &b"Please configure Cloud Service Agency first"[..])
    );
    client.set(&json!({"huawei_metadata": {"agency": "a", "account": ACME, "v2": false}}));
    assert_eq!(keys(None).status, 200);
    client.set(&json!({"huawei_metadata": null}));
    assert_eq!(keys(None).status, 404);
    let pod = |token| client.send("POST", "/pod/v1/credentials", &[("authorization", token)], "{}");
    let got = json(&pod("pod.sa.token"))["credentials"].clone();
    let key = Key::issued(&got, ["accessKeyId", "secretAccessKey", "securityToken"]);
    assert_eq!(client.stop_live(&key).status, 200);
    assert_eq!(refusal(&pod("Bearer pod.sa.token")), (401, "Unauthorized".to_owned()));
}
