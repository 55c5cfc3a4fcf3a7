//! What Temporal stores, and what workers say: no secret, and with a payload key no name of a target.

use std::time::Duration;

use allstop::simulator::Config;
use data_encoding::BASE64;
use serde_json::Value;

use crate::harness::{Pace, Site, Size, Storage, Submission, TestPlan, figures};

/// What the names of targets begin with.
const NAME: &str = "canary-of-a-target";

/// What a run leaves behind, everything that is packed in it unpacked.
struct Left {
    files: Vec<Vec<u8>>,
    histories: Vec<Vec<u8>>,
    words: String,
}

impl Left {
    /// Returns how often something is in the server's files, in the histories, and in what the workers said.
    fn hits(&self, what: &str) -> [usize; 3] {
        let count = |all: &[Vec<u8>]| {
            all.iter().map(|bytes| bytes.windows(what.len()).filter(|bytes| *bytes == what.as_bytes()).count()).sum()
        };
        [count(&self.files), count(&self.histories), self.words.matches(what).count()]
    }
}

/// Adds a text and whatever is packed in it.
fn unpack(text: &str, into: &mut Vec<Vec<u8>>) {
    into.push(text.as_bytes().to_vec());
    let Some(bytes) = BASE64.decode(text.as_bytes()).ok().filter(|_| text.len() >= 8) else { return };
    let bytes = zstd::decode_all(&*bytes).unwrap_or(bytes);
    if let Ok(value) = serde_json::from_slice(&bytes) {
        walk(&value, into);
    }
    into.push(bytes);
}

fn walk(value: &Value, into: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => unpack(text, into),
        Value::Array(values) => values.iter().for_each(|value| walk(value, into)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            into.push(name.clone().into_bytes());
            walk(value, into);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Runs a plan with two workers, of whom one leaves in the middle, and returns what that leaves behind.
fn run(size: Size, key: Option<&str>) -> Option<(Site, Left)> {
    let plan = TestPlan::of(size.of(160, 1000)).over(2).named(NAME).limited("{rate: 20/s, burst: 5}").with_tokens();
    let site = Site::with_own_server(Storage::File, &Config { speed: 40.0, ..Config::default() }, &plan)?;
    let key: Vec<String> = key
        .map(|key| {
            std::fs::write(site.path("payload.key"), key.repeat(32)).unwrap();
            ["--payload-key-file", "payload.key"].map(str::to_owned)
        })
        .into_iter()
        .flatten()
        .collect();
    let options: Vec<&str> = key.iter().map(String::as_str).collect();
    let mut workers = [0; 2].map(|_| site.worker(options.clone()));
    assert!(workers.iter().all(|worker| worker.says("serves runs", Duration::from_secs(60)).is_some()));
    let submission = Submission::start(&site, Pace::of(size), "secret", &options);
    site.cloud.wait_for_stops(60);
    let mut histories = Vec::new();
    let mut look = |args: [&str; 2]| {
        for id in ["allstop-run/secret", "allstop-run/secret/lane-0", "allstop-run/secret/lane-1"] {
            let shown = site.temporal(args.into_iter().chain(["--workflow-id", id, "--output", "json"]));
            walk(&serde_json::from_str(&shown).unwrap(), &mut histories);
        }
    };
    // The heartbeats of now, and then the open targets of a session that ends.
    look(["workflow", "describe"]);
    workers[0].terminate();
    workers[0].ended(Duration::from_secs(60));
    let done = submission.done(size);
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open), (0, 0));
    look(["workflow", "show"]);
    look(["workflow", "describe"]);
    let words = workers.iter().map(crate::harness::Process::output).collect();
    site.server.kill();
    let directory = site.server.database().parent().unwrap().to_owned();
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file()).map(|path| std::fs::read(path).unwrap()).collect();
    Some((site, Left { files, histories, words }))
}

#[test]
fn no_secret_is_stored_or_said() {
    let size = Size::of_process();
    let Some((site, left)) = run(size, None) else { return };
    let is_secret = |name: &str| !name.ends_with("_ID");
    let secrets: Vec<_> = site.keys().iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value).collect();
    let hits: Vec<_> = secrets.iter().map(|secret| left.hits(secret)).collect();
    let names = left.hits(NAME);
    figures(
        "secrets",
        format_args!(
            "{} secrets and tokens: hits in files, histories, words {hits:?}; names of targets {names:?}; {} texts in histories",
            secrets.len(),
            left.histories.len(),
        ),
    );
    assert_eq!(secrets.len(), 4);
    assert!(names[1] > 0, "what is there is found");
    assert!(hits.iter().all(|hits| *hits == [0; 3]), "{hits:?}");
}

#[test]
fn with_a_payload_key_no_target_is_named() {
    let size = Size::of_process();
    let Some((_site, left)) = run(size, Some("5f")) else { return };
    let hits = left.hits(NAME);
    figures("payload key", format_args!("names of targets: hits in files, histories, words {hits:?}"));
    assert_eq!(hits, [0; 3]);
}
