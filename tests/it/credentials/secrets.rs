//! No secret reaches an output: neither what a source starts from, nor what was issued.
//!
//! The simulator's ledger has no secrets, so somebody stands in front of the simulator and listens.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::faults::{Asking, all};
use super::ground::{Ground, Ran, side_by_side};

/// What was sent, both ways.
type Heard = Arc<Mutex<Vec<u8>>>;

/// Passes everything on to the simulator, and keeps it.
fn listen(ground: &Ground) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, simulator) = (listener.local_addr().unwrap(), ground.simulator.address());
    let heard = Heard::default();
    let all = Arc::clone(&heard);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(simulator) else { return };
            let ways = [(client.try_clone(), server.try_clone()), (Ok(server), Ok(client))];
            for (from, to) in ways {
                let (from, to, heard) = (from.unwrap(), to.unwrap(), Arc::clone(&all));
                std::thread::spawn(move || pass(from, to, &heard));
            }
        }
    });
    (format!("http://{address}"), heard)
}

fn pass(mut from: TcpStream, mut to: TcpStream, heard: &Heard) -> io::Result<()> {
    let (mut chunk, mut whole) = ([0; 16 << 10], Vec::new());
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        whole.extend_from_slice(&chunk[..length]);
        to.write_all(&chunk[..length])?;
    }
    let mut heard = heard.lock().unwrap();
    heard.extend(whole);
    heard.push(b'\n');
    to.shutdown(Shutdown::Write)
}

/// The fields and headers whose values are secret, in small letters.
const SECRET: [&str; 16] = [
    "accesskeysecret",
    "securitytoken",
    "secret",
    "secret_access_key",
    "secretaccesskey",
    "security_token",
    "x-subject-token",
    "x-auth-token",
    "x-security-token",
    "x-acs-security-token",
    "x-aliyun-ecs-metadata-token",
    "x-metadata-token",
    "authorization",
    "signature",
    "access_token",
    "refresh_token",
];

/// Finds the secrets in what was heard: values of fields of JSON, of headers and of parameters.
fn secrets(heard: &Heard) -> BTreeSet<String> {
    let heard = String::from_utf8_lossy(&heard.lock().unwrap()).into_owned();
    let is_secret = |name: &str| SECRET.contains(&name.to_ascii_lowercase().as_str());
    let quoted: Vec<_> = heard.split('"').collect();
    let fields = quoted.windows(3).filter(|three| is_secret(three[0]) && three[1].trim() == ":").map(|three| three[2]);
    let headers = heard.lines().filter_map(|line| line.split_once(": ")).filter(|(name, _)| is_secret(name));
    let headers = headers.flat_map(|(_, value)| value.split([' ', ',', '=']));
    let parameters = heard.split(['&', '?', ' ', '\n']).filter_map(|part| part.split_once('='));
    let parameters = parameters.filter(|(name, _)| is_secret(name)).map(|(_, value)| value);
    let found = fields.chain(headers).chain(parameters).map(|value| value.trim().to_owned());
    // What is as short is a word, such as `Bearer`; a key's id and a list of signed headers are no secrets.
    found.filter(|value| value.len() >= 16 && !value.contains(';') && !is_id(value)).collect()
}

/// Tells whether a text is the name of an algorithm or the id of a key.
fn is_id(text: &str) -> bool {
    let starts = ["LTAI", "STS.", "HW", "HST", "SDK-HMAC", "ACS3-HMAC"];
    starts.iter().any(|start| text.starts_with(start))
}

/// Returns every file below a directory with its text.
fn files(directory: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((
                path.display().to_string(),
                String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned(),
            ));
        }
    }
    found
}

/// Searches all that the program has written for a secret.
#[track_caller]
fn is_clean(asking: &Asking, outputs: &[(String, String)], secrets: &BTreeSet<String>) {
    for (name, text) in outputs {
        let told = secrets.iter().filter(|secret| text.contains(&**secret)).count();
        assert_eq!(told, 0, "{}: {name} has a secret: {text}", asking.operation);
        assert!(!text.contains("hush"), "{}: {name} has a secret of a source: {text}", asking.operation);
    }
}

fn whispers(asking: &Asking) {
    let limits = json!({"limits": {"rate": "8/s", "burst": 1}});
    let quiet = asking.ground(20, &limits);
    let (front, heard) = listen(&quiet);
    let ground = asking.planned(quiet.behind(front), 20, &limits);
    // Keys are renewed once, refused once, and for a moment nobody hands them out.
    ground.faults(
        &json!({"*": {"lifetime_s": 3}, asking.operation: {"lifetime_s": 3, "after": 1, "fail": 1, "status": 503}}),
    );
    let mut outputs = Vec::new();
    let mut keep = |name: &str, ran: &Ran| {
        outputs.push((format!("{name}: standard output"), ran.stdout.clone()));
        outputs.push((format!("{name}: standard error"), ran.stderr.clone()));
    };
    let check = ground.allstop(&["check", "plan.yaml", "-vv"], &asking.variables);
    keep("check", &ground.ran(check));
    let run = ["run", "plan.yaml", "--yes", "-vv", "--markdown", "m.md", "--junit", "j.xml"];
    let ran = ground.allstop(&[&run[..], &["--progress", "json", "--output", "json"]].concat(), &asking.variables);
    assert_eq!(ran.code, 0, "{}: {}", asking.operation, ran.stderr);
    keep("run", &ground.ran(ran));
    for format in ["html", "csv", "junit", "markdown"] {
        let args = ["report", "convert", "plan.report.json", "--to", format];
        keep(format, &ground.ran(ground.allstop(&args, &asking.variables)));
    }
    for args in [&["accounts", "plan.yaml", "-vv"][..], &["accounts", "plan.yaml", "--json"]] {
        let ended = ground.allstop(args, &asking.variables);
        keep("accounts", &ground.ran(ended));
    }
    // All is refused from now on.
    ground.simulator.revoke(None).unwrap();
    ground.faults(&json!({"*": {"fail": -1, "status": 403, "code": "NoPermission", "message": "You may not."}}));
    let args = ["run", "plan.yaml", "--yes", "-vv", "--progress", "plain", "--report", "second.json"];
    keep("refused", &ground.ran(ground.allstop(&args, &asking.variables)));

    let home = ground.home().display().to_string();
    outputs.extend(files(ground.env.directory()).into_iter().filter(|(name, _)| !name.starts_with(&home)));
    assert!(outputs.iter().any(|(name, _)| name.ends_with(".journal")), "{}", outputs.len());
    let secrets = secrets(&heard);
    assert!(secrets.len() >= 3, "{}: {}", asking.operation, secrets.len());
    is_clean(asking, &outputs, &secrets);
}

#[test]
fn row_13_no_output_has_a_secret() {
    all().chunks(7).for_each(|few| side_by_side(few, whispers));
}

#[test]
fn row_13_the_search_finds_what_it_is_to_find() {
    let text = "GET /?SecurityToken=0123456789abcdef0&x=1 HTTP/1.1\r\nX-Auth-Token: abcdefghijklmnopq\r\n\r\n\
        {\"credentials\": {\"secret_access_key\": \"ABCDEFGHIJKLMNOPQ\", \"access_key_id\": \"HST0123456789ABCDEF\"}}";
    let heard = Heard::new(Mutex::new(text.as_bytes().to_vec()));
    assert_eq!(
        secrets(&heard).into_iter().collect::<Vec<_>>(),
        ["0123456789abcdef0", "ABCDEFGHIJKLMNOPQ", "abcdefghijklmnopq"]
    );
    assert!(serde_json::from_str::<Value>("{}").is_ok());
}
