//! WeCom: robots of groups.
//!
//! Sent is a `markdown` message of at most 4,096 bytes, and a robot sends at most 20 a minute
//! (<https://developer.work.weixin.qq.com/document/path/91770>). There is no signature: the address is the secret. The
//! status is 200 whatever happens: `errcode` says it.

use std::time::Duration;

use serde_json::json;

use super::cut::cut;
use super::draft::Limit;
use super::markup::{Markup, code_span, markdown};
use super::message::Message;
use super::reply::{Refusal, code, success};
use crate::http::Response;

pub(super) const LIMITS: &[Limit] = &[(20, Duration::from_secs(60))];

/// The most bytes of the text.
const MOST: usize = 4096;

pub(super) const MARKUP: Markup = Markup {
    strong: "**",
    line_break: "\n",
    bullet: "• ",
    said: markdown,
    command: |text| code_span(text, |text| text.replace('<', "＜").replace('>', "＞")),
};

pub(super) fn body(message: &Message) -> String {
    let parts = cut(message, &MARKUP, |parts| parts.joined(MARKUP.line_break).len() <= MOST);
    json!({"msgtype": "markdown", "markdown": {"content": parts.joined(MARKUP.line_break)}}).to_string()
}

pub(super) fn judge(response: &Response) -> Result<(), Refusal> {
    success(response)?;
    let (code, message) = code(response, &[["errcode", "errmsg"]])?;
    let hint = match code {
        0 => return Ok(()),
        93_000 => "check the address: it may have been revoked",
        45_009 => "at most 20 messages a minute are allowed",
        _ => "",
    };
    Err(Refusal::new(format!("errcode {code}: {message}"), hint).passing(code == -1))
}
