//! Reads `notify`: who is told of runs.

use std::path::Path;

use http::HeaderName;

use crate::plan::credential_source::SecretAt;
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{DINGTALK, FEISHU, NOTIFICATION, NotificationKeys, PLAN, SLACK, WEBHOOK, WECOM};
use crate::plan::key::{InContext, Key};
use crate::plan::notification::{Chat, Notification, When};
use crate::plan::reader::{Field, Reader};
use crate::plan::secret_text::refuse_value;
use crate::plan::suggest::quote;
use crate::plan::tree::{Content, Node};

use super::credentials::{Around, secret};

/// Reads all notifications. Their files lie next to the plan, in its `directory`.
pub(super) fn notifications(plan: &Fields<'_, '_>, directory: &Path, reader: &mut Reader<'_>) -> Vec<Notification> {
    let mut notifications = Vec::new();
    let Some(field) = PLAN.notify.field(plan, reader) else { return notifications };
    hide(field.node, false, reader);
    let around = Around { cloud: None, directory };
    let entries = reader.entries(field).unwrap_or_default();
    if entries.is_empty() && matches!(field.node.content(), Content::Mapping(_)) {
        reader
            .found
            .push(Finding::error(field.node.span, format!("{field} is empty")).hint("name a chat, or omit the key"));
    }
    for entry in entries {
        let name = entry.name();
        if name.is_empty() || name.chars().any(char::is_control) {
            let title = "a notification's name is text without control characters";
            reader.found.push(Finding::error(entry.key.span, title));
        }
        let line = line(entry.key.span.start, reader);
        notifications.extend(notification(Field { name, node: &entry.value }, line, around, reader));
    }
    notifications
}

/// Returns the number of the line at a place of the source.
fn line(at: u32, reader: &Reader<'_>) -> u32 {
    let before = reader.source.get(..at as usize).unwrap_or_default();
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}

/// Hides what may be an address or a secret wherever it does not belong. A template is shown.
fn hide(node: &Node<'_>, is_place: bool, reader: &mut Reader<'_>) {
    match node.content() {
        Content::Scalar(scalar) if is_place && !scalar.text.contains("://") => {}
        Content::Scalar(_) => reader.found.mask(node),
        Content::Sequence(items) => items.iter().for_each(|item| hide(item, is_place, reader)),
        Content::Mapping(entries) => {
            for entry in entries.iter().filter(|entry| entry.name() != WEBHOOK.template.name) {
                let is_place = ["env", "file", NOTIFICATION.when.name].contains(&entry.name());
                hide(&entry.value, is_place, reader);
            }
        }
    }
}

fn notification(field: Field<'_, '_>, line: u32, around: Around<'_>, reader: &mut Reader<'_>) -> Option<Notification> {
    const FORM: &str = "write `dingtalk: {url: {env: VARIABLE}}`, or another chat";
    if refuse_value(field, FORM, reader) {
        return None;
    }
    let owner = format!("the notification {}", quote(field.name));
    let fields = reader.fields(field, owner.clone(), NotificationKeys::NAMES)?;
    let is_one = is_one(&owner, &fields, reader);
    let mut chats = Vec::new();
    let mut read = |key: &Key<InContext>, chat: fn(Field<'_, '_>, Around<'_>, &mut Reader<'_>) -> Option<Hook>| {
        if let Some(field) = fields.get(key.name)
            && !refuse_value(field, FORM, reader)
        {
            chats.push(chat(field, around, reader));
        }
    };
    read(&NOTIFICATION.dingtalk, |field, around, reader| {
        let fields = DINGTALK.open(field, reader)?;
        let (url, secret) = signed(&DINGTALK.url, &DINGTALK.secret, &fields, around, reader);
        Some((url?, Chat::DingTalk { secret: secret? }))
    });
    read(&NOTIFICATION.feishu, |field, around, reader| {
        let fields = FEISHU.open(field, reader)?;
        let (url, secret) = signed(&FEISHU.url, &FEISHU.secret, &fields, around, reader);
        Some((url?, Chat::Feishu { secret: secret? }))
    });
    read(&NOTIFICATION.wecom, |field, around, reader| {
        let fields = WECOM.open(field, reader)?;
        Some((at(&WECOM.url, &fields, around, reader)?, Chat::WeCom))
    });
    read(&NOTIFICATION.slack, |field, around, reader| {
        let fields = SLACK.open(field, reader)?;
        Some((at(&SLACK.url, &fields, around, reader)?, Chat::Slack))
    });
    read(&NOTIFICATION.webhook, webhook);
    let when = NOTIFICATION.when.given(&fields, reader)?.unwrap_or_else(|| When::USUAL.to_vec());
    let (url, chat) = chats.pop().flatten().filter(|_| is_one)?;
    Some(Notification { name: field.name.to_owned(), line, chat, url, when })
}

