//! What issued credentials open, for how long, and what of that is written down.

use std::time::Duration;

use serde_json::json;

use super::super::client::{DRS, ELASTICSEARCH, LIVE, id};
use super::super::signer::Key;
use super::*;

/// The stops of the other services of Alibaba Cloud.
fn stop_others(client: &Client, key: &Key) -> [Response; 2] {
    let path = "/openapi/instances/n/actions/interrupt";
    let interrupt = client.roa_of(key, "POST", ("InterruptElasticsearchTask", "2017-06-13"), (path, "clientToken=t1"));
    let path = "/openapi/ha3/instances/p1/stop-task/n";
    [interrupt, client.roa_of(key, "PUT", ("StopTask", "2021-10-25"), (path, ""))]
}

#[test]
fn issued_keys_open_until_they_expire() {
    let mut client = client();
    client.script(&json!({"ali:AssumeRole": {"lifetime_s": 3}, "hw:agency": {"lifetime_s": 3}}));
    client.set(&json!({"agencies": {format!("iam::{ACME}:agency:stopper"): {"trust": [ACME]}}}));
    let ali = client.role_keys();
    let hw = Key::issued(&json(&client.agency(&hw(), "stopper", "acme"))["credential"], IAM_KEYS);
    assert_eq!((client.stop_fnf(&ali).status, client.stop_live(&hw).status), (200, 200));
    assert!(stop_others(&client, &ali).iter().all(|answer| answer.status == 200));
    client.wait(Duration::from_millis(2_999));
    assert_eq!(client.sts(&ali, "GetCallerIdentity", &[]).status, 200);
    assert_eq!(client.credentials().late_uses(), 0);
    client.wait(Duration::from_millis(1));
    assert_eq!(refusal(&client.stop_fnf(&ali)), (403, "InvalidAccessKeyID".to_owned()));
    for answer in stop_others(&client, &ali).iter().chain([&client.sts(&ali, "GetCallerIdentity", &[])]) {
        assert_eq!(refusal(answer), (400, "InvalidSecurityToken.Expired".to_owned()));
    }
    let late = json(&client.stop_live(&hw))["error_msg"].clone();
    assert_eq!(late, "Incorrect IAM authentication information: calc ak sk signature fail:signature expired");
    let ledger = client.credentials();
    let told: Vec<_> = ledger.issued.iter().map(|one| (one.op, one.uses, one.late_uses, one.refused)).collect();
    assert_eq!(told, [("ali:AssumeRole", 8, 4, 4), ("hw:agency", 2, 1, 1)]);
    assert_eq!((ledger.late_uses(), ledger.refused()), (5, 5));
    let stops: Vec<_> = ledger.stops.iter().map(|stop| (&*stop.account_id, stop.op, &*stop.key)).collect();
    assert_eq!(stops[..2], [(ALI, Some("ali:AssumeRole"), &*ali.id), (ACME, Some("hw:agency"), &*hw.id)]);
    assert_eq!(stops.len(), 4, "none that was refused");
    client.set(&json!({"expired": "unknown"}));
    let unknown = client.sts(&ali, "GetCallerIdentity", &[]);
    assert_eq!(refusal(&unknown), (404, "InvalidAccessKeyId.NotFound".to_owned()));
}

#[test]
fn tokens_open_until_they_expire() {
    let mut client = client();
    let user = json!({"domain": {"name": "acme"}, "name": "ops", "password": "p@ss w+rd"});
    let auth = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}});
    let got = client.send("POST", "/v3/auth/tokens", &[], &auth.to_string());
    let token = header(&got, "x-subject-token").to_owned();
    let stop = |client: &Client| client.send("POST", "/v5/p1/jobs/n/stop", &[("x-auth-token", &token)], "{}");
    assert_eq!(stop(&client).status, 200);
    client.wait(Duration::from_secs(24 * 3600));
    assert_eq!(refusal(&stop(&client)), (401, "APIGW.0307".to_owned()));
    client.cloud.with_issuer(|issuer| issuer.revoke(&serde_json::from_str("{}").unwrap())).unwrap();
    let revoked = stop(&client);
    assert!(json(&revoked)["error_msg"].as_str().unwrap().ends_with("decrypt token fail"));
    assert_eq!((client.credentials().issued[0].late_uses, client.credentials().issued[0].refused), (2, 2));
}

#[test]
fn another_secret_or_token_opens_nothing() {
    let client = client();
    let keys = client.role_keys();
    for wrong in [
        Key { secret: "x".into(), ..keys.clone() },
        Key { token: Some("x".into()), ..keys.clone() },
        Key { token: None, ..keys.clone() },
        Key { token: Some("x".into()), ..ops() },
    ] {
        assert!(client.stop_fnf(&wrong).status >= 400 && client.sts(&wrong, "GetCallerIdentity", &[]).status >= 400);
    }
    let foreign = Key { token: Some("x".into()), ..keys };
    let code = "InvalidSecurityToken.MismatchWithAccessKey".to_owned();
    assert_eq!(refusal(&client.sts(&foreign, "GetCallerIdentity", &[])), (400, code));
}

