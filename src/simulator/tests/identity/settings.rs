//! The world of a seed, and what can be set.

use serde_json::json;

use super::super::client::{Client, quiet};
use super::super::signer::Key;
use super::*;
use crate::provider::Cloud;

#[test]
fn the_world_of_a_seed_is_whole() {
    let client = Client::new(&quiet(), []);
    let world = client.cloud.with_issuer(|issuer| issuer.world());
    let account = |cloud, number| client.cloud.with_issuer(|issuer| issuer.account_id(cloud, number));
    for number in [0, 1] {
        let alibaba = Key::of(&client.cloud.keys.permanent(Cloud::Alibaba, number));
        let told = json(&client.sts(&alibaba, "GetCallerIdentity", &[]));
        let id = account(Cloud::Alibaba, number);
        assert_eq!((told["AccountId"].as_str(), id.len()), (Some(&*id), 16));
        let role = [
            ("RoleArn", &*format!("acs:ram::{id}:role/stopper")),
            ("RoleSessionName", "s1"),
            ("DurationSeconds", "43200"),
        ];
        assert_eq!(client.sts(&alibaba, "AssumeRole", &role).status, 200);
        let huawei = Key::of(&client.cloud.keys.permanent(Cloud::Huawei, number));
        let told = json(&client.signed(&huawei, "GET", "/v5/caller-identity", ""));
        let id = account(Cloud::Huawei, number);
        assert_eq!((told["account_id"].as_str(), id.len()), (Some(&*id), 32));
        let projects = json(&client.signed(&huawei, "GET", "/v3/projects?name=cn-north-4", ""));
        assert_eq!(projects["projects"].as_array().unwrap().len(), 1);
        assert_eq!(client.agency(&huawei, "stopper", "account-0").status, 201);
    }
    let tokens = world["id_tokens"].as_object().unwrap();
    assert!(tokens.keys().all(|token| token.split('.').count() == 3) && tokens.len() == 2);
    let password = world["passwords"]["account-0/operator"].as_str().unwrap();
    let user = json!({"domain": {"name": "account-0"}, "name": "operator", "password": password});
    let auth = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"project": {"name": "cn-north-4"}}}});
    assert_eq!(client.send("POST", "/v3/auth/tokens", &[], &auth.to_string()).status, 201);
    let another = Client::new(&super::super::super::config::Config { seed: 9, ..quiet() }, []);
    assert_ne!(another.cloud.with_issuer(|issuer| issuer.account_id(Cloud::Huawei, 0)), account(Cloud::Huawei, 0));
}

#[test]
fn parts_are_replaced_one_by_one() {
    let client = client();
    let keys = client.role_keys();
    client.set(&json!({"roles": {}}));
    assert_eq!(client.stop_fnf(&keys).status, 200, "what was issued stays");
    let role = [("RoleArn", &*stopper()), ("RoleSessionName", "s1")];
    assert_eq!(client.sts(&ops(), "AssumeRole", &role).status, 404);
    assert_eq!(client.sts(&ops(), "GetCallerIdentity", &[]).status, 200, "the users stay");
    let wrong = |parts: Value| client.cloud.with_issuer(|issuer| issuer.set(&parts)).unwrap_err().to_string();
    assert!(wrong(json!({"rolls": {}})).contains("unknown field `rolls`"));
    assert!(wrong(json!({"users": {"a": {"cloud": "mars"}}})).contains("unknown variant `mars`"));
    assert!(wrong(json!([])).contains("expected an object"));
}

#[test]
fn scripts_set_everything_over_http() {
    let client = client();
    let send = |method: &str, path: &str, body: &str| {
        let request = super::super::super::request::Request::read(
            method.parse().unwrap(),
            &format!("/_simulator/credentials{path}"),
            http::HeaderMap::new(),
            body.to_owned().into(),
        );
        super::super::super::control::respond(&request.unwrap(), &client.cloud)
    };
    client.role_keys();
    assert_eq!(json(&send("GET", "", ""))["uri"]["account"], ALI);
    assert_eq!(send("POST", "", &json!({"uri": {"account": GUESTS}}).to_string()).status, 200);
    assert_eq!(json(&send("GET", "", ""))["uri"]["account"], GUESTS);
    assert_eq!(send("POST", "/faults", "{\"ali:uri\": {\"fail\": 1}}").status, 200);
    assert_eq!(client.send("GET", "/creds/uri", &[], "").status, 500);
    assert_eq!(json(&send("POST", "/revoke", "{\"op\": \"ali:AssumeRole\"}")), json!({"revoked": 1}));
    let ledger = json(&send("GET", "/ledger", ""));
    assert_eq!((&ledger["calls"]["ali:uri"], &ledger["issued"][0]["revoked"]), (&1.into(), &true.into()));
    let before = client.cloud.now().wall;
    assert_eq!(send("POST", "/clock", "{\"offset_s\": -4000}").status, 200);
    assert!((3999..4002).contains(&(before.as_second() - client.cloud.now().wall.as_second())));
    for (path, body) in [
        ("", "{\"x\": 1}"),
        ("/faults", "{\"ali:x\": {}}"),
        ("/faults", "{\"ali:uri\": {\"mode\": \"x\"}}"),
        ("/revoke", "{\"op\": \"x\"}"),
        ("/clock", "{}"),
    ] {
        assert_eq!(send("POST", path, body).status, 400, "{path} {body}");
    }
    assert_eq!(send("POST", "/nothing", "{}").status, 404);
}
