//! A headless Chromium, driven over its debugging pipe.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use allstop::environment::Environment;
use serde_json::{Value, json};

/// The names that Chromium goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1240,900",
    "--remote-debugging-pipe",
];

/// How long one response may take before the browser counts as hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// Finds Chromium on the path; `None` where there is none, which CI does not put up with.
pub(super) fn find() -> Option<PathBuf> {
    let environment = Environment::of_process();
    let path = environment.get("PATH").unwrap_or_default().to_owned();
    let found =
        std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|at| at.is_file());
    if found.is_none() {
        assert!(environment.get("CI") != Some("true"), "CI must have Chromium for the tests of the HTML report");
        eprintln!("LEFT OUT: there is no Chromium here, so the HTML report was not tried in a browser");
    }
    found
}

/// A page in a browser of its own.
pub(super) struct Page {
    browser: Child,
    commands: ChildStdin,
    answers: Receiver<Value>,
    session: Option<String>,
    sent: u64,
    /// What was said meanwhile: requests, console, exceptions.
    pub(super) events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Page {
    /// Opens a file.
    pub(super) fn open(chromium: &Path, file: &Path) -> Self {
        Self::zoned(chromium, file, "UTC")
    }

    /// Opens a file where the reader's time zone is this one.
    pub(super) fn zoned(chromium: &Path, file: &Path, zone: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The pipe is on file descriptors 3 and 4, which only a shell can move there without unsafe code.
        let mut browser = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", "sh"])
            .arg(chromium)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (commands, replies) = (browser.stdin.take().unwrap(), browser.stdout.take().unwrap());
        let (to, answers) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(replies).split(0).map_while(Result::ok) {
                let Ok(()) = to.send(serde_json::from_slice(&message).unwrap()) else { return };
            }
        });
        let mut page =
            Self { browser, commands, answers, session: None, sent: 0, events: Vec::new(), _profile: profile };
        page.attach();
        for domain in ["Network.enable", "Runtime.enable", "Log.enable", "Page.enable"] {
            page.call(domain, json!({}));
        }
        page.call("Emulation.setTimezoneOverride", json!({"timezoneId": zone}));
        page.call("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        page.until("Page.loadEventFired");
        page
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let session = self.call("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        self.session = Some(session["sessionId"].as_str().unwrap().to_owned());
    }

    /// Sends a command and returns its result.
    pub(super) fn call(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.commands.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.next();
            if answer["id"] == self.sent {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    /// Waits for an event.
    fn until(&mut self, method: &str) {
        while !self.events.iter().any(|event| event["method"] == method) {
            let event = self.next();
            self.events.push(event);
        }
    }

    fn next(&self) -> Value {
        self.answers.recv_timeout(PATIENCE).expect("the browser answers")
    }

    /// Returns what an expression comes to; promises are waited for.
    pub(super) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true, looking whenever the page changes.
    pub(super) fn wait_for(&mut self, expression: &str) {
        self.value(&format!(
            "new Promise((done) => {{
               const look = () => {{ if ({expression}) {{ observer.disconnect(); done(); }} }};
               const observer = new MutationObserver(look);
               observer.observe(document, {{subtree: true, childList: true, attributes: true, characterData: true}});
               look();
             }})"
        ));
    }

    /// Clicks in the middle of an element.
    pub(super) fn click(&mut self, selector: &str) {
        let middle = self.value(&format!(
            "(() => {{
               const element = document.querySelector({selector:?});
               element.scrollIntoView({{block: 'center'}});
               const box = element.getBoundingClientRect();
               return [box.x + box.width / 2, box.y + box.height / 2];
             }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let (x, y) = (&middle[0], &middle[1]);
            self.call(
                "Input.dispatchMouseEvent",
                json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}),
            );
        }
    }

    /// Presses a key where the focus is.
    pub(super) fn press(&mut self, key: &str, code: u32) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Types where the focus is.
    pub(super) fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
