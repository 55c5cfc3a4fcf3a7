//! Slack: incoming webhooks.
//!
//! Sent are sections of `mrkdwn`, each of at most 3,000 characters
//! (<https://docs.slack.dev/reference/block-kit/blocks/section-block>), with `&`, `<` and `>` as entities
//! (<https://docs.slack.dev/messaging/formatting-message-text>); at most one message a second
//! (<https://docs.slack.dev/apis/web-api/rate-limits>). Only a body `ok` is a success
//! (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).

use std::time::Duration;

use serde_json::json;

use super::cut::cut;
use super::draft::Limit;
use super::markup::{Markup, PLAIN, code_span};
use super::message::Message;
use super::reply::{Refusal, success};
use crate::http::Response;

pub(super) const LIMITS: &[Limit] = &[(1, Duration::from_secs(1))];

/// The most characters of a section.
const MOST: usize = 3000;

/// All text from plans and services is in code spans.
pub(super) const MARKUP: Markup = Markup {
    strong: "*",
    line_break: "\n",
    bullet: "• ",
    said: |text| code_span(text, entities),
    command: |text| code_span(text, entities),
};

pub(super) fn body(message: &Message) -> String {
    let is_short = |text: &str| text.chars().count() <= MOST;
    let parts =
        cut(message, &MARKUP, |parts| [&parts.head, &parts.items, &parts.tail].into_iter().all(|text| is_short(text)));
    let texts = [parts.head, parts.items, parts.tail].into_iter().filter(|text| !text.is_empty());
    // Names of channels and people stay text.
    let block = |text: String| json!({"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": true}});
    let blocks: Vec<_> = texts.map(block).collect();
    // What notifications show.
    json!({"text": entities(&PLAIN.line(&message.title)), "blocks": blocks}).to_string()
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

pub(super) fn judge(response: &Response) -> Result<(), Refusal> {
    success(response)?;
    let text = String::from_utf8_lossy(&response.body);
    match text.trim() {
        "ok" => Ok(()),
        text => Err(Refusal::new(format!("the response is not `ok`: {text}"), "check the address")),
    }
}
