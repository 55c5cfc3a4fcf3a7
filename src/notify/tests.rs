//! Messages, and their delivery to a transport that answers as it is told to, in a time that is paused.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, pending, ready};
use http::HeaderName;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::message::Tone;
use super::*;
use crate::base::environment::Environment;
use crate::error::ErrorClass;
use crate::http::{Response, SignedRequest};
use crate::plan::{Notification, Plan, Variables};
use crate::report::{Brief, BriefCause, ClosedAccount, OutputLine, RunMode};
use crate::transport::{Blame, SendError, Transport};

/// An answer of a chat.
#[derive(Clone)]
enum Answer {
    /// This status, this header, and this body.
    Says(u16, Option<(&'static str, &'static str)>, &'static str),
    /// No connection.
    Unreachable(&'static str),
    /// Nothing, ever.
    Hangs,
}

const OK: Answer = Answer::Says(200, None, r#"{"errcode":0,"errmsg":"ok"}"#);

/// Answers in turn, the last answer again and again.
struct Chat {
    answers: Mutex<VecDeque<Answer>>,
    sent: Mutex<Vec<(Instant, SignedRequest)>>,
}

impl Chat {
    fn new(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), sent: Mutex::default() })
    }

    fn bodies(&self) -> Vec<Value> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|(_, request)| serde_json::from_slice(&request.body).unwrap()).collect()
    }

    fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

struct Lent(Arc<Chat>);

impl Transport for Lent {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        self.0.sent.lock().unwrap().push((Instant::now(), request));
        let mut answers = self.0.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() };
        match answer {
            Answer::Says(status, header, body) => {
                let headers =
                    header.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
                ready(Ok(Response { status, headers: headers.collect(), body: body.into() })).boxed()
            }
            Answer::Unreachable(message) => {
                let (class, surely_not_sent, http_status, blame) = (ErrorClass::Network, true, None, Blame::Unknown);
                ready(Err(SendError { class, surely_not_sent, http_status, message: message.into(), blame })).boxed()
            }
            Answer::Hangs => pending().boxed(),
        }
    }
}

const SECRETS: [(&str, &str); 3] = [
    ("URL", "https://chat.example.com/robot/send?access_token=hush0hush1hush2"),
    ("SIGN", "SEChush3hush4hush5"),
    ("AUTH", "Bearer hush6hush7"),
];

fn notification(text: &str) -> Notification {
    let plan = format!(
        "version: 1\naccounts: {{a: {{cloud: huawei, region: cn-north-4}}}}\n\
         targets: [{{kind: drs_job, account: a, job_id: j}}]\nnotify: {{ops: {text}}}\n"
    );
    let plan = Plan::parse(plan.as_bytes(), Path::new("nightly.yaml"), &Variables::default()).unwrap().plan;
    plan.notify.into_iter().next().unwrap()
}

fn hook(text: &str) -> Hook {
    let environment: Environment = SECRETS.into_iter().collect();
    Hook::new(&notification(text), Path::new("nightly.yaml"), &environment).unwrap()
}

const DINGTALK: &str = "{dingtalk: {url: {env: URL}, secret: {env: SIGN}}}";
const FEISHU: &str = "{feishu: {url: {env: URL}, secret: {env: SIGN}}}";
const WECOM: &str = "{wecom: {url: {env: URL}}}";
const SLACK: &str = "{slack: {url: {env: URL}}}";
const WEBHOOK: &str = "{webhook: {url: {env: URL}, headers: {Authorization: {env: AUTH}}}}";

/// What a name may do to a chat.
const HOSTILE: &str = "@all <!channel> <@U012> <at id=all></at> @13800138000 `x` **b** [x](y)\n\u{202e}";

