//! Rules that depend on the cloud of an account.

use serde_json::{Map, Value, json};

use super::value;
use crate::plan::format::Section;
use crate::provider::Cloud;
use crate::service::products;

/// Returns the rules of an account: keys that only one of the clouds has.
pub(super) fn rules(account: &Section) -> Map<String, Value> {
    let rules: Vec<_> = Cloud::ALL.into_iter().map(|cloud| rule(account, cloud)).collect();
    Map::from_iter([("allOf".to_owned(), rules.into())])
}

fn rule(account: &Section, cloud: Cloud) -> Value {
    let mut properties = Map::new();
    properties.insert("endpoints".into(), value::endpoints(products(cloud)));
    let foreign = account.keys.iter().filter(|key| key.only_for.is_some_and(|(only, _)| only != cloud));
    properties.extend(foreign.map(|key| (key.name.to_owned(), false.into())));
    json!({
        "if": {"properties": {"cloud": {"const": cloud.name()}}, "required": ["cloud"]},
        "then": {"properties": properties},
    })
}

/// Returns the rules of `credentials.env`: an access key's id and secret, or an auth token.
pub(super) fn credential_rules() -> Map<String, Value> {
    let key = json!({"required": ["access_key_id", "access_key_secret"], "properties": {"auth_token": false}});
    let lacking = ["access_key_id", "access_key_secret", "security_token"];
    let none: Map<_, _> = lacking.into_iter().map(|key| (key.to_owned(), Value::Bool(false))).collect();
    let token = json!({"required": ["auth_token"], "properties": none});
    Map::from_iter([("anyOf".to_owned(), json!([key, token]))])
}
