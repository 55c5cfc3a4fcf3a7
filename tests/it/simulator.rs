//! The simulator over real sockets, with a client that sees every byte.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use allstop::provider::Credentials;
use allstop::simulator::{self, Config, Faults, Handle, Id, Initial, Model, Phase, Resource};
use secrecy::ExposeSecret;

/// One response, as it came.
struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).unwrap().1
    }

    fn is_cut(&self) -> bool {
        self.body.len() < self.header("content-length").parse().unwrap()
    }
}

/// One connection.
struct Client {
    stream: TcpStream,
    token: String,
}

impl Client {
    fn new(simulator: &Handle) -> Self {
        let Credentials::AuthToken(token) = simulator.auth_token(0) else { panic!("not a token") };
        let stream = TcpStream::connect(simulator.address()).unwrap();
        // A request that hangs fails the test instead of stopping it.
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { stream, token: token.expose_secret().to_owned() }
    }

    fn send(&mut self, method: &str, target: &str, body: &str) -> io::Result<Answer> {
        let (token, length) = (&self.token, body.len());
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: {token}\r\nContent-Length: {length}\r\n\r\n"
        );
        self.stream.write_all(head.as_bytes())?;
        self.stream.write_all(body.as_bytes())?;
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if self.read_more(&mut bytes)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        };
        let mut answer =
            Answer { head: String::from_utf8_lossy(&bytes[..end]).into_owned(), body: bytes.split_off(end + 4) };
        while answer.is_cut() && self.read_more(&mut answer.body)? > 0 {}
        Ok(answer)
    }

    fn read_more(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let mut chunk = [0; 4096];
        let length = self.stream.read(&mut chunk)?;
        bytes.extend_from_slice(&chunk[..length]);
        Ok(length)
    }

    fn stop(&mut self, flow: &str) -> io::Result<Answer> {
        self.send("PUT", &format!("/v1/p/flows/stop?flow_id={flow}"), "")
    }
}

fn flow(name: &str) -> Id {
    let model = Model::of_kind("live_flow").unwrap();
    Id { model, account: 0, scope: "p".into(), name: name.into() }
}

fn flows(count: usize) -> impl Iterator<Item = Resource> {
    (0..count).map(|n| Resource::new(flow(&format!("f{n}")), Initial::Running))
}

fn fast() -> Config {
    Config { quotas: false, speed: 1000.0, ..Config::default() }
}

#[test]
fn one_connection_carries_many_requests() {
    let simulator = simulator::start(&fast(), flows(50)).unwrap();
    let mut client = Client::new(&simulator);
    for n in 0..50 {
        let answer = client.stop(&format!("f{n}")).unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.body, format!("{{\"flow_id\":\"f{n}\",\"status\":\"STANDBY\"}}").as_bytes());
    }
    let ledger = simulator.ledger();
    assert!(ledger.resources.iter().all(|record| record.state == Phase::Stopped && record.counts.applied == 1));
    assert_eq!((ledger.requests.max_in_flight, ledger.requests.by_api["live:UpdateFlowStatusStop"]), (1, 50));
}

#[test]
fn hundreds_of_connections_are_served_side_by_side() {
    let simulator = simulator::start(&fast(), flows(1)).unwrap();
    let mut clients: Vec<_> = (0..300).map(|_| Client::new(&simulator)).collect();
    for client in &mut clients {
        assert!(matches!(client.stop("f0").unwrap().status(), 200 | 400));
    }
    let record = simulator.ledger().resource(&flow("f0")).cloned().unwrap();
    assert_eq!((record.counts.requests, record.counts.applied), (300, 1));
}

#[test]
fn resets_and_cuts_are_real() {
    let simulator = simulator::start(&Config { faults: Faults::Storm, seed: 4, ..fast() }, flows(120)).unwrap();
    let (mut resets, mut cuts) = (0, 0);
    for n in 0..120 {
        match Client::new(&simulator).stop(&format!("f{n}")) {
            Ok(answer) => cuts += u32::from(answer.is_cut()),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
                resets += 1;
            }
        }
    }
    let faults = simulator.ledger().requests.faults;
    assert!(!faults.contains_key("hang"), "another seed is needed");
    assert_eq!((faults["reset"], faults["cut"]), (resets, cuts.into()));
}

