//! Faults that are scripted, and revocations.

use std::time::Duration;

use serde_json::json;

use super::super::super::response::Ending;
use super::*;

fn assume(client: &Client) -> Response {
    let role = [("RoleArn", &*stopper()), ("RoleSessionName", "s1")];
    client.sts(&ops(), "AssumeRole", &role)
}

#[test]
fn so_many_calls_fail_after_so_many() {
    let client = client();
    client.script(&json!({"ali:AssumeRole": {"after": 1, "fail": 2, "status": 503, "code": "ServiceUnavailable"}}));
    let statuses: Vec<_> = (0..5).map(|_| assume(&client).status).collect();
    assert_eq!(statuses, [200, 503, 503, 200, 200]);
    client.script(&json!({"ali:AssumeRole": {"fail": -1, "status": 403, "code": "NoPermission", "message": "no"}}));
    assert!((0..9).all(|_| refusal(&assume(&client)) == (403, "NoPermission".to_owned())));
    let ledger = client.credentials();
    assert_eq!((ledger.count("ali:AssumeRole"), ledger.issued.len()), (14, 3));
    assert_eq!(ledger.log[1].code.as_deref(), Some("ServiceUnavailable"));
    client.script(&json!({"ali:AssumeRole": {}}));
    assert_eq!(assume(&client).status, 200);
}

#[test]
fn what_comes_instead_can_be_anything() {
    let client = client();
    let mode = |mode: &str| {
        client.script(&json!({"*": {"fail": 1, "mode": mode}}));
        assume(&client)
    };
    assert!(serde_json::from_slice::<Value>(&mode("garbage").body).is_err());
    assert_eq!(mode("html").content_type, "text/html");
    assert_eq!((mode("empty").body.len(), mode("empty").status), (0, 200));
    assert_eq!(json(&mode("nokeys")), json!({"Code": "Success"}));
    assert_eq!(mode("reset").ending, Ending::Reset);
    let hang = mode("hang");
    assert!(hang.ending == Ending::Reset && hang.delay >= Duration::from_secs(600));
    assert_eq!(client.credentials().issued.len(), 0);
    assert_eq!((mode("truncated").ending, client.credentials().issued.len()), (Ending::Cut, 1));
    let past = mode("past");
    assert_eq!(json(&past)["Credentials"]["Expiration"], "2026-11-22T05:29:00Z");
    let over = super::super::signer::Key::issued(&json(&past)["Credentials"], ALI_KEYS);
    assert_eq!((client.stop_fnf(&over).status, client.credentials().late_uses()), (403, 1));
    client.script(&json!({"*": {"delay_ms": 250}}));
    assert_eq!(assume(&client).delay, Duration::from_millis(250));
}

#[test]
fn refusals_are_in_each_services_envelope() {
    let client = client();
    client.script(&json!({"*": {"fail": -1, "status": 429, "code": "Busy", "message": "later"}}));
    let text = client.send("PUT", "/latest/api/token", &[], "");
    assert_eq!((text.status, text.body.as_ref()), (429, &b"later"[..]));
    for (answer, body) in [
        (client.send("POST", "/v1/exchange", &[], ""), ("error", json!("Busy"))),
        (client.send("GET", "/creds/uri", &[], ""), ("Code", json!("Busy"))),
        (
            client.send("POST", "/pod/v1/credentials", &[], ""),
            ("error", json!({"code": 429, "message": "later", "title": "Busy"})),
        ),
    ] {
        assert_eq!((answer.status, &json(&answer)[body.0]), (429, &body.1));
    }
    client.script(&json!({"hw:pod": {"fail": 1, "status": 429, "code": "APIGW.0308"}}));
    let gateway = client.send("POST", "/pod/v1/credentials", &[], "");
    assert_eq!(json(&gateway)["error_code"], "APIGW.0308");
}

#[test]
fn a_wrong_signature_is_refused_before_anything_is_made_to_fail() {
    let client = client();
    client.script(&json!({"ali:GetCallerIdentity": {"fail": 1, "mode": "html"}}));
    let wrong = super::super::signer::Key::new("LTAI5tOps", "x");
    assert_eq!(client.sts(&wrong, "GetCallerIdentity", &[]).status, 400);
    assert_eq!(client.sts(&ops(), "GetCallerIdentity", &[]).content_type, "text/html");
    assert_eq!(client.sts(&ops(), "GetCallerIdentity", &[]).status, 200);
    assert_eq!(client.ledger().requests.bad_auth, 1);
}

#[test]
fn what_is_revoked_opens_nothing() {
    let client = client();
    let revoke = |what: Value| client.cloud.with_issuer(|issuer| issuer.revoke(&serde_json::from_value(what).unwrap()));
    let (first, second, agency) = (client.role_keys(), client.role_keys(), client.agency_keys());
    assert_eq!(revoke(json!({"key": first.id})), Ok(1));
    assert_eq!((client.stop_fnf(&first).status, client.stop_fnf(&second).status), (403, 200));
    assert_eq!(revoke(json!({"op": "ali:AssumeRole"})), Ok(1));
    let refused = client.sts(&second, "GetCallerIdentity", &[]);
    assert_eq!(refusal(&refused), (404, "InvalidAccessKeyId.NotFound".to_owned()));
    assert_eq!(client.signed(&agency, "GET", "/v5/caller-identity", "").status, 200);
    assert_eq!(revoke(json!({})), Ok(1));
    assert_eq!(client.signed(&agency, "GET", "/v5/caller-identity", "").status, 401);
    assert_eq!(revoke(json!({"key": "LTAI5tOps"})), Ok(1));
    assert_eq!(assume(&client).status, 404);
    assert!(revoke(json!({"op": "ali:Nothing"})).is_err());
    let ledger = client.credentials();
    assert!(ledger.issued.iter().all(|issued| issued.revoked && issued.refused == 1));
}
