//! Quotas, faults, replays: what a client has to live with.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::config::Config;
use super::super::fault::Faults;
use super::super::phase::Phase;
use super::super::resource::Initial;
use super::super::response::{Ending, Response};
use super::client::{Client, DRS, ELASTICSEARCH, FNF, LIVE, SEARCH_ENGINE, id, kinds, quiet, read, resource};

fn many(config: &Config, service: &str, count: usize) -> Client {
    Client::new(config, (0..count).map(|n| resource(service, "s", &format!("n{n}"), Initial::Running)))
}

#[test]
fn a_used_up_quota_is_answered_in_each_services_words() {
    let mut config = quiet();
    config.quotas = true;
    for (service, passes, status, code) in [
        (FNF, 11, 429, "ResourceThrottled"),
        (SEARCH_ENGINE, 11, 400, "Throttling.User"),
        (LIVE, 81, 429, "APIGW.0308"),
        (DRS, 11, 429, "APIGW.0308"),
    ] {
        let mut client = many(&config, service, 1);
        let id = id(service, "s", "n0");
        let passed = (0..100).take_while(|_| read(&client.stop(&id)).1 != code).count();
        assert_eq!(passed, passes, "{service:?}");
        let answers: Vec<Response> = (0..4).map(|_| client.stop(&id)).collect();
        assert!(answers.iter().all(|answer| read(answer).0 == status && read(answer).1 == code));
        let hints = answers.iter().flat_map(|answer| &answer.headers).filter(|(name, _)| name.ends_with("retry-after"));
        assert_eq!(hints.count(), 1, "{service:?}");
        let record = client.record(&id);
        assert_eq!((record.counts.throttled, record.counts.requests), (5, passes as u32 + 5));
        client.wait(Duration::from_secs(1));
        assert_ne!(read(&client.stop(&id)).1, code);
    }
}

#[test]
fn the_live_message_names_its_limit() {
    let mut config = quiet();
    config.quotas = true;
    let client = many(&config, LIVE, 1);
    let message = (0..100).map(|_| read(&client.stop(&id(LIVE, "s", "n0"))).2["error_msg"].clone()).last();
    let said = message.unwrap();
    assert!(said.as_str().unwrap().ends_with("policy user over ratelimit,limit:80,time:1 minute"), "{said}");
}

#[test]
fn faults_do_not_depend_on_order_or_time() {
    let config = Config { faults: Faults::Storm, seed: 5, ..quiet() };
    let play = |order: &[usize], pause: u64| {
        let mut client = many(&config, ELASTICSEARCH, 0);
        client.cloud.load((0..60).map(|n| resource(ELASTICSEARCH, "", &format!("n{n}"), Initial::Running)));
        let mut met = BTreeMap::<usize, Vec<(u16, Ending, Duration)>>::new();
        for _ in 0..4 {
            for n in order {
                let answer = client.stop(&id(ELASTICSEARCH, "", &format!("n{n}")));
                met.entry(*n).or_default().push((answer.status, answer.ending, answer.delay));
                client.wait(Duration::from_millis(pause));
            }
        }
        met
    };
    let upwards: Vec<_> = (0..60).collect();
    let downwards: Vec<_> = (0..60).rev().collect();
    let first = play(&upwards, 0);
    // Times are such that no stop's end is seen during the play.
    assert_eq!(first, play(&downwards, 1));
    assert!(first.values().flatten().any(|(.., ending, _)| *ending == Ending::Reset));
}

#[test]
fn eight_tries_stop_everything_even_in_a_storm() {
    for service in kinds() {
        let config = Config { faults: Faults::Storm, seed: 1, ..quiet() };
        let scope = if service == ELASTICSEARCH { "" } else { "s" };
        let names: Vec<_> = (0..300).map(|n| format!("n{n}")).collect();
        let client = Client::new(&config, names.iter().map(|name| resource(service, scope, name, Initial::Running)));
        for name in &names {
            for _ in 0..8 {
                client.stop(&id(service, scope, name));
            }
        }
        let ledger = client.ledger();
        assert!(ledger.resources.iter().all(|record| record.state != Phase::Running), "{service:?}");
        assert!(ledger.resources.iter().all(|record| record.counts.applied == 1), "{service:?}");
        assert!(ledger.requests.faults.len() >= 9, "{:?}", ledger.requests.faults);
    }
}