#[test]
fn the_date_is_that_of_the_simulators_clock() {
    let offset = jiff::SignedDuration::from_hours(24 * 365 * 30);
    let simulator = simulator::start(&Config { clock_offset: offset, ..fast() }, flows(1)).unwrap();
    let answer = Client::new(&simulator).stop("f0").unwrap();
    let date = answer.header("date");
    let year: i32 = date.split(' ').nth(3).unwrap().parse().unwrap();
    assert!(year >= 2055 && date.ends_with(" GMT"), "{date}");
}

#[test]
fn scripts_load_resources_and_read_the_ledger() {
    let simulator = simulator::start(&fast(), []).unwrap();
    let mut client = Client::new(&simulator);
    let load = r#"{"resources": [{"kind": "live_flow", "project_id": "p", "flow_id": "f0"}, {"kind": "elasticsearch_task", "instance_id": "e"}]}"#;
    let added = |answer: Answer| (answer.status(), String::from_utf8(answer.body).unwrap());
    assert_eq!(added(client.send("POST", "/_simulator/load", load).unwrap()), (200, "{\"added\":2}".to_owned()));
    assert_eq!(added(client.send("POST", "/_simulator/load", load).unwrap()), (200, "{\"added\":0}".to_owned()));
    let (status, reason) = added(client.send("POST", "/_simulator/load", r#"{"resources": [{"kind": "x"}]}"#).unwrap());
    assert!(status == 400 && reason.contains("no kind \"x\""), "{reason}");
    client.stop("f0").unwrap();
    let ledger: serde_json::Value =
        serde_json::from_slice(&client.send("GET", "/_simulator/ledger", "").unwrap().body).unwrap();
    assert_eq!(ledger["resources"][0]["kind"], "live_flow");
    assert_eq!(ledger["resources"][0]["applied"], 1);
    assert_eq!(ledger["resources"][1]["state"], "running");
    assert_eq!(client.send("GET", "/_simulator/", "").unwrap().status(), 404);
}

#[test]
fn credentials_are_handed_out_at_the_same_address() {
    let simulator = simulator::start(&fast(), flows(1)).unwrap();
    let mut client = Client::new(&simulator);
    let faults = r#"{"ali:uri": {"delay_ms": 50}, "hw:domains": {"fail": 1, "mode": "reset"}}"#;
    assert_eq!(client.send("POST", "/_simulator/credentials/faults", faults).unwrap().status(), 200);
    // Both are sent before the first response is read.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let answer = Client::new(&simulator).send("GET", "/creds/uri", "").unwrap();
                assert!(answer.status() == 200 && answer.header("date").ends_with(" GMT"));
            });
        }
    });
    let reset = Client::new(&simulator).send("GET", "/v3/auth/domains", "").err().unwrap();
    assert_eq!(reset.kind(), ErrorKind::ConnectionReset);
    assert_eq!(client.send("GET", "/v3/auth/domains", "").unwrap().status(), 200);
    let ledger: serde_json::Value =
        serde_json::from_slice(&client.send("GET", "/_simulator/credentials/ledger", "").unwrap().body).unwrap();
    assert_eq!((&ledger["calls"]["ali:uri"], &ledger["most_at_once"]["hw:domains"]), (&2.into(), &1.into()));
    let told = simulator.credential_ledger();
    assert_eq!((told.count("ali:uri"), told.issued_by("ali:uri").count(), told.most_at_once["ali:uri"]), (2, 2, 2));
    assert_eq!(simulator.revoke(Some("ali:uri")), Ok(2));
    assert!(simulator.set_credentials_world(&serde_json::json!({"uri": {"account": 5}})).is_err());
}

