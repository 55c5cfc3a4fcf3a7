//! Who is told of a run: the key `notify` of a plan.

use serde::{Deserialize, Serialize};

use super::credential_source::SecretAt;
use super::template::Template;

/// A notification: a chat or a web service that is told of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// Its name in the plan.
    pub name: String,
    /// The line of the plan's file that has it, from 1.
    pub line: u32,
    /// What is told.
    pub chat: Chat,
    /// Where its address is.
    pub url: SecretAt,
    /// When it is told, at least one.
    pub when: Vec<When>,
}

/// What a notification goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chat {
    /// A web service that takes JSON.
    Webhook {
        /// Its headers, by name: where the value of each is.
        headers: Vec<(String, SecretAt)>,
        /// The body; `None` for the JSON line of the run.
        template: Option<Template>,
    },
    /// A custom robot of DingTalk.
    DingTalk {
        /// Where the secret of its signature is; `None` for a robot without.
        secret: Option<SecretAt>,
    },
    /// A custom bot of Feishu or Lark.
    Feishu {
        /// Where the secret of its signature is; `None` for a bot without.
        secret: Option<SecretAt>,
    },
    /// A group robot of WeCom.
    WeCom,
    /// An incoming webhook of Slack.
    Slack,
}

impl Chat {
    /// Returns its key in a plan.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::DingTalk { .. } => "dingtalk",
            Self::Feishu { .. } => "feishu",
            Self::WeCom => "wecom",
            Self::Slack => "slack",
        }
    }

    /// Returns what people call it.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::DingTalk { .. } => "DingTalk",
            Self::Feishu { .. } => "Feishu",
            Self::WeCom => "WeCom",
            Self::Slack => "Slack",
        }
    }
}

/// When a notification is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// When the first stop is about to be sent.
    Start,
    /// At the end of every run.
    End,
    /// At the end of a run that leaves something that is not stopped, or that could not begin.
    NotStopped,
    /// When a guard refused the run.
    Refused,
}

impl When {
    /// When a notification is sent whose `when` is omitted.
    pub const USUAL: [Self; 2] = [Self::NotStopped, Self::Refused];

    /// Returns how plans write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::NotStopped => "not_stopped",
            Self::Refused => "refused",
        }
    }

    /// Says when a notification is sent: `at the start and at the end`.
    #[must_use]
    pub fn spoken(all: &[Self]) -> String {
        let all: Vec<_> = all.iter().map(|when| when.means()).collect();
        all.join(" and ")
    }

    /// Says when that is.
    const fn means(self) -> &'static str {
        match self {
            Self::Start => "at the start",
            Self::End => "at the end",
            Self::NotStopped => "at the end if something is not stopped",
            Self::Refused => "when a guard refuses the run",
        }
    }
}
