//! DingTalk: custom robots of groups.
//!
//! Sent is a `markdown` message of at most 20,000 bytes
//! (<https://open.dingtalk.com/document/robots/custom-robot-access>). With a signature, the address gets `timestamp`, in
//! milliseconds, and `sign`, the base64 of the HMAC-SHA256 of the timestamp, a line feed and the secret, keyed with the secret
//! (<https://open.dingtalk.com/document/robots/customize-robot-security-settings>). The status is 200 whatever happens:
//! `errcode` says it.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;

use super::cut::cut;
use super::draft::{Draft, Limit};
use super::hook::Hook;
use super::markup::{Markup, PLAIN, markdown};
use super::message::Message;
use super::reply::{Refusal, code, success};
use crate::http::Response;
use crate::provider::hmac_sha256_base64;

/// A robot that sends more is silent for some minutes.
pub(super) const LIMITS: &[Limit] = &[(20, Duration::from_secs(60))];

/// The most bytes of a body.
const MOST: usize = 20_000;

/// Single line breaks are not shown.
pub(super) const MARKUP: Markup =
    Markup { strong: "**", line_break: "\n\n", bullet: "- ", said: markdown, command: markdown };

pub(super) fn draft(hook: &Hook, message: &Message, now: Timestamp) -> Draft {
    let mut draft = Draft::of(body(message));
    if let Some(secret) = &hook.sign {
        let timestamp = now.as_millisecond().to_string();
        let sign = sign(secret.expose_secret(), &timestamp);
        draft.query = vec![("timestamp", timestamp), ("sign", sign)];
    }
    draft
}

/// Signs with the secret of a robot.
fn sign(secret: &str, timestamp: &str) -> String {
    hmac_sha256_base64(secret.as_bytes(), &format!("{timestamp}\n{secret}"))
}

pub(super) fn body(message: &Message) -> String {
    // It is what the list of chats and the notification of the phone show.
    let title = PLAIN.line(&message.title);
    let body = |text: &str| json!({"msgtype": "markdown", "markdown": {"title": title, "text": text}}).to_string();
    let parts = cut(message, &MARKUP, |parts| body(&parts.joined(MARKUP.line_break)).len() <= MOST);
    body(&parts.joined(MARKUP.line_break))
}

pub(super) fn judge(response: &Response) -> Result<(), Refusal> {
    success(response)?;
    let (code, message) = code(response, &[["errcode", "errmsg"]])?;
    let hint = match code {
        0 => return Ok(()),
        300_001 | 40_035 => "check the address: it may have been revoked",
        310_000 => "check the security settings of the robot: the secret, the keyword `allstop`, or the addresses",
        130_101 | 410_100 => "at most 20 messages a minute are allowed",
        _ => "",
    };
    // Of a robot that has sent too much, nothing is taken for minutes.
    Err(Refusal::new(format!("errcode {code}: {message}"), hint).passing(code == -1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first is published with the secret of the vendor's example; both were computed with Python's hmac.
    #[test]
    fn signatures_are_those_of_other_implementations() {
        let table = [
            ("this is secret", "1577262236757", "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="),
            ("SEC2f9b0c4d7e", "1767225600123", "sFAUDnmnMQAhbdoTdbGjXmLTADUr/ESldg8zL45U1NQ="),
        ];
        for (secret, timestamp, expected) in table {
            assert_eq!(sign(secret, timestamp), expected);
        }
    }
}
