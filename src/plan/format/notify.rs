//! The keys of `notify`.

use super::credentials::SECRET;
use crate::plan::key::{Form, InContext, Key, Takes, section};
use crate::plan::notification::When;
use crate::plan::template::Template;
use crate::plan::value::{TEMPLATE, words};

const PLACE: Form<InContext> = Form::in_context(|| Takes::Secret(SECRET.section()));
const URL_ABOUT: &str =
    "Where the address is that the chat shows: https, or http on this machine. It is a secret itself.";
const SIGN_ABOUT: &str = "Where the secret of the signature is. Default: requests are not signed.";

section! {
    /// A notification.
    NOTIFICATION: NotificationKeys = "notify.NAME",
        "A chat or a web service that is notified of runs: exactly one of `dingtalk`, `feishu`, `wecom`, `slack` and `webhook`.";

    dingtalk: Key<InContext> = "A custom robot in a group of DingTalk.",
        Form::in_context(|| Takes::Section(DINGTALK.section()));
    feishu: Key<InContext> = "A custom bot in a group of Feishu or Lark.",
        Form::in_context(|| Takes::Section(FEISHU.section()));
    wecom: Key<InContext> = "A robot in a group of WeCom.", Form::in_context(|| Takes::Section(WECOM.section()));
    slack: Key<InContext> = "An incoming webhook of Slack.", Form::in_context(|| Takes::Section(SLACK.section()));
    webhook: Key<InContext> = "A web service that takes JSON.",
        Form::in_context(|| Takes::Section(WEBHOOK.section()));
    when: Key<Vec<When>> =
        "When it is sent: at the `start`; at the `end`; at the end only if something is `not_stopped`; when a guard `refused` the run. Default: not_stopped and refused.",
        words(), examples(&["end"]);
}

section! {
    /// `notify.NAME.dingtalk`.
    DINGTALK: DingTalkKeys = "notify.NAME.dingtalk", "A custom robot in a group of DingTalk.";

    url: Key<InContext> = URL_ABOUT, PLACE, required(), examples(&["{env: DINGTALK_URL}"]);
    secret: Key<InContext> = SIGN_ABOUT, PLACE, examples(&["{env: DINGTALK_SECRET}"]);
}

section! {
    /// `notify.NAME.feishu`.
    FEISHU: FeishuKeys = "notify.NAME.feishu", "A custom bot in a group of Feishu or Lark.";

    url: Key<InContext> = URL_ABOUT, PLACE, required(), examples(&["{env: FEISHU_URL}"]);
    secret: Key<InContext> = SIGN_ABOUT, PLACE, examples(&["{env: FEISHU_SECRET}"]);
}

section! {
    /// `notify.NAME.wecom`.
    WECOM: WeComKeys = "notify.NAME.wecom", "A robot in a group of WeCom.";

    url: Key<InContext> = URL_ABOUT, PLACE, required(), examples(&["{env: WECOM_URL}"]);
}

section! {
    /// `notify.NAME.slack`.
    SLACK: SlackKeys = "notify.NAME.slack", "An incoming webhook of Slack.";

    url: Key<InContext> = URL_ABOUT, PLACE, required(), examples(&["{file: ~/.slack-url}"]);
}

section! {
    /// `notify.NAME.webhook`.
    WEBHOOK: WebhookKeys = "notify.NAME.webhook", "A web service that takes JSON by POST.";

    url: Key<InContext> = "Where its address is: https, or http on this machine.", PLACE, required(),
        examples(&["{env: HOOK_URL}"]);
    headers: Key<InContext> = "Its headers, by name: where the value of each is.",
        Form::in_context(|| Takes::Secrets(SECRET.section())), examples(&["{Authorization: {env: HOOK_AUTH}}"]);
    template: Key<Template> =
        "The body, with placeholders such as `{{ title }}`. Default: the result as one JSON object.",
        TEMPLATE, examples(&["{content: \"{{ text }}\"}"]);
}
