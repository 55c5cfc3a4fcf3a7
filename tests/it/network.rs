//! The program and what the machine lets it have: descriptors, proxies, certificates.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use crate::environment::{ALIBABA_KEYS, Ended, RUN, TestEnvironment, program};

/// Starts a service that stops whatever it is asked to, once `crowd` more connections to it are open than the first, with
/// which a run proves its key; returns its port.
fn service(crowd: usize) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let open = Arc::new((Mutex::new(0), Condvar::new()));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, open) = (stream.unwrap(), Arc::clone(&open));
            thread::spawn(move || {
                let first = {
                    let mut open = open.0.lock().unwrap();
                    *open += 1;
                    *open == 1
                };
                open.1.notify_all();
                if !first {
                    drop(open.1.wait_while(open.0.lock().unwrap(), |open| *open <= crowd).unwrap());
                }
                // The client may hang up at any time.
                let _ = serve(stream);
            });
        }
    });
    port
}

fn serve(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let body = r#"{"RequestId":"r","Status":"Stopped"}"#;
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        reader.read_exact(&mut vec![0; length])?;
        write!(writer, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    }
}

/// Runs a plan of executions under what a shell says first, with these variables and no others.
fn run(env: &TestEnvironment, endpoint: &str, targets: usize, shell: &str, variables: &[(&str, &str)]) -> Ended {
    let mut plan = format!(
        "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: '{endpoint}'}}}}}}\n\
         defaults: {{account: a}}\nlimits: {{rate: 1000/s, burst: 1000, concurrency: 64}}\n\
         retry: {{max_attempts: 1}}\ntargets:\n"
    );
    for n in 0..targets {
        plan.push_str(&format!("- {{kind: fnf_execution, flow_name: f, execution_name: e{n}}}\n"));
    }
    env.write("plan.yaml", plan);
    let mut command = env.shell(&format!("{shell}; exec \"$0\" \"$@\""));
    Ended::of(command.arg(program()).args(RUN).envs(ALIBABA_KEYS).envs(variables.iter().copied()))
}

#[test]
fn requests_wait_for_descriptors_that_are_not_there() {
    let env = TestEnvironment::new();
    let endpoint = format!("http://127.0.0.1:{}", service(1));
    let Ended { code, stderr, .. } = run(&env, &endpoint, 200, "ulimit -n 24", &[]);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("plan.report.json");
    assert_eq!(report["summary"]["stopped"], 200);
    assert_eq!(report["summary"]["attempts"], 200, "waiting for a descriptor is no attempt");
    assert_eq!(report["lanes"][0]["requests"], 200);
}

#[test]
fn the_soft_limit_of_descriptors_is_raised() {
    let env = TestEnvironment::new();
    // No response comes before more connections are open than the soft limit lets through.
    let endpoint = format!("http://127.0.0.1:{}", service(50));
    let Ended { code, stderr, .. } = run(&env, &endpoint, 64, "ulimit -S -n 24", &[]);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn too_few_descriptors_for_any_run_are_told_before_anything_is_sent() {
    for limit in 5..=16 {
        let env = TestEnvironment::new();
        let Ended { code, stderr, .. } = run(&env, "http://127.0.0.1:9", 1, &format!("ulimit -n {limit}"), &[]);
        assert_eq!(code, 2, "{limit}: {stderr}");
        assert!(stderr.contains("open files far enough") && stderr.contains("ulimit -n 1024"), "{limit}: {stderr}");
        assert_eq!(env.names().len(), 1, "{limit}: nothing but the plan");
    }
}

#[test]
fn a_proxy_that_is_none_is_refused_by_the_name_of_its_variable() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let env = TestEnvironment::new();
        let variables = [(variable, "://me:s3cret@bad")];
        let Ended { code, stderr, .. } = run(&env, "https://127.0.0.1:9", 1, "true", &variables);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(&format!("error: {variable} is not the URL of an HTTP proxy")), "{stderr}");
        assert!(!stderr.contains("s3cret"), "{stderr}");
    }
    // Plain http goes to this machine alone, and through no proxy.
    let env = TestEnvironment::new();
    let endpoint = format!("http://127.0.0.1:{}", service(1));
    let Ended { code, stderr, .. } = run(&env, &endpoint, 1, "true", &[("HTTPS_PROXY", "://bad")]);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn a_row_says_which_proxy_failed_and_what_to_do() {
    let env = TestEnvironment::new();
    let gone = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let proxy = format!("http://me:s3cret@{gone}");
    let certificate = env.path("ca.pem");
    let names = vec!["localhost".to_owned()];
    std::fs::write(&certificate, rcgen::generate_simple_self_signed(names).unwrap().cert.pem()).unwrap();
    let variables = [("HTTPS_PROXY", proxy.as_str()), ("SSL_CERT_FILE", certificate.to_str().unwrap())];
    let Ended { code, stderr, .. } = run(&env, "https://[::1]:9", 1, "true", &variables);
    assert_eq!(code, 1, "{stderr}");
    let report = env.report("plan.report.json");
    let error = &report["targets"][0]["error"];
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("[::1]:9: no connection: cannot reach the proxy {gone}")), "{message}");
    assert!(error["hint"].as_str().unwrap().contains("HTTPS_PROXY"), "{error}");
    assert!(!report.to_string().contains("s3cret"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_variable_for_certificates_that_is_set_to_nothing_is_named() {
    let env = TestEnvironment::new();
    let Ended { code, stderr, .. } = run(&env, "https://127.0.0.1:9", 1, "true", &[("SSL_CERT_FILE", "")]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("no CA certificates found in SSL_CERT_FILE, which is empty"), "{stderr}");
}
