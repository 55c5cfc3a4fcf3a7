//! The keys of plans: the reader and the schema know the same.

use std::path::Path;

use allstop::plan::{Plan, Variables, format};
use allstop::schema;
use allstop::service::Kind;
use serde_json::{Value, json};

use super::base;

/// A key that nobody knows, and that is near to none.
const UNKNOWN: &str = "qqqqqqqqqq";

/// What the reader refuses under any key: no value is a list of lists.
fn nonsense() -> Value {
    json!([[]])
}

/// Returns the places of the schema's mappings, each with its place in a plan.
fn places() -> Vec<(String, String)> {
    let account = "/properties/accounts/additionalProperties";
    let mut places: Vec<_> = [
        (String::new(), String::new()),
        (account.to_owned(), "/accounts/ali".to_owned()),
        (format!("{account}/allOf/0/then/properties/endpoints"), "/accounts/ali/endpoints".to_owned()),
        (format!("{account}/allOf/1/then/properties/endpoints"), "/accounts/hw/endpoints".to_owned()),
        ("/properties/limits/properties/per_kind".to_owned(), "/limits/per_kind".to_owned()),
    ]
    .into();
    let credentials = "/$defs/credentials/anyOf/2";
    places.push((credentials.to_owned(), "/accounts/ali/credentials".to_owned()));
    for (form, account) in
        [("env", "ali"), ("metadata", "metadata"), ("oidc", "oidc"), ("role", "role"), ("password", "password")]
    {
        let place = format!("/accounts/{account}/credentials/{form}");
        places.push((format!("{credentials}/properties/{form}"), place));
    }
    let password = "/properties/password/properties/password";
    places.push((format!("{credentials}{password}"), "/accounts/password/credentials/password/password".to_owned()));
    places.push(("/properties/guards/properties/accounts".to_owned(), "/guards/accounts".to_owned()));
    for section in ["defaults", "limits", "retry", "verify", "guards", "reviewed"] {
        places.push((format!("/properties/{section}"), format!("/{section}")));
    }
    let window = "/properties/guards/properties/window";
    places.push((window.to_owned(), "/guards/window".to_owned()));
    for except in ["anyOf/0", "anyOf/1/items"] {
        places.push((format!("{window}/properties/except/{except}/anyOf/1"), "/guards/window/except/1".to_owned()));
    }
    places.push(("/properties/reviewed/properties/of".to_owned(), "/reviewed/of".to_owned()));
    places.push(("/properties/stages/items".to_owned(), "/stages/0".to_owned()));
    let notification = "/properties/notify/additionalProperties";
    places.push((notification.to_owned(), "/notify/slack".to_owned()));
    for chat in ["dingtalk", "feishu", "wecom", "slack", "webhook"] {
        let (schema, place) = (format!("{notification}/properties/{chat}"), format!("/notify/{chat}/{chat}"));
        places.push((format!("{schema}/properties/url"), format!("{place}/url")));
        if ["dingtalk", "feishu"].contains(&chat) {
            places.push((format!("{schema}/properties/secret"), format!("{place}/secret")));
        }
        if chat == "webhook" {
            let headers = format!("{schema}/properties/headers/additionalProperties");
            places.push((headers, format!("{place}/headers/Authorization")));
        }
        places.push((schema, place));
    }
    for (number, kind) in Kind::all().iter().enumerate() {
        let limits = format!("/properties/limits/properties/per_kind/properties/{kind}");
        places.push((limits, format!("/limits/per_kind/{kind}")));
        let [target, select, file] = [0, 1, 2].map(|form| {
            (
                format!("/$defs/target/anyOf/{}", 3 * number + form),
                format!("/targets/{}", Kind::all().len() * form + number),
            )
        });
        places.push((format!("{}/properties/seen", target.0), format!("{}/seen", target.1)));
        let (schema, place) = (format!("{}/properties/select/anyOf/2", select.0), format!("{}/select", select.1));
        places.push((format!("{schema}/properties/expect"), format!("{place}/expect")));
        for except in ["anyOf/0", "anyOf/1/items"] {
            places.push((format!("{schema}/properties/except/{except}"), format!("{place}/except/0")));
        }
        places.push((schema, place));
        places.extend([target, select, file]);
    }
    places
}

