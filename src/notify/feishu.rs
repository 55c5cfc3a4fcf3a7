//! Feishu and Lark: custom bots of groups.
//!
//! Sent is a card whose text is `lark_md`; a request has at most 20 KB, and a bot sends at most 100 messages a minute and 5 a
//! second. With a signature, the body gets `timestamp`, in seconds, and `sign`, the base64 of the HMAC-SHA256 of nothing,
//! keyed with the timestamp, a line feed and the secret
//! (<https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>). A `code` other than 0 says no; older gateways
//! call it `StatusCode`.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;

use super::cut::{Parts, cut};
use super::draft::{Draft, Limit};
use super::hook::Hook;
use super::markup::{Markup, PLAIN, markdown};
use super::message::{Message, Tone};
use super::reply::{Refusal, code, success};
use crate::http::Response;
use crate::provider::hmac_sha256_base64;

pub(super) const LIMITS: &[Limit] = &[(5, Duration::from_secs(1)), (100, Duration::from_secs(60))];

/// The most bytes of a body.
const MOST: usize = 20_000;

pub(super) const MARKUP: Markup =
    Markup { strong: "**", line_break: "\n", bullet: "• ", said: markdown, command: markdown };

pub(super) fn draft(hook: &Hook, message: &Message, now: Timestamp) -> Draft {
    let signature = hook.sign.as_ref().map(|secret| {
        let timestamp = now.as_second().to_string();
        let sign = sign(secret.expose_secret(), &timestamp);
        (timestamp, sign)
    });
    Draft::of(body(message, signature.as_ref()))
}

/// Signs with the secret of a bot.
fn sign(secret: &str, timestamp: &str) -> String {
    hmac_sha256_base64(format!("{timestamp}\n{secret}").as_bytes(), "")
}

pub(super) fn body(message: &Message, signature: Option<&(String, String)>) -> String {
    let body = |parts: &Parts| body_of(message, parts, signature);
    body(&cut(message, &MARKUP, |parts| body(parts).len() <= MOST))
}

fn body_of(message: &Message, parts: &Parts, signature: Option<&(String, String)>) -> String {
    // The title is the head of the card.
    let title = MARKUP.strong(&message.title);
    let head = parts.head.strip_prefix(&title).unwrap_or_default().trim_start_matches('\n');
    // No card is empty.
    let head = if [head, &parts.items, &parts.tail] == ["", "", ""] { &title } else { head };
    let texts = [head, &parts.items, &parts.tail].into_iter().filter(|text| !text.is_empty());
    let elements: Vec<_> =
        texts.map(|text| json!({"tag": "div", "text": {"tag": "lark_md", "content": text}})).collect();
    let template = match message.tone {
        Tone::Good => "green",
        Tone::Bad => "red",
        Tone::Neutral => "blue",
    };
    let header = json!({"title": {"tag": "plain_text", "content": PLAIN.line(&message.title)}, "template": template});
    let card = json!({"config": {"wide_screen_mode": true}, "header": header, "elements": elements});
    let mut body = json!({"msg_type": "interactive", "card": card});
    if let Some((timestamp, sign)) = signature {
        (body["timestamp"], body["sign"]) = (timestamp.as_str().into(), sign.as_str().into());
    }
    body.to_string()
}

pub(super) fn judge(response: &Response) -> Result<(), Refusal> {
    let said = code(response, &[["code", "msg"], ["StatusCode", "StatusMessage"]]);
    // What is wrong with a request is in the body of a 400, too.
    let (code, message) = match (success(response), said) {
        (Err(refusal), Err(_) | Ok((0, _))) => {
            return Err(Refusal { wait: reset(response), ..refusal });
        }
        (Ok(()), Err(refusal)) => return Err(refusal),
        (Ok(()), Ok((0, _))) => return Ok(()),
        (_, Ok(said)) => said,
    };
    let hint = match code {
        19_001 => "check the address: it may have been revoked",
        19_021 => "check the secret of the signature, and the clock of this machine",
        19_022 => "add the address of this machine to those that the bot allows",
        19_024 => "the bot has keywords: add `allstop` to them",
        11_232 | 99_991_400 => "at most 100 messages a minute and 5 a second are allowed",
        _ => "",
    };
    let refusal = Refusal::new(format!("code {code}: {message}"), hint);
    Err(Refusal { wait: reset(response), ..refusal.passing(matches!(code, 11_232 | 99_991_400)) })
}

/// Returns how long the gateway asks to wait.
fn reset(response: &Response) -> Option<Duration> {
    response.header("x-ogw-ratelimit-reset")?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hmac.
    #[test]
    fn signatures_are_those_of_another_implementation() {
        let table = [
            ("demo", "1599360473", "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="),
            ("Yqz1demo", "1599360473", "KDvC9OY8y7EfAT8pzCVMzqZk8eXrml27iSRw1x6JtpA="),
        ];
        for (secret, timestamp, expected) in table {
            assert_eq!(sign(secret, timestamp), expected);
        }
    }
}