fn brief(causes: usize) -> Brief {
    let cause = |number: usize| BriefCause {
        count: 3,
        headline: format!("failed: denied, NoPermission: no permission for {number}."),
        ids: vec![HOSTILE.to_owned(), format!("名前-{number} (prod cn-hangzhou)")],
    };
    let mut brief = Brief::of_start("nightly_stop", "run-1", RunMode::Live, 40);
    brief.reason = Some(HOSTILE.to_owned());
    brief.verdict = "30 of 40 targets are NOT stopped.".to_owned();
    brief.counts = vec![(10, "stopped".to_owned()), (30, "failed".to_owned())];
    (brief.done, brief.open, brief.took) = (10, 30, "2 min 5 s".to_owned());
    brief.causes = (0..causes).map(cause).collect();
    brief.more_targets = 30_u64.saturating_sub(3 * causes as u64);
    brief.report = Some("/srv/nightly.report.json".to_owned());
    brief.next = Some("fix the causes, then run:".to_owned());
    brief.command = Some("allstop retry /srv/nightly.report.json".to_owned());
    brief
}

fn ended(causes: usize) -> Message {
    let line = OutputLine { exit_code: 1, mode: Some(RunMode::Live), ..OutputLine::default() };
    Message::ended(&brief(causes), line)
}

async fn deliver(chat: &Arc<Chat>, hooks: &[&str]) -> Vec<Undelivered> {
    let notifier = Notifier::with_transport(Arc::new(Lent(Arc::clone(chat))));
    let (hooks, message): (Vec<_>, _) = (hooks.iter().map(|text| hook(text)).collect(), ended(2));
    notifier.deliver(hooks.iter().map(|hook| (hook, &message))).await
}