#[test]
fn a_huawei_key_is_locked_after_five_refusals_in_a_row() {
    let mut client = client();
    let (good, wrong) = (hw(), Key::new("HWOPSACCESSKEY000001", "wrong"));
    for _ in 0..4 {
        assert_eq!(client.stop_live(&wrong).status, 401);
    }
    assert_eq!(client.signed(&good, "GET", "/v5/caller-identity", "").status, 200, "the row is broken");
    for _ in 0..5 {
        assert!(client.credentials().locked.is_empty());
        assert!(json(&client.stop_live(&wrong))["error_msg"].as_str().unwrap().ends_with("verify aksk signature fail"));
    }
    assert_eq!(client.credentials().locked, ["HWOPSACCESSKEY000001"]);
    let said = "Incorrect IAM authentication information: AK access failed to reach the limit,forbidden.";
    assert_eq!(json(&client.stop_live(&good))["error_msg"], said);
    assert_eq!(client.stop(&id(DRS, "p1", "n")).status, 200, "another key");
    client.wait(Duration::from_secs(299));
    assert_eq!(client.stop_live(&good).status, 401);
    client.wait(Duration::from_secs(1));
    assert_eq!(client.stop_live(&good).status, 200);
    let key = client.credentials().keys.iter().find(|key| *key.key == *good.id).cloned().unwrap();
    assert_eq!((key.account_id.as_deref(), key.uses, key.refused), (Some(ACME), 11, 9));
    let alibaba = Key::new("LTAI5tOps", "wrong");
    assert!((0..9).all(|_| refusal(&client.stop_fnf(&alibaba)).1 == "SignatureNotMatch"), "the other cloud locks none");
}

#[test]
fn the_accounts_of_the_world_are_those_of_the_resources() {
    let client = client();
    let other = Key::new("LTAI5tOther", "other-secret");
    assert_eq!(refusal(&client.stop_fnf(&other)), (404, "ExecutionNotExists".to_owned()));
    assert_eq!(client.stop_fnf(&ops()).status, 200);
    let ledger = client.credentials();
    let told: Vec<_> = ledger.stops.iter().map(|stop| (&*stop.account_id, &*stop.key, stop.op)).collect();
    assert_eq!(told, [(GUESTS, "LTAI5tOther", None), (ALI, "LTAI5tOps", None)]);
    let shown = serde_json::to_value(&ledger.stops[1]).unwrap();
    assert_eq!(
        (&shown["kind"], &shown["execution_name"], &shown["account"]),
        (&"fnf_execution".into(), &"n".into(), &0.into())
    );
    for service in [ELASTICSEARCH, LIVE] {
        let scope = if service == LIVE { "p1" } else { "" };
        assert_eq!(client.stop(&id(service, scope, "n")).status, 200, "the simulator's own keys");
    }
}

#[test]
fn equal_seeds_issue_equal_keys() {
    let keys = || {
        let client = client();
        (client.role_keys(), client.role_keys(), client.agency_keys())
    };
    let (first, second) = (keys(), keys());
    assert_eq!((&first.0.id, &first.1.secret, &first.2.token), (&second.0.id, &second.1.secret, &second.2.token));
    assert_ne!(first.0.id, first.1.id);
    assert_ne!(first.0.secret, first.1.secret);
}

#[test]
fn the_ledger_has_calls_and_no_secret() {
    let client = client();
    let (role, agency) = (client.role_keys(), client.agency_keys());
    client.sts(&role, "GetCallerIdentity", &[]);
    client.signed(&hw(), "GET", "/v3/projects?name=cn-north-4", "");
    let ledger = client.credentials();
    let calls: Vec<_> = ledger
        .log
        .iter()
        .map(|call| (call.op, call.path.as_str(), call.key.as_deref().unwrap(), call.status))
        .collect();
    assert_eq!(
        calls,
        [
            ("ali:AssumeRole", "/", "LTAI5tOps", 200),
            ("hw:agency", "/v3.0/OS-CREDENTIAL/securitytokens", "HWOPSACCESSKEY000001", 201),
            ("ali:GetCallerIdentity", "/", &*role.id, 200),
            ("hw:projects", "/v3/projects", "HWOPSACCESSKEY000001", 200),
        ]
    );
    let text = serde_json::to_string(&ledger).unwrap();
    for secret in [&role.secret, role.token.as_ref().unwrap(), &agency.secret, agency.token.as_ref().unwrap()] {
        assert!(!text.contains(secret.as_str()));
        assert!(!format!("{:?}", client.cloud).contains(secret.as_str()));
    }
    assert!(!format!("{:?}", client.cloud).contains("ops-secret"));
    assert!(text.contains("allstop-1"), "the name of the session is told");
    assert_eq!(client.ledger().requests.by_api["ali:AssumeRole"], 1);
}
