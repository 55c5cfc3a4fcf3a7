//! Web services that take JSON: the result of the run, or a body of a template.

use http::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::cut::cut;
use super::draft::Draft;
use super::hook::Hook;
use super::markup::{Markup, PLAIN};
use super::message::Message;
use crate::base::escape::write_json_line;
use crate::plan::{Placeholder, Template};

const MARKUP: Markup = PLAIN;

pub(super) fn draft(hook: &Hook, template: Option<&Template>, message: &Message) -> Draft {
    let body = body(&hook.notification.name, template, message);
    let headers = hook.headers.iter().filter_map(|(name, value)| {
        let mut value = HeaderValue::from_str(value.expose_secret()).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
    });
    Draft { query: Vec::new(), headers: headers.collect(), body }
}

pub(super) fn body(notification: &str, template: Option<&Template>, message: &Message) -> String {
    match template {
        None => json(notification, message),
        Some(template) => template.filled(|placeholder| value(placeholder, notification, message)),
    }
}

/// Returns the body that is sent without a template.
fn json(notification: &str, message: &Message) -> String {
    let told = message.facts.told(message.event, notification, title(message), text(message));
    let mut json = Vec::new();
    // It is made of texts and numbers, and memory takes it.
    let _ = write_json_line(&mut json, &told);
    String::from_utf8_lossy(&json).trim_end().to_owned()
}

fn title(message: &Message) -> String {
    PLAIN.line(&message.title)
}

fn text(message: &Message) -> String {
    cut(message, &MARKUP, |_| true).joined(MARKUP.line_break)
}

/// Returns what stands in the place of a placeholder.
fn value(placeholder: Placeholder, notification: &str, message: &Message) -> String {
    let facts = &message.facts;
    let line = facts.line.as_deref();
    let foreign = |text: Option<&str>| match text {
        Some(text) if !text.is_empty() => escaped(&(PLAIN.said)(text)),
        Some(_) | None => String::new(),
    };
    let number = |number: Option<u64>| number.map_or_else(|| "null".to_owned(), |number| number.to_string());
    match placeholder {
        Placeholder::Event => message.event.name().to_owned(),
        Placeholder::Notification => foreign(Some(notification)),
        Placeholder::Plan => foreign(Some(&facts.plan)),
        Placeholder::RunId => foreign(Some(&facts.run_id)),
        Placeholder::Mode => facts.mode.clone(),
        Placeholder::Reason => foreign(facts.reason.as_deref()),
        Placeholder::Title => escaped(&title(message)),
        Placeholder::Text => escaped(&text(message)),
        Placeholder::Report => foreign(line.and_then(|line| line.report.as_deref())),
        Placeholder::Next => foreign(line.and_then(|line| line.next.as_deref())),
        Placeholder::ExitCode => number(line.map(|line| line.exit_code.into())),
        Placeholder::Targets => number(facts.targets),
        Placeholder::Done => number(facts.done),
        Placeholder::NotStopped => number(facts.not_stopped),
        Placeholder::DurationMs => number(line.and_then(|line| line.duration_ms)),
        Placeholder::Json => json(notification, message),
    }
}

/// Returns a text with the escapes of JSON, without its quotes.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
}
