//! Single values: text, numbers, flags, durations and the like.

use serde_json::{Map, Value, json};

use crate::http::Product;
use crate::plan::format::Fit;
use crate::provider::{Cloud, METADATA};
use crate::service::{Shape, products};

/// What a value with a variable in it matches.
const VARIABLE: &str = r"\$\{";
/// Characters that no name has.
const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f";
/// A day.
const DAY: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
/// The units of durations.
const UNITS: &str = "nanoseconds?|nanos?|nsecs?|ns|microseconds?|micros?|usecs?|µs|us|milliseconds?|millis?|msecs?|ms\
    |seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w";

/// Returns the schema of a mapping with these keys: the name of each, its schema, and whether it is required.
pub(super) fn of_keys(about: &str, keys: impl Iterator<Item = (&'static str, Value, bool)>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, schema, is_required) in keys {
        properties.insert(name.to_owned(), schema);
        if is_required {
            required.push(name);
        }
    }
    json!({
        "description": about,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Returns the schema of a parameter's value; identifying ones are names.
pub(super) fn param(shape: Shape, identifying: bool) -> Value {
    match shape {
        Shape::Flag => flag(),
        Shape::Text { max_chars, ascii } => {
            let chars = match (ascii, identifying) {
                (true, _) => r"\u0020-\u007e".to_owned(),
                (false, true) => format!("^{CONTROL}"),
                (false, false) => r"\s\S".to_owned(),
            };
            let mut schema = text(&format!("^[{chars}]{{1,{max_chars}}}$|{VARIABLE}"));
            if identifying {
                schema["not"] = json!({"enum": [".", ".."]});
            }
            schema
        }
    }
}

/// Returns the schema of labels.
pub(super) fn labels() -> Value {
    json!({
        "description": "Texts by names of your choice.",
        "type": "object",
        "propertyNames": {"pattern": format!("^[^{CONTROL}]+$")},
        "additionalProperties": name(),
        "examples": [{"team": "data"}],
    })
}

/// Returns the schema of a pattern, or a list of them.
pub(super) fn globs() -> Value {
    one_or_more(&name())
}

/// Returns the schema of patterns by the keys of tags.
pub(super) fn tags() -> Value {
    json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": format!("^[^{CONTROL}]+$")},
        "additionalProperties": globs(),
    })
}

/// Returns the schema of a value, or of a list of at least one.
pub(super) fn one_or_more(one: &Value) -> Value {
    json!({"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]})
}

/// Returns the schema of last days by patterns.
pub(super) fn until() -> Value {
    json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": format!("^[^{CONTROL}]+$")},
        "additionalProperties": string(&format!("^{DAY}$|{VARIABLE}"), "write a day such as 2026-12-31"),
    })
}

/// Returns the schema of a day, or of a span of days or moments.
pub(super) fn exception() -> Value {
    let moment = format!(r"{DAY}[Tt ][0-9:.,]+([Zz]|[+-][0-9:]+)");
    string(
        &format!(r"^{DAY}(\s*\.\.\s*{DAY})?$|^{moment}\s*\.\.\s*{moment}$|{VARIABLE}"),
        "write a day such as 2026-12-25, or a span such as 2026-12-24..2027-01-02",
    )
}

pub(super) fn moment() -> Value {
    let date = "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}";
    string(
        &format!(r"^{date}([.,][0-9]+)?([Zz]|[+-][0-9:]+)$|{VARIABLE}"),
        "write a moment with a zone, such as 2026-11-22T03:12:00Z",
    )
}

/// Returns the schema of base URLs by the names of these clouds' endpoints.
pub(super) fn endpoints(clouds: &[Cloud]) -> Value {
    let loopback = r"127\.[0-9]+\.[0-9]+\.[0-9]+|\[[0-9a-f:]*1\]|localhost";
    let adjacent =
        &format!(r"({loopback}|169\.254\.[0-9]+\.[0-9]+|100\.100\.100\.200|\[[Ff][Ee][89ABab][0-9A-Fa-f:]*\])");
    let port = "(:[0-9]{1,5})?/?$";
    let host = r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])";
    let url = |name: &'static str, pattern: String, message| {
        let mut url = string(&format!("{pattern}|{VARIABLE}"), message);
        url["description"] = format!("The base URL of {name}.").into();
        url["examples"] = json!(["http://127.0.0.1:18080"]);
        (name, url, false)
    };
    let product = |product: &'static Product| {
        let pattern = format!("^https://{host}{port}|^http://({loopback}){port}");
        let message = "write https://host or https://host:port; plain http goes to this machine only";
        url(product.name, pattern, message)
    };
    let of_credentials = |name: &&'static str| match *name {
        METADATA => {
            let pattern = format!("^(https?://)?{adjacent}{port}");
            url(name, pattern, "write http://host or http://host:port of this machine, or of a link-local address")
        }
        name => {
            let label = "[A-Za-z0-9_-]+";
            let bare = format!(
                r"(?=.*[A-Za-z]){label}(\.{label})+|localhost|([0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}|\[[0-9A-Fa-f:.]+\]"
            );
            let pattern = format!("^https://{host}{port}|^({bare}){port}|^http://{adjacent}{port}");
            url(name, pattern, "write https://host or https://host:port; plain http goes to link-local addresses only")
        }
    };
    let mut endpoints = Vec::new();
    for cloud in clouds {
        endpoints.extend(products(*cloud).into_iter().map(product));
        endpoints.extend(cloud.credential_endpoints().iter().map(of_credentials));
    }
    of_keys("Base URLs by product, and by what gives credentials out.", endpoints.into_iter())
}

