//! The project of a Huawei Cloud region: from the plan, from the environment, or looked up with the final keys.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::ground::{D1, D2, Ground, HW_OPS, PASSWORD, PROJECT, jobs, jobs_in, signal, stop_jobs};

fn plan(ground: &Ground, account: &Value) {
    ground.plan(&json!({"hw": ground.hw(account)}), &stop_jobs("hw", 3), &json!({}));
}

fn ground(account: &Value) -> Ground {
    let ground = Ground::new(jobs(3));
    plan(&ground, account);
    ground
}

fn with<'v>(more: &[(&'v str, &'v str)]) -> Vec<(&'v str, &'v str)> {
    [&HW_OPS[..], more].concat()
}

#[test]
fn row_17_it_is_looked_up_once() {
    let ground = ground(&json!({"project_id": null}));
    let ran = ground.run(&HW_OPS, &[]);
    ran.stopped_all(&ground);
    assert_eq!(ground.counts(["hw:projects", "hw:caller"]), [1, 1]);
    assert_eq!(ran.account("hw")["project_id"], PROJECT);
}

#[test]
fn row_17_the_plan_comes_before_the_environment_and_that_before_a_question() {
    let wrong = [("HUAWEICLOUD_SDK_PROJECT_ID", "another")];
    let right = [("HUAWEICLOUD_SDK_PROJECT_ID", PROJECT)];
    for (account, variables) in [(json!({}), wrong), (json!({"project_id": null}), right)] {
        let ground = ground(&account);
        ground.run(&with(&variables), &[]).stopped_all(&ground);
        assert_eq!(ground.counts(["hw:projects"]), [0]);
    }
}

#[test]
fn row_17_after_an_agency_it_is_that_of_the_agency() {
    let agency = json!({"project_id": null, "credentials": {"role": {"agency": "second", "domain": "guests"}}});
    let ground = Ground::new(jobs_in("p-guests", 1, 3));
    plan(&ground, &agency);
    let ran = ground.run(&with(&[("HUAWEICLOUD_SDK_PROJECT_ID", PROJECT)]), &[]);
    ran.stopped_all(&ground);
    let account = ran.account("hw");
    assert_eq!((&account["account_id"], &account["project_id"]), (&json!(D2), &json!("p-guests")));
    let ledger = ground.credentials();
    let asked: Vec<_> = ledger.log.iter().filter(|call| call.op == "hw:projects").map(|call| &call.key).collect();
    let issued = ledger.issued_by("hw:agency").next().unwrap();
    assert_eq!(asked, [&Some(issued.key.clone())], "the agency's keys ask");
}

#[test]
fn row_17_none_several_and_a_refusal_are_told() {
    let refusal = json!({"hw:projects": {"fail": -1, "status": 403, "code": "APIGW.0302", "message": "no"}});
    for (region, faults, texts) in [
        ("cn-east-9", json!({}), vec!["no project cn-east-9 in account", "is the region right?"]),
        ("cn-east-3", json!({}), vec!["p-e-1", "p-e-2", "project_id"]),
        ("cn-north-4", refusal, vec!["iam:projects:list", "project_id"]),
    ] {
        let ground = ground(&json!({"project_id": null, "region": region}));
        ground.faults(&faults);
        ground.run(&HW_OPS, &[]).refused(&ground, 2, &texts);
    }
}

#[test]
fn row_17_an_account_that_iam_hides_is_asked_for_at_sts() {
    let ground = ground(&json!({"account_id": D1, "project_id": null}));
    ground.set(&json!({"hide_domains": true}));
    ground.run(&HW_OPS, &[]).stopped_all(&ground);
    assert_eq!(ground.counts(["hw:caller", "hw:domains", "hw:projects"]), [1, 0, 1]);
}

#[test]
fn row_17_where_sts_does_not_know_iam_is_asked() {
    for (hidden, code) in [(false, 0), (true, 2)] {
        let ground = ground(&json!({"account_id": D1}));
        ground.set(&json!({"hide_domains": hidden}));
        ground
            .faults(&json!({"hw:caller": {"fail": -1, "status": 404, "code": "APIGW.0101", "message": "no such API"}}));
        let ran = ground.run(&HW_OPS, &[]);
        assert_eq!((ran.code, ground.stops() > 0), (code, code == 0), "{}", ran.stderr);
        assert!(ground.credentials().count("hw:domains") >= 1);
    }
}

#[test]
fn row_17_a_run_that_goes_on_does_not_ask_again() {
    let ground = Ground::new(jobs(3));
    let accounts = json!({"hw": ground.hw(&json!({"project_id": null}))});
    // The second request leaves a second after the first one.
    ground.plan(&accounts, &stop_jobs("hw", 3), &json!({"limits": {"rate": "1/s", "burst": 1}}));
    let run = ground.start(&HW_OPS, &["--progress", "off"]);
    ground.wait_for_stops(1);
    signal(&run, "INT");
    let ran = ground.end(run);
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    let ran = ground.resume(&HW_OPS);
    ran.stopped_all(&ground);
    assert_eq!(ground.counts(["hw:projects"]), [1]);
}

/// Gets a token for PROJECT, as somebody has done by hand.
fn token(ground: &Ground) -> String {
    let user = json!({"domain": {"name": "acme"}, "name": "ops", "password": PASSWORD});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let body = json!({"auth": {"identity": identity, "scope": {"project": {"id": PROJECT}}}}).to_string();
    let mut stream = TcpStream::connect(ground.simulator.address()).unwrap();
    let head =
        "POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json";
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let header = answer.lines().find(|line| line.to_ascii_lowercase().starts_with("x-subject-token:")).unwrap();
    header.split_once(':').unwrap().1.trim().to_owned()
}

#[test]
fn row_17_a_token_knows_its_project_and_serves_no_other() {
    for (project, pin, code) in [(json!(null), json!(null), 0), (json!("p-e-1"), json!(D1), 2)] {
        let form = json!({"env": {"auth_token": "HW_TOKEN"}});
        let ground = ground(&json!({"project_id": project, "account_id": pin, "credentials": form}));
        let token = token(&ground);
        let ran = ground.run(&[("HW_TOKEN", &token)], &[]);
        assert_eq!((ran.code, ground.stops() > 0), (code, code == 0), "{}", ran.stderr);
        assert_eq!(ground.counts(["hw:projects"]), [0]);
        assert!(code == 0 || ran.stderr.contains(PROJECT) && ran.stderr.contains("p-e-1"), "{}", ran.stderr);
    }
}

#[test]
fn row_17_a_token_of_another_project_is_refused_without_a_pin() {
    let form = json!({"env": {"auth_token": "HW_TOKEN"}});
    let ground = ground(&json!({"project_id": "p-e-1", "credentials": form}));
    let token = token(&ground);
    ground.run(&[("HW_TOKEN", &token)], &[]).refused(&ground, 2, &[PROJECT, "p-e-1"]);
}