#[test]
fn a_page_in_a_browser_is_not_let_in() {
    let simulator = simulator::start(&fast(), flows(1)).unwrap();
    let ask = |headers: &str| {
        let mut stream = TcpStream::connect(simulator.address()).unwrap();
        write!(stream, "GET /_simulator/ledger HTTP/1.1\r\n{headers}connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer[9..12].parse::<u16>().unwrap(), answer.contains("\"resources\""))
    };
    let own = simulator.address();
    assert_eq!(ask(&format!("host: {own}\r\n")), (200, true));
    assert_eq!(ask(&format!("host: {own}\r\norigin: http://{own}\r\n")), (200, true));
    // A name that its owner lets lead to this machine, and a page of anybody's.
    assert_eq!(ask("host: rebound.example.com:18080\r\n"), (421, false));
    assert_eq!(ask(&format!("host: {own}\r\norigin: https://example.com\r\n")), (403, false));
    let load = format!("POST /_simulator/load HTTP/1.1\r\nhost: {own}\r\norigin: null\r\ncontent-length: 17\r\n\r\n");
    let mut stream = TcpStream::connect(own).unwrap();
    stream.write_all(format!("{load}{{\"resources\": []}}").as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 403");
}

#[test]
fn odd_requests_get_answers_and_harm_nobody() {
    let simulator = simulator::start(&fast(), flows(1)).unwrap();
    for (method, target, status) in [
        ("GET", "/", 400),
        ("BREW", "/coffee", 404),
        ("PUT", "/v1", 404),
        ("PUT", "/v1/", 404),
        ("PUT", "/v1/p/flows/stop?flow_id=%FF", 404),
        ("PUT", "/v1/p/flows/stop?flow_id=%", 400),
        ("GET", "/v5/p/jobs?offset=99999999999999999999&limit=-1", 200),
        ("GET", "/v5/p/jobs?offset=18446744073709551615&limit=1", 200),
    ] {
        assert_eq!(Client::new(&simulator).send(method, target, "").unwrap().status(), status, "{target}");
    }
    let large = "x".repeat((1 << 20) + 1);
    let answer = Client::new(&simulator).send("POST", "/v5/p/jobs/j/stop", &large);
    // The server may close while the client still sends, and the response is then lost.
    assert!(answer.map_or(true, |answer| answer.status() == 413));
    let mut garbage = TcpStream::connect(simulator.address()).unwrap();
    garbage.write_all(b"\x16\x03\x01 this is not HTTP\r\n\r\n").unwrap();
    assert_eq!(Client::new(&simulator).stop("f0").unwrap().status(), 200);
}

#[test]
fn whoever_waits_is_told_when_so_much_has_come_in() {
    let simulator = simulator::start(&fast(), flows(3)).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| (0..3).for_each(|n| drop(Client::new(&simulator).stop(&format!("f{n}")).unwrap())));
        assert!(simulator.wait_until(Duration::from_secs(30), |requests| requests.stops == 3));
    });
    assert!(!simulator.wait_until(Duration::ZERO, |requests| requests.stops == 4));
}

#[test]
fn dropping_the_handle_ends_the_simulator() {
    let simulator = simulator::start(&Config { seed: 4711, ..fast() }, flows(1)).unwrap();
    let address: SocketAddr = simulator.address();
    assert_eq!(simulator.endpoint(), format!("http://{address}"));
    let mut client = Client::new(&simulator);
    client.stop("f0").unwrap();
    drop(simulator);
    assert!(client.stop("f0").is_err());
    // By now the port may be that of another test, which does not take this one's token.
    if let Ok(stream) = TcpStream::connect(address) {
        client.stream = stream;
        assert!(!client.stop("f0").is_ok_and(|answer| answer.status() == 200));
    }
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let simulator = simulator::start(&fast(), []).unwrap();
    let config = Config { port: simulator.address().port(), ..fast() };
    assert_eq!(simulator::start(&config, []).unwrap_err().kind(), ErrorKind::AddrInUse);
}