/// Returns the schema of the id of an account; of any cloud if that is not known.
pub(super) fn account_id(cloud: Option<Cloud>) -> Value {
    let (number, hex) = ("^[0-9]{1,20}$", "^[0-9A-Fa-f]{32}$");
    match cloud {
        Some(Cloud::Alibaba) => number_or(number),
        Some(Cloud::Huawei) => {
            string(&format!("{hex}|{VARIABLE}"), "write the 32 hexadecimal digits of the account in quotes")
        }
        None => number_or(&format!("{number}|{hex}")),
    }
}

fn number_or(pattern: &str) -> Value {
    json!({"type": ["string", "integer"], "minimum": 0, "pattern": format!("{pattern}|{VARIABLE}")})
}

/// Returns the schema of a URL.
pub(super) fn url() -> Value {
    string(&format!(r"^https?://\S+$|{VARIABLE}"), "write https://host/path")
}

/// Returns the pattern of the name of a header.
pub(super) const fn header_name() -> &'static str {
    "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
}

/// Returns the schema of a program with its arguments.
pub(super) fn command() -> Value {
    let words = json!({"type": "array", "minItems": 1, "items": wording(), "prefixItems": [name()]});
    json!({"anyOf": [text(r"\S"), words]})
}

/// Returns the schema of text of a certain form.
pub(super) fn fitting(fit: &Fit) -> Value {
    let mut schema = text(&format!("{}|{VARIABLE}", fit.pattern));
    schema["patternErrorMessage"] = format!("write {}", fit.words).into();
    schema
}

/// Returns the schema of a duration, or of `0s`.
pub(super) fn wait() -> Value {
    string(
        &format!(r"^([0-9]+(\.[0-9]+)?\s*({UNITS})(\s*,\s*|\s*))+$|{VARIABLE}"),
        "write a duration such as 30s or 2m, or 0s",
    )
}

/// Returns the schema of text, which YAML's numbers and flags are too where nothing else is expected.
fn text(pattern: &str) -> Value {
    json!({"type": ["string", "number", "boolean"], "pattern": pattern})
}

/// Returns the schema of text of a certain form; editors show the message where it has another.
fn string(pattern: &str, message: &str) -> Value {
    json!({"type": "string", "pattern": pattern, "patternErrorMessage": message})
}

/// Returns the schema of text that names something.
pub(super) fn name() -> Value {
    text(&format!("^[^{CONTROL}]+$"))
}

pub(super) fn flag() -> Value {
    json!({"anyOf": [{"type": "boolean"}, variable()]})
}

pub(super) fn count(from: u64, to: u64) -> Value {
    json!({"anyOf": [{"type": "integer", "minimum": from, "maximum": to}, variable()]})
}

pub(super) fn rate() -> Value {
    string(&format!(r"^\s*0*[1-9][0-9]*\s*/\s*(s|min|h)\s*$|{VARIABLE}"), "write a rate such as 50/s, 80/min or 200/h")
}

pub(super) fn time_of_day() -> Value {
    string(&format!("^([01][0-9]|2[0-3]):[0-5][0-9]$|{VARIABLE}"), "write a time of day such as 20:00")
}

/// Returns the schema of any text.
pub(super) fn wording() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

/// Returns the schema of a list of words in a cyclic order, or of ranges of them.
pub(super) fn cycle(words: &[&str]) -> Value {
    let one = format!("({})", words.join("|"));
    let range = json!({"type": "string", "pattern": format!("^{one}-{one}$")});
    json!({"type": "array", "minItems": 1, "items": {"anyOf": [{"enum": words}, range, variable()]}})
}

pub(super) fn host_word() -> Value {
    json!({
        "type": ["string", "integer", "boolean"],
        "pattern": format!("^[A-Za-z0-9_-]+$|{VARIABLE}"),
        "patternErrorMessage": "letters, digits, - and _ only",
    })
}

pub(super) fn duration() -> Value {
    string(
        &format!(r"^(?=.*[1-9])([0-9]+(\.[0-9]+)?\s*({UNITS})(\s*,\s*|\s*))+$|{VARIABLE}"),
        "write a duration such as 200ms, 30s, 10m, 2h, 1h30m or 1d",
    )
}

/// Returns the schema of a pause: a duration, or `ask`.
pub(super) fn pause() -> Value {
    json!({"anyOf": [{"enum": ["ask"]}, duration()]})
}

/// Returns the schema of the name of an environment variable, which a key itself does not match.
pub(super) fn variable_name() -> Value {
    let key = r"^(?=.*[0-9])(?=.*[a-z])[A-Za-z0-9]{16,}$";
    json!({
        "type": ["string", "boolean"],
        "pattern": format!("^[A-Za-z_][A-Za-z0-9_]*$|{VARIABLE}"),
        "patternErrorMessage": "the name of an environment variable, never a key itself",
        "not": {"type": "string", "pattern": key},
    })
}

pub(super) fn word(words: &[&str]) -> Value {
    json!({"anyOf": [{"enum": words}, variable()]})
}

pub(super) fn failures() -> Value {
    let count = json!({"type": "integer", "minimum": 1});
    let percent = r"(100(\.0{1,2})?|0*[0-9]{1,2}(\.[0-9]{1,2})?)%";
    let pattern = format!("^(?=.*[1-9])([0-9]+|{percent})$|{VARIABLE}");
    json!({"anyOf": [count, string(&pattern, "write a count such as 3, or a percentage such as 10%")]})
}

/// Returns the schema of text with a variable, whose value is not known before the plan is read.
pub(super) fn variable() -> Value {
    json!({"type": "string", "pattern": VARIABLE})
}
