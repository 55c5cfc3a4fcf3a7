//! Who is told of runs, as plans write it.

use super::credentials::secret;
use super::flow::{List, Mapping};
use crate::plan::notification::{Chat, Notification, When};
use crate::plan::value::Word;

/// Returns what `notify` says.
pub(super) fn notify(notifications: &[Notification]) -> Mapping {
    let mut written = Mapping::default();
    notifications.iter().for_each(|one| written.put(&one.name, notification(one)));
    written
}

fn notification(one: &Notification) -> Mapping {
    let mut chat = Mapping::default();
    chat.put("url", secret(&one.url));
    match &one.chat {
        Chat::DingTalk { secret: sign } | Chat::Feishu { secret: sign } => {
            sign.iter().for_each(|at| chat.put("secret", secret(at)));
        }
        Chat::WeCom | Chat::Slack => {}
        Chat::Webhook { headers, template } => {
            let mut places = Mapping::default();
            headers.iter().for_each(|(name, at)| places.put(name, secret(at)));
            chat.mapping("headers", &places);
            chat.text("template", template.as_ref().map(|template| template.as_str()));
        }
    }
    let mut written = Mapping::default();
    written.put(one.chat.key(), chat);
    if one.when != When::USUAL {
        written.put("when", List(one.when.iter().map(Word::word).collect()));
    }
    written
}