#[tokio::test(start_paused = true)]
async fn each_chat_gets_what_its_documentation_says() {
    let feishu = Answer::Says(200, None, r#"{"code":0,"msg":"success","data":{}}"#);
    // Slack takes one message a second, and all of these have one address.
    let chat = Chat::new([OK, feishu, OK, Answer::Says(204, None, ""), Answer::Says(200, None, "ok")]);
    assert_eq!(deliver(&chat, &[DINGTALK, FEISHU, WECOM, SLACK, WEBHOOK]).await, []);
    let bodies = chat.bodies();
    assert_eq!(bodies[0]["msgtype"], "markdown");
    assert_eq!(bodies[0]["markdown"]["title"], "nightly_stop: 30 of 40 targets are NOT stopped.");
    assert!(bodies[0]["markdown"]["text"].as_str().unwrap().starts_with("**nightly_stop: 30 of 40"));
    assert_eq!(
        (&bodies[1]["msg_type"], &bodies[1]["card"]["header"]["template"]),
        (&json!("interactive"), &json!("red"))
    );
    assert!(bodies[1]["timestamp"].is_string() && bodies[1]["sign"].as_str().unwrap().ends_with('='));
    assert_eq!(bodies[1]["card"]["elements"][0]["text"]["tag"], "lark_md");
    assert_eq!((&bodies[2]["msgtype"], bodies[2]["markdown"]["content"].is_string()), (&json!("markdown"), true));
    assert_eq!(bodies[4]["blocks"][0]["text"]["verbatim"], true);
    assert_eq!(
        (&bodies[3]["event"], &bodies[3]["exit_code"], &bodies[3]["plan"]),
        (&json!("end"), &json!(1), &json!("nightly_stop"))
    );
    let sent = chat.sent.lock().unwrap();
    for (_, SignedRequest { method, headers, keeps_connection, .. }) in sent.iter() {
        assert_eq!(
            (method.as_str(), &headers["content-type"], *keeps_connection),
            ("POST", &"application/json; charset=utf-8".parse::<http::HeaderValue>().unwrap(), false)
        );
    }
    let query: Vec<_> = sent[0].1.url.query_pairs().map(|(key, _)| key.into_owned()).collect();
    assert_eq!(query, ["access_token", "timestamp", "sign"]);
    assert!(sent[0].1.url.query().unwrap().ends_with("%3D"), "base64 is percent-encoded");
    assert_eq!(sent[3].1.headers["authorization"], "Bearer hush6hush7");
}

#[tokio::test(start_paused = true)]
async fn a_200_whose_body_says_no_is_a_failure_and_is_sent_once() {
    let table = [
        (DINGTALK, r#"{"errcode":310000,"errmsg":"sign not match"}"#, "errcode 310000: sign not match"),
        (DINGTALK, r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#, "errcode 130101"),
        (DINGTALK, "<html>", "not the JSON of this chat"),
        (FEISHU, r#"{"code":19021,"msg":"sign match fail"}"#, "code 19021: sign match fail"),
        (FEISHU, r#"{"StatusCode":9499,"StatusMessage":"Bad Request"}"#, "code 9499: Bad Request"),
        (WECOM, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, "errcode 93000: invalid webhook url"),
        (WECOM, r#"{"errmsg":"ok"}"#, "not the JSON of this chat"),
        (SLACK, "no_service", "the response is not `ok`: no_service"),
    ];
    for (text, body, reason) in table {
        let chat = Chat::new([Answer::Says(200, None, body)]);
        let lost = deliver(&chat, &[text]).await;
        assert!(lost[0].to_string().contains(reason), "{lost:?}");
        assert_eq!(chat.count(), 1, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_within_the_bound() {
    let busy = |seconds| Answer::Says(429, Some(("retry-after", seconds)), "");
    let table = [
        (vec![busy("4"), OK], 2, 4, None),
        (vec![busy("60"), OK], 1, 0, Some("HTTP status 429")),
        (vec![Answer::Says(500, None, ""), Answer::Unreachable("no connection: refused"), OK], 3, 3, None),
        (vec![Answer::Says(502, None, "<html>x")], 3, 3, Some("HTTP status 502")),
        (vec![Answer::Says(404, None, "gone")], 1, 0, Some("HTTP status 404: gone; check the address")),
        (vec![Answer::Says(301, None, "")], 1, 0, Some("HTTP status 301; use the address")),
        (vec![Answer::Hangs], 3, 15, Some("no response in time")),
        (vec![Answer::Hangs, OK], 2, 6, None),
        (vec![Answer::Says(200, None, r#"{"errcode":-1,"errmsg":"system busy"}"#), OK], 2, 1, None),
    ];
    for (answers, attempts, seconds, reason) in table {
        let (chat, began) = (Chat::new(answers), Instant::now());
        let lost = deliver(&chat, &[WECOM]).await;
        assert_eq!((chat.count(), began.elapsed().as_secs()), (attempts, seconds), "{lost:?}");
        match reason {
            Some(reason) => assert!(lost[0].to_string().contains(reason), "{lost:?}"),
            None => assert_eq!(lost, []),
        }
    }
    // Feishu's gateway has a header of its own.
    let slow = Answer::Says(400, Some(("x-ogw-ratelimit-reset", "3")), r#"{"code":99991400,"msg":"limit"}"#);
    let (chat, began) = (Chat::new([slow, Answer::Says(200, None, r#"{"code":0}"#)]), Instant::now());
    assert_eq!(deliver(&chat, &[FEISHU]).await, []);
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn chats_do_not_wait_for_each_other() {
    let (chat, began) = (Chat::new([Answer::Hangs]), Instant::now());
    let lost = deliver(&chat, &[DINGTALK, FEISHU, WECOM, SLACK, WEBHOOK]).await;
    assert_eq!((lost.len(), began.elapsed()), (5, Duration::from_secs(15)));
}

/// A message at the start that hangs keeps no message of the end.
#[tokio::test(start_paused = true)]
async fn the_end_is_told_where_the_start_hangs() {
    let (chat, began) = (Chat::new([OK]), Instant::now());
    let notifier = Notifier::with_transport(Arc::new(Lent(Arc::clone(&chat))));
    let environment: Environment = SECRETS.into_iter().collect();
    let other = Notification { name: "other".to_owned(), ..notification(WECOM) };
    let other = Hook::new(&other, Path::new("nightly.yaml"), &environment).unwrap();
    let (first, message) = (Arc::new(hook(DINGTALK)), ended(1));
    let (_never, told) = tokio::sync::oneshot::channel();
    let lost =
        notifier.deliver_after(Some((told, vec![Arc::clone(&first)])), [(&*first, &message), (&other, &message)]).await;
    let at: Vec<_> = chat.sent.lock().unwrap().iter().map(|(at, _)| (*at - began).as_secs()).collect();
    assert_eq!((at, began.elapsed()), (vec![0, 5], Duration::from_secs(15)));
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(lost[0].to_string().starts_with("the notification `ops` was not sent (DingTalk, `start`)"), "{lost:?}");
}

#[tokio::test(start_paused = true)]
async fn a_chat_gets_no_more_than_it_takes() {
    let chat = Chat::new([OK]);
    let notifier = Notifier::with_transport(Arc::new(Lent(Arc::clone(&chat))));
    let (hook, message) = (hook(WECOM), ended(1));
    let mut lost = Vec::new();
    for _ in 0..21 {
        lost.extend(notifier.deliver([(&hook, &message)]).await);
    }
    assert_eq!((chat.count(), lost.len()), (20, 1));
    assert!(lost[0].to_string().starts_with("the notification `ops` was not sent (WeCom, `end`): "), "{lost:?}");
    assert!(lost[0].to_string().ends_with("takes no more messages in this minute"), "{lost:?}");
    tokio::time::advance(Duration::from_secs(50)).await;
    assert_eq!(notifier.deliver([(&hook, &message)]).await, []);
    assert_eq!(chat.count(), 21);
}

#[tokio::test(start_paused = true)]
async fn no_secret_is_in_what_is_said_of_a_failure() {
    let echoes = [
        Answer::Says(
            200,
            None,
            r#"{"errcode":1,"errmsg":"no SEChush3hush4hush5 at hush0hush1hush2 chat.example.com"}"#,
        ),
        Answer::Says(403, None, "Bearer hush6hush7 /robot/send?access_token=hush0hush1hush2"),
        Answer::Unreachable("the certificate of chat.example.com is signed by no CA"),
    ];
    for answer in echoes {
        let is_of_header = matches!(answer, Answer::Says(403, ..));
        for text in [DINGTALK, WEBHOOK].into_iter().filter(|text| *text == WEBHOOK || !is_of_header) {
            let lost = deliver(&Chat::new([answer.clone()]), &[text]).await;
            let told: String = lost.iter().map(ToString::to_string).collect();
            let shown = format!("{told} {lost:?} {:?}", hook(text));
            assert!(!shown.contains("hush") && !shown.contains("example.com"), "{shown}");
        }
    }
}

#[test]
fn an_address_is_https_or_on_this_machine() {
    let of = |address: &str| {
        let environment: Environment = [("URL", address)].into_iter().collect();
        Hook::new(&notification(SLACK), Path::new("nightly.yaml"), &environment).map(|_| ())
    };
    for address in [
        "https://hooks.example.com/T/B",
        " https://[2001:db8::1]:8443/x?y ",
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://[::1]/",
    ] {
        assert_eq!(of(address), Ok(()), "{address}");
    }
    for address in [
        "http://hush.example.com/",
        "http://169.254.169.254/hush",
        "ftp://hush",
        "hush",
        "https://hush:p@x/",
        "https://x/#hush",
        "http://2130706434.example/",
    ] {
        let error = of(address).unwrap_err();
        assert!(error.to_string().starts_with("nightly.yaml:4: notification `ops`: the address in URL "), "{error}");
        assert!(!format!("{error} {}", error.hint()).contains("hush"), "{error}");
    }
    let unset = of("").unwrap_err().to_string();
    assert_eq!(unset, "nightly.yaml:4: notification `ops`: URL, which is to hold the address, is not set");
}

/// Returns the texts of a body that the chat shows with its markup.
fn texts(body: &Value) -> Vec<&str> {
    let blocks = body["blocks"].as_array().or_else(|| body["card"]["elements"].as_array());
    let texts = blocks
        .into_iter()
        .flatten()
        .map(|block| &block["text"])
        .map(|text| text.get("content").unwrap_or(&text["text"]));
    let own = [
        &body["markdown"]["text"],
        &body["markdown"]["content"],
        &body["markdown"]["title"],
        &body["text"],
        &body["card"]["header"]["title"]["content"],
    ];
    texts.chain(own).filter_map(Value::as_str).collect()
}

fn bodies(message: &Message) -> [(&'static str, String); 4] {
    [
        ("dingtalk", dingtalk::body(message)),
        ("feishu", feishu::body(message, None)),
        ("wecom", wecom::body(message)),
        ("slack", slack::body(message)),
    ]
}

#[test]
fn a_long_message_is_cut_at_a_line_and_says_so() {
    let mut long = brief(10);
    long.causes.iter_mut().for_each(|cause| cause.headline = "名".repeat(400));
    for (name, body) in bodies(&Message::ended(&long, OutputLine::default())) {
        let body: Value = serde_json::from_str(&body).unwrap();
        let texts = texts(&body).join("\n");
        assert!(name == "dingtalk" || name == "feishu" || texts.contains("… and "), "{name}: {texts}");
        assert!(texts.contains("allstop retry /srv/nightly.report.json"), "{name} keeps the end: {texts}");
        let longest = match name {
            "wecom" => body["markdown"]["content"].as_str().unwrap().len() <= 4096,
            "slack" => body["blocks"]
                .as_array()
                .unwrap()
                .iter()
                .all(|block| block["text"]["text"].as_str().unwrap().chars().count() <= 3000),
            _ => body.to_string().len() <= 20_000,
        };
        assert!(longest, "{name}: {}", body.to_string().len());
    }
    // Whatever is in it, it fits.
    let huge = "名".repeat(100_000);
    (long.plan, long.reason, long.command) = (huge.clone(), Some(huge.clone()), Some(huge.clone()));
    (long.report, long.missing) = (Some(huge.clone()), vec![huge; 5]);
    for (name, body) in bodies(&Message::ended(&long, OutputLine::default())) {
        let body: Value = serde_json::from_str(&body).unwrap();
        let shown = texts(&body).join("\n");
        assert!(shown.contains("30 of 40 targets are NOT stopped."), "{name}");
        let most = if name == "wecom" { 4096 } else { 20_000 };
        assert!(body.to_string().len() <= most + 2000, "{name}: {}", body.to_string().len());
    }
}

#[test]
fn the_number_of_what_is_left_out_counts_targets() {
    let message = ended(4);
    let items = |most: usize| {
        super::cut::cut(&message, &super::markup::PLAIN, |parts| parts.items.lines().count() <= most).items
    };
    // 18 targets have causes that are not named at all.
    assert!(
        items(5).ends_with("… and 18 more targets with other causes: see the report") && items(5).lines().count() == 5,
        "{}",
        items(5)
    );
    assert!(
        items(3).ends_with("… and 24 more targets with other causes: see the report") && items(3).lines().count() == 3,
        "{}",
        items(3)
    );
    assert_eq!(items(1), "… and 30 more targets with other causes: see the report");
}

/// Returns the lines of a message without markup.
fn plain(message: &Message) -> Vec<String> {
    let parts = super::cut::cut(message, &super::markup::PLAIN, |_| true);
    parts.joined("\n").lines().map(ToOwned::to_owned).collect()
}

#[test]
fn what_was_not_sent_is_said_with_its_account_and_counted_once() {
    let mut one = brief(1);
    one.reason = None;
    (one.host, one.directory) = (Some("ops-1".to_owned()), Some("/srv".to_owned()));
    one.counts = vec![(3, "failed".to_owned()), (27, "not sent".to_owned())];
    (one.more_targets, one.more_closed, one.more_missing) = (0, 2, 1);
    one.closed = vec![ClosedAccount { name: "ali".into(), reason: "127.0.0.1 refused: InvalidAccessKeyId".into() }];
    let lines = plain(&Message::ended(&one, OutputLine { exit_code: 1, ..OutputLine::default() }));
    assert_eq!(lines[1], "allstop, live run run-1 on ops-1");
    assert_eq!(lines[2], "3 failed, 27 not sent");
    assert_eq!(lines[3], "- Nothing more was sent for ali: 127.0.0.1 refused: InvalidAccessKeyId");
    let more = "… and 1 more listing that failed, 2 more accounts that nothing more was sent for: see the report";
    assert_eq!(lines[5], more);
    let end = ["Next: fix the causes, then run in /srv:", "allstop retry /srv/nightly.report.json"];
    assert_eq!(lines[lines.len() - 2..], end);
}

#[test]
fn a_run_that_a_guard_refused_is_not_run_instead_of_not_stopped() {
    let mut one = brief(0);
    one.refusal = Some("guards.window is closed now: 2026-12-31 is excepted".to_owned());
    let message = Message::ended(&one, OutputLine { exit_code: 3, ..OutputLine::default() });
    let lines = plain(&message);
    assert_eq!(message.event, Event::Refused);
    assert_eq!(lines[0], "nightly_stop: not run: guards.window is closed now: 2026-12-31 is excepted.");
    assert_eq!(lines[2], "Nothing was sent to the 40 targets.");
    assert!(!lines.join("\n").contains("NOT stopped"), "{lines:?}");
    let line = OutputLine { exit_code: 3, ..OutputLine::default() };
    let early = plain(&Message::not_begun(&one, line, true, &"too many targets\nhint"));
    assert_eq!((&*early[0], &*early[2]), ("nightly_stop: not run: too many targets.", "hint"));
}

#[test]
fn hostile_names_mention_nobody_and_are_seen() {
    let mut one = brief(1);
    one.plan = HOSTILE.to_owned();
    for (name, body) in bodies(&Message::ended(&one, OutputLine::default())) {
        let body: Value = serde_json::from_str(&body).unwrap();
        for text in texts(&body) {
            assert!(!text.contains(['@', '<', '\u{202e}']), "{name}: {text}");
            assert!(name != "slack" || !text.contains("<!"), "{text}");
        }
        let all = texts(&body).join("\n");
        assert!(all.contains("＠all") && all.contains("\\n\\u{202e}"), "{name}: {all}");
        let marked =
            body["markdown"]["text"].as_str().or_else(|| body["markdown"]["content"].as_str()).unwrap_or_default();
        assert!(!marked.contains("**b**") && !marked.contains("](y"), "{name}: {marked}");
    }
}

#[test]
fn a_template_gets_every_value_and_stays_json() {
    let text = r#"{webhook: {url: {env: URL}, template: '{"title": "{{ title }}", "all": ["{{ event }}", "{{ notification }}", "{{ plan }}", "{{ run_id }}", "{{ mode }}", "{{ reason }}", "{{ report }}", "{{ next }}"], "text": "{{ text }}", "n": [{{ exit_code }}, {{ targets }}, {{ done }}, {{ not_stopped }}, {{ duration_ms }}], "json": {{ json }}}'}}"#;
    let one = notification(text);
    let line = OutputLine {
        exit_code: 1,
        mode: Some(RunMode::Live),
        duration_ms: Some(7),
        next: Some("allstop retry \"a b\"".into()),
        ..OutputLine::default()
    };
    let body: Value = serde_json::from_str(&Message::ended(&brief(1), line).shown(&one)).unwrap();
    assert_eq!(body["n"], json!([1, 40, 10, 30, 7]));
    let all: Vec<_> = body["all"].as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
    assert_eq!(all[..5], ["end", "ops", "nightly_stop", "run-1", "live"]);
    assert!(all[5].starts_with("＠all ＜!channel＞"), "{}", all[5]);
    assert_eq!(all[6..], ["", "allstop retry \"a b\""]);
    // What programs read is as it is.
    assert_eq!((&body["json"]["reason"], &body["json"]["event"]), (&json!(HOSTILE), &json!("end")));
    let started = Message::started(&brief(0), OutputLine::default()).shown(&one);
    let started: Value = serde_json::from_str(&started).unwrap();
    assert_eq!(started["n"], json!([null, 40, null, null, null]));
    assert!(started["json"].get("exit_code").is_none(), "a run that has not ended has no exit status");
}

#[test]
fn tones_follow_the_result() {
    let tone = |brief: &Brief, exit_code| Message::ended(brief, OutputLine { exit_code, ..OutputLine::default() }).tone;
    let done = Brief::of_start("p", "r", RunMode::Live, 3);
    assert_eq!((tone(&done, 0), tone(&done, 4), tone(&done, 130)), (Tone::Good, Tone::Good, Tone::Bad));
    assert_eq!(tone(&brief(0), 0), Tone::Bad);
}