/// Where the address is, and the rest of it.
type Hook = (SecretAt, Chat);

/// Tells whether exactly one chat is named; anything else is reported.
fn is_one(owner: &str, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> bool {
    let keys = &NOTIFICATION;
    let names = [&keys.dingtalk, &keys.feishu, &keys.wecom, &keys.slack, &keys.webhook].map(|key| key.name);
    let mut named: Vec<_> = names.into_iter().filter_map(|name| Some((fields.key(name)?, name))).collect();
    named.sort_unstable();
    let Some(((place, first), others)) = named.split_first() else {
        if !fields.has_mistyped() {
            let title = format!("{owner} names no chat");
            let hint = format!("name one of {}", names.map(quote).join(", "));
            reader.found.push(Finding::error(fields.place, title).hint(hint));
        }
        return false;
    };
    for (again, other) in others {
        let title = format!("{owner} has exactly one chat, not both {} and {}", quote(first), quote(other));
        let hint = "give each chat a name of its own";
        reader.found.push(Finding::error(*again, title).related(*place, "the first one").hint(hint));
    }
    others.is_empty()
}

/// Reads where a required secret is.
fn at(key: &Key<InContext>, fields: &Fields<'_, '_>, around: Around<'_>, reader: &mut Reader<'_>) -> Option<SecretAt> {
    key.field(fields, reader).and_then(|field| secret(field, around, reader))
}

/// Reads where the address is, and where the secret of the signature is, if there is one.
fn signed(
    url: &Key<InContext>,
    sign: &Key<InContext>,
    fields: &Fields<'_, '_>,
    around: Around<'_>,
    reader: &mut Reader<'_>,
) -> (Option<SecretAt>, Option<Option<SecretAt>>) {
    let url = at(url, fields, around, reader);
    let secret = match fields.get(sign.name) {
        Some(field) => secret(field, around, reader).map(Some),
        None => Some(None),
    };
    (url, secret)
}

fn webhook(field: Field<'_, '_>, around: Around<'_>, reader: &mut Reader<'_>) -> Option<Hook> {
    let fields = WEBHOOK.open(field, reader)?;
    let url = at(&WEBHOOK.url, &fields, around, reader);
    let headers = match fields.get(WEBHOOK.headers.name) {
        Some(field) => headers(field, around, reader),
        None => Some(Vec::new()),
    };
    let template = WEBHOOK.template.given(&fields, reader);
    Some((url?, Chat::Webhook { headers: headers?, template: template? }))
}

/// The headers that requests have anyway.
const OWN: [&str; 6] = ["host", "content-length", "content-type", "connection", "transfer-encoding", "user-agent"];

fn headers(field: Field<'_, '_>, around: Around<'_>, reader: &mut Reader<'_>) -> Option<Vec<(String, SecretAt)>> {
    let entries = reader.entries(field)?;
    if entries.is_empty() {
        reader.found.push(Finding::error(field.node.span, format!("{field} is empty")).hint("omit the key"));
        return None;
    }
    let read = entries.iter().map(|entry| {
        let name = entry.name();
        let value = secret(Field { name, node: &entry.value }, around, reader);
        let header = HeaderName::from_bytes(name.as_bytes());
        let title = match header {
            Ok(header) if !OWN.contains(&header.as_str()) => return Some((name.to_owned(), value?)),
            Ok(_) => format!("the header {} is set by the program", quote(name)),
            Err(_) => format!("{} is not the name of a header", quote(name)),
        };
        reader.found.push(Finding::error(entry.key.span, title));
        None
    });
    let read: Vec<_> = read.collect();
    read.into_iter().collect()
}
