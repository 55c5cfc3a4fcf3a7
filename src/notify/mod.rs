//! Telling people of a run: messages for chats, and JSON for web services.
//!
//! A [`Message`] says what happened, without markup. A [`Hook`] is a notification of a plan with its address and its
//! secrets. A [`Notifier`] delivers messages: each chat has a file that knows its markup, its limits, its signature and its
//! responses.

mod chat;
mod cut;
mod delivery;
mod dingtalk;
mod draft;
mod error;
mod event;
mod example;
mod feishu;
mod hook;
mod markup;
mod message;
mod pace;
mod preview;
mod reply;
mod slack;
mod webhook;
mod wecom;

pub(crate) use delivery::Earlier;
pub use delivery::{Notifier, Undelivered};
pub use error::NotifyError;
pub use event::Event;
pub use hook::Hook;
pub use message::Message;
pub use preview::{NotificationPreview, NotificationsPreview};

#[cfg(test)]
mod tests;
