//! A stand-in for all chats: it takes what their documentation says, and refuses everything else as they do.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use allstop::clock::{Clock, SystemClock};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use url::Url;

/// The secret of the robots that have signatures.
pub(super) const SECRET: &str = "SEChush0hush1hush2";

/// What the webhook wants to be told.
pub(super) const TOKEN: &str = "Bearer hush3hush4";

/// A stand-in that runs.
pub(super) struct Chats {
    port: u16,
    got: Arc<Mutex<Vec<(String, Value)>>>,
    /// Says that somebody waits for a response that never comes.
    hanging: Receiver<()>,
}

impl Chats {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let got: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let (hangs, hanging) = channel();
        let keeper = Arc::clone(&got);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (got, hangs) = (Arc::clone(&keeper), hangs.clone());
                // The client may hang up at any time.
                thread::spawn(move || serve(stream.unwrap(), &got, &hangs));
            }
        });
        Self { port, got, hanging }
    }

    /// Returns the address of a chat, with the secret that each has in it.
    pub(super) fn address(&self, chat: &str) -> String {
        format!("http://127.0.0.1:{}/{chat}?access_token=hush5hush6hush7", self.port)
    }

    /// Returns what a chat has shown.
    pub(super) fn shown(&self, chat: &str) -> Vec<Value> {
        let got = self.got.lock().unwrap();
        got.iter().filter(|(name, _)| name == chat).map(|(_, body)| body.clone()).collect()
    }

    /// Waits until somebody waits for a response that never comes.
    pub(super) fn wait_for_a_hang(&self) {
        self.hanging.recv().unwrap();
    }
}

fn serve(stream: TcpStream, got: &Mutex<Vec<(String, Value)>>, hangs: &Sender<()>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut headers) = (String::new(), HashMap::new());
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let url = Url::parse(&format!("http://chat{target}")).unwrap();
    let chat = url.path().trim_start_matches('/').to_owned();
    if chat == "hang" {
        hangs.send(()).unwrap();
        // Until the client hangs up.
        reader.read_to_end(&mut Vec::new())?;
        return Ok(());
    }
    let is_json = headers["content-type"] == "application/json; charset=utf-8";
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    let (status, answer) = match serde_json::from_slice::<Value>(&body) {
        Ok(body) if is_json && method == "POST" && query["access_token"] == "hush5hush6hush7" => {
            let earlier = got.lock().unwrap().iter().filter(|(name, _)| *name == chat).count();
            let (status, answer) = answer(&chat, &query, &headers, &body, earlier);
            if ["ok", "{\"errcode\":0,\"errmsg\":\"ok\"}", "{\"code\":0,\"msg\":\"success\",\"data\":{}}", "fine"]
                .contains(&&*answer)
            {
                got.lock().unwrap().push((chat, body));
            }
            (status, answer)
        }
        Ok(_) | Err(_) => ("400 Bad Request", "invalid_payload".to_owned()),
    };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}", answer.len())
}

fn answer(
    chat: &str,
    query: &HashMap<String, String>,
    headers: &HashMap<String, String>,
    body: &Value,
    earlier: usize,
) -> (&'static str, String) {
    const OK: &str = "200 OK";
    let code = |code: i64, message: &str| (OK, format!("{{\"errcode\":{code},\"errmsg\":\"{message}\"}}"));
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    match chat {
        "dingtalk" => {
            let signed = signature(SECRET, &format!("{}\n{SECRET}", query.get("timestamp").map_or("", String::as_str)));
            let is_fresh = query.get("timestamp").is_some_and(|time| is_now(time, 1000));
            match body["msgtype"] == "markdown"
                && is_text(&body["markdown"]["title"])
                && is_text(&body["markdown"]["text"])
            {
                _ if query.get("sign") != Some(&signed) || !is_fresh => {
                    code(310_000, &format!("sign not match: {SECRET}"))
                }
                _ if body.to_string().len() > 20_000 => code(40_035, "message too long, exceed 20000 bytes"),
                _ if earlier >= 20 => code(130_101, "send too fast, exceed 20 times per minute"),
                true => code(0, "ok"),
                false => code(40_035, "param error"),
            }
        }
        "feishu" => {
            let time = body["timestamp"].as_str().unwrap_or_default();
            let signed = signature(&format!("{time}\n{SECRET}"), "");
            let card = &body["card"];
            let elements = card["elements"].as_array().map_or(&[][..], Vec::as_slice);
            let is_card = card["header"]["title"]["tag"] == "plain_text"
                && is_text(&card["header"]["title"]["content"])
                && elements.iter().all(|element| {
                    element["tag"] == "div"
                        && element["text"]["tag"] == "lark_md"
                        && is_text(&element["text"]["content"])
                });
            match body["msg_type"] == "interactive" && is_card && body.to_string().len() <= 20_000 {
                _ if body["sign"] != signed.as_str() || !is_now(time, 1) => {
                    (OK, r#"{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour from current time"}"#.to_owned())
                }
                true => (OK, r#"{"code":0,"msg":"success","data":{}}"#.to_owned()),
                false => ("400 Bad Request", r#"{"code":9499,"msg":"Bad Request","data":{}}"#.to_owned()),
            }
        }
        "wecom" => match body["markdown"]["content"].as_str() {
            Some(text) if body["msgtype"] == "markdown" && text.len() <= 4096 => code(0, "ok"),
            Some(_) => code(40_058, "markdown.content exceed max length 4096"),
            None => code(93_000, "invalid webhook url"),
        },
        "slack" => {
            let blocks = body["blocks"].as_array().map_or(&[][..], Vec::as_slice);
            let fits = |block: &Value| {
                let text = block["text"]["text"].as_str().unwrap_or_default();
                block["type"] == "section"
                    && block["text"]["type"] == "mrkdwn"
                    && (1..=3000).contains(&text.chars().count())
            };
            match !blocks.is_empty() && blocks.iter().all(fits) && is_text(&body["text"]) {
                true => (OK, "ok".to_owned()),
                false => ("400 Bad Request", "invalid_blocks".to_owned()),
            }
        }
        "hook" if headers.get("authorization").map(String::as_str) == Some(TOKEN) => (OK, "fine".to_owned()),
        "revoked" if query.contains_key("sign") => code(310_000, &format!("no robot {SECRET} with hush5hush6hush7")),
        "revoked" => code(93_000, "no robot with hush5hush6hush7"),
        _ => ("403 Forbidden", format!("no {TOKEN} for hush5hush6hush7")),
    }
}

fn signature(key: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    BASE64.encode(&mac.chain_update(text).finalize().into_bytes())
}

/// Tells whether a timestamp is within one hour; `unit` is how many there are in a second.
fn is_now(timestamp: &str, unit: i64) -> bool {
    let now = SystemClock.now().as_second();
    timestamp.parse::<i64>().is_ok_and(|time| (time / unit).abs_diff(now) < 3600)
}
