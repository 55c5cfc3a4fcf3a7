//! What bare reqwest takes for the same stops, one thread, 64 in flight, nothing made of the answers: with the shortest
//! requests there are, and with the very requests that allstop sends, all signed before the clock starts.
//!
//! `cargo bench --locked --bench bare -- http://127.0.0.1:PORT [TARGETS]`, against a server that takes unsigned requests
//! and any name; without a URL nothing is measured.

#![expect(clippy::expect_used, reason = "what cannot be set up cannot be measured")]
#![expect(clippy::print_stdout, reason = "it says what it measured")]

use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::provider::{self, Credentials, Origin, Signing};
use allstop::service::{Kind, Params, Scope, Value};
use futures::StreamExt;
use futures::stream;
use reqwest::{Client, Request};
use tokio::time::Instant;

const ROUNDS: usize = 5;
const IN_FLIGHT: usize = 64;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let Some(url) = arguments.iter().find(|argument| argument.starts_with("http://")) else {
        println!("bare: without the URL of a server, nothing is measured");
        return;
    };
    let targets = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(20_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (mut short, mut signed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        short.push(runtime.block_on(send(shortest(url, targets))));
        signed.push(runtime.block_on(send(as_allstop_does(url, targets))));
    }
    let (short, signed) = (median(short), median(signed));
    println!("{targets} of the shortest requests: {short:.3?}; as allstop sends them: {signed:.3?}");
    println!("ratio: {:.2}", signed.as_secs_f64() / short.as_secs_f64());
}

/// Sends requests and returns how long that took.
async fn send(requests: Vec<Request>) -> Duration {
    let (client, count) = (client(), requests.len());
    let began = Instant::now();
    let answers = stream::iter(requests).map(|request| async {
        let answer = client.execute(request).await.ok()?;
        let is_good = answer.status().is_success();
        answer.bytes().await.ok().filter(|_| is_good)
    });
    let good = answers.buffer_unordered(IN_FLIGHT).filter_map(std::future::ready).count().await;
    let took = began.elapsed();
    assert_eq!(good, count, "the server refuses some of the requests");
    took
}

/// Builds a client for plain HTTP; without a TLS provider and certificates there is none at all.
fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}

fn shortest(url: &str, targets: usize) -> Vec<Request> {
    let client = client();
    let request = |number| {
        let request = client.post(url).header("x-acs-action", "StopExecution").header("x-acs-version", "2019-03-15");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(format!("FlowName=load&ExecutionName=run-{number:06}")).build().expect("a good request")
    };
    (0..targets).map(request).collect()
}

fn as_allstop_does(url: &str, targets: usize) -> Vec<Request> {
    let kind = Kind::named("fnf_execution").expect("a known kind");
    let origin = Origin::parse(url).expect("an origin");
    let credentials =
        Credentials::AccessKey { id: "LTAI5tExample".to_owned(), secret: "secret".into(), security_token: None };
    let cause = "stopped by allstop run 019ab0c3-0042-713a-878c-54f6f23eac45";
    let request = |number| {
        let name = format!("run-{number:06}");
        let params = Params::new([Some(Value::Text("load")), Some(Value::Text(&name)), None, None]);
        let signing = Signing {
            origin: &origin,
            credentials: &credentials,
            project_id: None,
            signature: kind.stop_api.signature,
            at: SystemClock.now(),
            nonce: &format!("{number:032x}"),
        };
        let stop = kind.service().stop(&params, &Scope { project_id: "", cause, client_token: "" });
        let signed = provider::sign(&stop, &signing).expect("it can be signed");
        let mut request = Request::new(signed.method, signed.url);
        *request.headers_mut() = signed.headers;
        *request.body_mut() = Some(signed.body.into());
        request
    };
    (0..targets).map(request).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