/// Returns a plan with a mapping at a place; what `allstop plan` writes is in no other plan.
fn with(place: &str) -> Value {
    let mut plan = base();
    plan.as_object_mut().unwrap().remove(if place.starts_with("/stages") { "targets" } else { "stages" });
    if place.starts_with("/reviewed") {
        plan["reviewed"] = json!({
            "of": {"path": "p.yaml", "sha256": "3b1f"}, "listed_at": "2026-11-25T09:00:12Z",
            "expires_at": "2026-11-25T13:00:12Z", "targets": 1, "sha256": "9c4e", "selections": [], "missing": [],
            "sealed_accounts": [], "sealed_targets": [],
        });
    }
    assert!(plan.pointer(place).is_some(), "{place}");
    plan
}

/// Returns what the reader says of a plan.
fn read(plan: &Value) -> String {
    let bytes = plan.to_string().into_bytes();
    Plan::parse(&bytes, Path::new("p.yaml"), &Variables::default())
        .map_or_else(|errors| errors.to_string(), |_| String::new())
}

/// Returns the keys that the reader names where it meets one that it does not know.
fn known_to_the_reader(place: &str) -> Vec<String> {
    let mut plan = with(place);
    plan.pointer_mut(place).unwrap()[UNKNOWN] = json!(1);
    let said = read(&plan);
    let line = said.lines().skip_while(|line| !line.contains(UNKNOWN)).find(|line| line.contains("help: "));
    let listed = line.unwrap_or_else(|| panic!("{place}: {said}")).split('`').skip(1).step_by(2);
    let mut keys: Vec<_> = listed.map(str::to_owned).collect();
    keys.sort();
    keys
}

#[test]
fn are_the_same_to_the_reader_and_the_schema() {
    let schema = schema::plan();
    for (pointer, place) in places() {
        let properties = schema.pointer(&pointer).unwrap_or_else(|| panic!("no {pointer}"))["properties"].as_object();
        assert_eq!(known_to_the_reader(&place), properties.unwrap().keys().cloned().collect::<Vec<_>>(), "{place}");
    }
}

#[test]
fn no_mapping_is_left_out_here() {
    let mut mappings = 0;
    super::each_mapping(&schema::plan(), &mut |_| mappings += 1);
    // The one of endpoints whose cloud is not known has the products of both.
    assert_eq!(mappings, places().len() + 1);
}

#[test]
fn are_all_read() {
    let schema = schema::plan();
    let mut tried = 0;
    for (pointer, place) in places() {
        for key in schema.pointer(&pointer).unwrap()["properties"].as_object().unwrap().keys() {
            let mut plan = with(&place);
            plan.pointer_mut(&place).unwrap()[key] = nonsense();
            assert!(read(&plan).contains("error: "), "{place}: nobody reads {key}");
            tried += 1;
        }
    }
    assert!(tried > 90, "only {tried} keys");
}

/// Returns the keys of the table below a heading of the plan's page, and their defaults.
fn documented(heading: &str) -> Vec<(String, String)> {
    let page = include_str!("../../../docs/plan.md");
    let section = page.split(&format!("\n{heading}\n")).nth(1).unwrap_or_else(|| panic!("no {heading}"));
    let rows = section
        .lines()
        .skip_while(|line| !line.starts_with("| key |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    rows.map(cells).map(|row| (row[1].trim_matches('`').to_owned(), row[3].clone())).collect()
}

#[test]
fn the_page_on_plans_has_all_of_them() {
    let plan = format::plan();
    for (heading, place) in [
        ("## Top level", "the plan"),
        ("## `accounts.NAME`", "accounts.NAME"),
        ("## `defaults`", "defaults"),
        ("## `limits`", "limits"),
        ("## `retry`", "retry"),
        ("## `verify`", "verify"),
        ("## `guards`", "guards"),
        ("## `targets`", "a target"),
        ("## `stages`", "stages"),
        ("### What runs: `select`", "a target with select"),
        ("### Files of targets: `from`", "a target with from"),
    ] {
        let section = plan.all().into_iter().find(|section| section.place == place).unwrap();
        let rows = documented(heading);
        let names: Vec<_> = rows.iter().map(|(name, _)| name.split_once('.').map_or(&**name, |(key, _)| key)).collect();
        assert_eq!(names, section.keys.iter().map(|key| key.name).collect::<Vec<_>>(), "{heading}");
        for (key, (_, default)) in section.keys.iter().zip(&rows) {
            assert_eq!(key.required, default == "required", "{heading} {}", key.name);
            let wanted = key.default.as_ref().map(|default| format!("`{default}`"));
            assert!(wanted.is_none_or(|wanted| default.starts_with(&wanted)), "{heading} {}: {default}", key.name);
        }
    }
}
