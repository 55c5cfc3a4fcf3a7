//! A service that repeats the request in its responses: no secret reaches an output of the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use data_encoding::{BASE64, HEXLOWER, HEXUPPER};

use crate::environment::{Ended, TestEnvironment};

const SECRET: &str = "Zq3kVb9xTuR7w2Yd8LmQpA5sNe";
const TOKEN: &str = "CAISzgJ1q6Ft5B2yfSjIr5fEJd3nmpl79ai+a0/ih3MbYeZV3Zf9rTz2IHpIeHhpBOEWtfw0mWlW6Pgblq53RY8==";

/// What a service may make of a text that it repeats.
const FORMS: [fn(&str) -> String; 8] = [
    str::to_owned,
    percent,
    |text| percent(&percent(text)),
    |text| BASE64.encode(text.as_bytes()),
    |text| HEXLOWER.encode(text.as_bytes()),
    |text| HEXUPPER.encode(text.as_bytes()),
    |text| text.replace('/', "\\/").replace('+', "\\u002b"),
    |text| text.replace('+', "&#43;").replace('/', "&#x2F;").replace('=', "&equals;"),
];

fn percent(text: &str) -> String {
    text.replace('%', "%25").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// The signatures that came in, as they stand for.
type Seen = Arc<Mutex<Vec<String>>>;

/// Serves until the test ends: each response repeats the request's token and signature in the form that the request
/// names, in every field.
fn serve(seen: &Seen) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::clone(seen);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || answer_all(stream, &seen));
        }
    });
    port
}

fn answer_all(stream: TcpStream, seen: &Seen) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let lower = head.to_ascii_lowercase();
        let length = lower.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        let answer = answer(&format!("{head}{}", String::from_utf8_lossy(&body)), seen);
        writer.write_all(answer.as_bytes()).ok()?;
    }
}

fn answer(request: &str, seen: &Seen) -> String {
    let sent = request.rsplit_once("Signature=").unwrap().1;
    let sent: String = sent.chars().take_while(|c| !c.is_whitespace()).collect();
    let signature = sent.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    seen.lock().unwrap().push(signature.clone());
    let number = request.split("form-").nth(1).and_then(|rest| rest.get(..1)?.parse().ok()).unwrap_or(0);
    let form = FORMS[number % FORMS.len()];
    let [token, signature] = [TOKEN, &signature].map(|text| serde_json::Value::from(form(text)));
    let is_stop = request.contains("Action=StopExecution") || request.starts_with("PUT") || request.starts_with("POST");
    let is_refused = request.contains("refused") && is_stop;
    // What is not refused is accepted in a state that nobody knows, and reading it is refused.
    let (status, state) =
        if is_refused || !is_stop { ("400 Bad Request", "null".into()) } else { ("200 OK", token.to_string()) };
    let error = if status.starts_with('4') {
        format!(r#""Code":{token},"Message":{signature},"error_code":{signature},"error_msg":{token},"#)
    } else {
        String::new()
    };
    let body = format!(r#"{{{error}"RequestId":{signature},"request_id":{token},"Status":{state},"status":{state}}}"#);
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn plan(port: u16) -> String {
    let mut plan = format!(
        "version: 1
accounts:
  ali: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: 'http://127.0.0.1:{port}'}}}}
  hw: {{cloud: huawei, region: cn-north-4, project_id: p, endpoints: {{live: 'http://127.0.0.1:{port}'}}}}
limits: {{rate: 1000/s, burst: 1000}}
retry: {{max_attempts: 1, max_elapsed: 1s}}
verify: {{timeout: 1s}}
targets:
"
    );
    for number in 0..FORMS.len() {
        for fate in ["refused", "taken"] {
            let name = format!("form-{number}-{fate}");
            plan.push_str(&format!(
                "  - {{kind: fnf_execution, account: ali, flow_name: f, execution_name: {name}}}\n  \
                 - {{kind: live_flow, account: hw, flow_id: {name}}}\n"
            ));
        }
    }
    plan
}

/// Returns an environment with a plan for the service at this port, and keys with the secret and the token.
fn environment(port: u16) -> TestEnvironment {
    let keys = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
        ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ];
    let keys = keys.map(|(id, secret, token)| [(id, "LTAI5tPublicId"), (secret, SECRET), (token, TOKEN)]);
    TestEnvironment::new().set(keys.into_iter().flatten()).with("plan.yaml", plan(port))
}

#[test]
fn what_a_service_repeats_is_written_nowhere() {
    let seen = Seen::default();
    let env = environment(serve(&seen));
    let run = |args: &[&str]| {
        let Ended { stdout, stderr, .. } = env.run(args);
        (stdout + &stderr).into_bytes()
    };
    let exports = ["--html", "p.html", "--markdown", "p.md", "--junit", "p.xml"];
    let plain = run(&[&["run", "plan.yaml", "--yes", "-vv", "--report", "r.json"][..], &exports].concat());
    let json = ["run", "plan.yaml", "--yes", "-vv", "--progress", "json", "--output", "json", "--report", "s.json"];
    let mut outputs = vec![("-vv".to_owned(), plain), ("json".to_owned(), run(&json))];
    for format in ["csv", "markdown", "junit", "html"] {
        outputs.push((format.to_owned(), run(&["report", "convert", "--to", format, "r.json"])));
    }
    outputs.push(("show".to_owned(), run(&["report", "show", "--all", "r.json"])));
    for file in ["r.json", "r.json.journal", "s.json", "s.json.journal", "p.html", "p.md", "p.xml"] {
        outputs.push((file.to_owned(), env.bytes(file)));
    }
    let report = env.text("r.json");
    assert!(report.matches("[redacted]").count() > 3 * FORMS.len(), "{report}");
    let seen = seen.lock().unwrap();
    assert!(seen.len() >= 8 * FORMS.len(), "only {} requests", seen.len());
    for secret in seen.iter().map(String::as_str).chain([SECRET, TOKEN]) {
        for form in FORMS.iter().map(|form| form(secret)) {
            // The middle is enough, and the program's own escaping does not hide it.
            let middle: String = form.chars().skip(4).take(20).collect();
            for (name, output) in &outputs {
                let text = String::from_utf8_lossy(output);
                assert!(
                    !text.contains(&middle) && !text.contains(&middle.replace('\\', "\\\\")),
                    "{name} has {middle}"
                );
            }
        }
    }
}