#[test]
fn a_read_that_is_refused_is_refused_in_each_services_words() {
    let config = Config { unreadable: Some(1.0), ..quiet() };
    let resources = kinds()
        .into_iter()
        .map(move |service| resource(service, if service == ELASTICSEARCH { "" } else { "s" }, "n", Initial::Stopped));
    let client = Client::new(&config, resources);
    let instance = |action, path| client.roa("GET", action, path, "");
    for _ in 0..10 {
        for (answer, code) in [
            (client.rpc("GET", "DescribeExecution", &[("FlowName", "s"), ("ExecutionName", "n")]), "NoPermission"),
            (instance("ListClusterTasks", "/openapi/ha3/instances/s/cluster-tasks"), "Forbidden.RAM"),
            (instance("DescribeInstance", "/openapi/instances/n"), "Forbidden.RAM"),
            (client.rest("GET", "/v1/s/flows/detail?flow_id=n", ""), "APIGW.0302"),
            (client.rest("GET", "/v5/s/jobs/n?type=overview", ""), "APIGW.0302"),
            (client.rest("GET", "/v5/s/jobs?name=n", ""), "APIGW.0302"),
        ] {
            let (status, word, body) = read(&answer);
            assert_eq!((status, word.as_str()), (403, code), "{body}");
        }
    }
    let ledger = client.ledger();
    assert_eq!((ledger.requests.faults["denied"], ledger.requests.reads, ledger.requests.bad_auth), (60, 60, 0));
    assert_eq!(client.stop(&id(DRS, "s", "n")).status, 400, "a stop is no read");
}

#[test]
fn what_is_refused_in_front_of_a_resource_does_not_reach_it() {
    let config = Config { faults: Faults::Storm, seed: 2, ..quiet() };
    let names: Vec<_> = (0..400).map(|n| format!("n{n}")).collect();
    let stopped = names.iter().map(|name| resource(FNF, "s", name, Initial::Stopped));
    let client = Client::new(&config, stopped);
    let mut in_front = 0;
    for name in &names {
        let id = id(FNF, "s", name);
        let answer = client.stop(&id);
        let is_in_front = matches!(answer.status, 429 | 409) && answer.ending == Ending::Whole;
        assert_eq!(client.record(&id).last_met.is_none(), is_in_front, "{answer:?}");
        in_front += usize::from(is_in_front);
    }
    assert!((40..120).contains(&in_front), "{in_front}");
}

#[test]
fn a_request_sent_twice_is_refused_the_second_time() {
    let client = many(&quiet(), FNF, 1);
    assert_eq!(client.stop(&id(FNF, "s", "n0")).status, 200);
    client.rewind();
    let (status, code, _) = read(&client.stop(&id(FNF, "s", "n0")));
    assert_eq!((status, code.as_str()), (400, "SignatureNonceUsed"));
    let ledger = client.ledger();
    assert_eq!((ledger.requests.bad_auth, ledger.requests.refused[0].code), (1, "SignatureNonceUsed"));
    assert_eq!(ledger.resources[0].counts.requests, 1);
}

#[test]
fn refused_requests_are_written_down_without_their_secrets() {
    let client = many(&quiet(), LIVE, 1);
    let target = "/v1/s/flows/stop?flow_id=n0&Signature=hush";
    let answer = client.send("PUT", target, &[("x-auth-token", "hush")], "");
    assert_eq!((read(&answer).0, read(&answer).1.as_str()), (401, "APIGW.0301"));
    let ledger = serde_json::to_string(&client.ledger()).unwrap();
    assert!(ledger.contains("decrypt token fail") && !ledger.contains("hush"), "{ledger}");
}

#[test]
fn accounts_do_not_share_resources() {
    let client = many(&quiet(), LIVE, 1);
    let mut of_another = id(LIVE, "s", "n0");
    of_another.account = 1;
    client.cloud.load([super::super::resource::Resource::new(of_another.clone(), Initial::Running)]);
    assert_eq!(client.stop(&id(LIVE, "s", "n0")).status, 200);
    assert_eq!(client.record(&of_another).counts.requests, 0);
}

#[test]
fn no_speed_or_delay_is_too_odd() {
    for speed in [0.0, -1.0, 1e-300, 1e300, f64::NAN, f64::INFINITY] {
        let stop_delay = (Duration::MAX, Duration::ZERO);
        let config = Config { faults: Faults::Storm, quotas: true, speed, stop_delay, ..Config::default() };
        let client = many(&config, DRS, 200);
        for n in 0..200 {
            client.stop(&id(DRS, "s", &format!("n{n}")));
        }
        assert_eq!(client.ledger().resources.len(), 200, "{speed}");
    }
}
