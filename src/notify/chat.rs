//! What delivery needs to know of every chat.

use jiff::Timestamp;

use super::cut::cut;
use super::draft::{Draft, Limit};
use super::hook::Hook;
use super::message::Message;
use super::reply::Refusal;
use super::{dingtalk, feishu, slack, webhook, wecom};
use crate::http::Response;
use crate::plan::{Chat, Notification};

/// Returns how often messages may be sent.
pub(super) const fn limits(chat: &Chat) -> &'static [Limit] {
    match chat {
        Chat::DingTalk { .. } => dingtalk::LIMITS,
        Chat::Feishu { .. } => feishu::LIMITS,
        Chat::WeCom => wecom::LIMITS,
        Chat::Slack => slack::LIMITS,
        Chat::Webhook { .. } => &[],
    }
}

/// Makes the request with a message, signed at this moment where the chat has signatures.
pub(super) fn draft(hook: &Hook, message: &Message, now: Timestamp) -> Draft {
    match &hook.notification.chat {
        Chat::DingTalk { .. } => dingtalk::draft(hook, message, now),
        Chat::Feishu { .. } => feishu::draft(hook, message, now),
        Chat::WeCom => Draft::of(wecom::body(message)),
        Chat::Slack => Draft::of(slack::body(message)),
        Chat::Webhook { template, .. } => webhook::draft(hook, template.as_ref(), message),
    }
}

/// Says whether a response means that the message has arrived.
pub(super) fn judge(chat: &Chat, response: &Response) -> Result<(), Refusal> {
    match chat {
        Chat::DingTalk { .. } => dingtalk::judge(response),
        Chat::Feishu { .. } => feishu::judge(response),
        Chat::WeCom => wecom::judge(response),
        Chat::Slack => slack::judge(response),
        Chat::Webhook { .. } => super::reply::success(response),
    }
}

/// Returns the text that a chat gets, or the body of a web service.
pub(super) fn shown(notification: &Notification, message: &Message) -> String {
    let markup = match &notification.chat {
        Chat::DingTalk { .. } => &dingtalk::MARKUP,
        Chat::Feishu { .. } => &feishu::MARKUP,
        Chat::WeCom => &wecom::MARKUP,
        Chat::Slack => &slack::MARKUP,
        Chat::Webhook { template, .. } => return webhook::body(&notification.name, template.as_ref(), message),
    };
    cut(message, markup, |_| true).joined(markup.line_break)
}
