//! What would be notified, before anything is.

use std::fmt;

use serde::Serialize;

use super::chat;
use super::hook::{Hook, place};
use super::message::Message;
use crate::base::environment::Environment;
use crate::base::escape::Escaped;
use crate::plan::{Chat, Notification, Plan, When};

/// A notification of a plan, and whether it could be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotificationPreview {
    /// Its name in the plan.
    pub name: String,
    /// The key of its chat in the plan, such as `dingtalk`.
    pub chat: &'static str,
    /// When it is sent, as the plan says it.
    pub when: Vec<When>,
    /// Which variables and files have its address and its secrets.
    pub secrets: Vec<String>,
    /// What is wrong, for which a run would be refused.
    pub problem: Option<String>,
    /// What people call its chat.
    #[serde(skip)]
    pub label: &'static str,
}

impl NotificationPreview {
    /// Looks at a notification of a plan, and for its variables and files. Their values are not shown.
    #[must_use]
    pub fn of(plan: &Plan, notification: &Notification, environment: &Environment) -> Self {
        let Notification { name, chat, url, when, .. } = notification;
        let secrets = match chat {
            Chat::DingTalk { secret } | Chat::Feishu { secret } => secret.iter().collect(),
            Chat::Webhook { headers, .. } => headers.iter().map(|(_, at)| at).collect(),
            Chat::WeCom | Chat::Slack => Vec::new(),
        };
        Self {
            name: name.clone(),
            chat: chat.key(),
            when: when.clone(),
            secrets: std::iter::once(url).chain(secrets).map(place).collect(),
            problem: Hook::new(notification, &plan.path, environment).err().map(|error| error.message().to_owned()),
            label: chat.label(),
        }
    }

    /// Says in a line what it is and whether it could be sent.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { label, secrets, problem, .. } = self;
        let end = if problem.is_some() { ": `allstop run` would exit with status 2 here" } else { "" };
        format!("{label}, address and secrets from {}{end}", Escaped(&secrets.join(", ")))
    }

    /// Says in a line when it is sent.
    #[must_use]
    pub fn sent(&self) -> String {
        format!("sent {}", When::spoken(&self.when))
    }
}

/// The notifications of a plan, for people.
#[derive(Debug, Clone, Copy)]
pub struct NotificationsPreview<'a>(pub &'a [NotificationPreview]);

impl fmt::Display for NotificationsPreview<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        writeln!(f, "notifications")?;
        for one in self.0 {
            writeln!(f, "  {}: {}", Escaped(&one.name), one.line())?;
            writeln!(f, "    {}", one.sent())?;
            one.problem.iter().try_for_each(|problem| writeln!(f, "    {}", Escaped(problem)))?;
        }
        Ok(())
    }
}

impl Message {
    /// Returns the text that a chat gets, or the body of a web service.
    #[must_use]
    pub fn shown(&self, notification: &Notification) -> String {
        chat::shown(notification, self)
    }
}
