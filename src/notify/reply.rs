//! What a chat's response means.

use std::time::Duration;

use serde_json::Value;

use crate::http::Response;

/// A response that says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// What it says. It may repeat secrets.
    pub(super) message: String,
    /// What to do about it; may be empty.
    pub(super) hint: &'static str,
    /// Whether another attempt may succeed a moment later.
    pub(super) is_passing: bool,
    /// How long the service asks to wait.
    pub(super) wait: Option<Duration>,
}

impl Refusal {
    /// Refuses with what a response says.
    pub(super) fn new(message: impl Into<String>, hint: &'static str) -> Self {
        Self { message: message.into(), hint, is_passing: false, wait: None }
    }

    pub(super) fn passing(self, is_passing: bool) -> Self {
        Self { is_passing, ..self }
    }
}

/// Refuses a response whose status is not one of success.
pub(super) fn success(response: &Response) -> Result<(), Refusal> {
    if response.is_success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&response.body);
    let text = text.trim();
    // A page says nothing to people at a terminal.
    let text = if text.is_empty() || text.starts_with('<') { String::new() } else { format!(": {text}") };
    let hint = match response.status {
        300..=399 => "use the address that it redirects to",
        401 | 403 | 404 | 410 => "check the address: it may have been revoked",
        _ => "",
    };
    let is_passing = matches!(response.status, 408 | 425 | 429 | 500..=599);
    Err(Refusal::new(format!("HTTP status {}{text}", response.status), hint).passing(is_passing))
}

/// Reads the code and the message of a response's JSON; `keys` has the names that they may have.
pub(super) fn code(response: &Response, keys: &[[&str; 2]]) -> Result<(i64, String), Refusal> {
    let unreadable = || Refusal::new("the response is not the JSON of this chat", "check the address").passing(false);
    let body: Value = serde_json::from_slice(&response.body).map_err(|_| unreadable())?;
    let found = keys.iter().find_map(|[code, message]| Some((body.get(code)?.as_i64()?, body.get(message))));
    let (code, message) = found.ok_or_else(unreadable)?;
    Ok((code, message.and_then(Value::as_str).unwrap_or_default().to_owned()))
}
