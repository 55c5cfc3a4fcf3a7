//! What accounts share: a source, lanes, and a key that may be locked.

use serde_json::{Value, json};

use super::ground::{A1, A2, Ground, HW_OPS, OPS, ROLE, Ran, executions, jobs, role, stop_executions, stop_jobs};

const ASSUME: &str = "ali:AssumeRole";

/// Two accounts of the plan, with half of the targets each.
fn two(count: usize, first: &Value, second: &Value, more: &Value) -> Ground {
    let ground = Ground::new(executions(count));
    let accounts = json!({"one": ground.ali(first), "two": ground.ali(second)});
    let targets = stop_executions("one", count / 2).into_iter();
    let targets: Vec<_> = targets.chain(stop_executions("two", count).into_iter().skip(count / 2)).collect();
    ground.plan(&accounts, &targets, more);
    ground
}

#[test]
fn row_15_two_accounts_with_one_source_ask_once() {
    let account = json!({"account_id": A1, "credentials": role()});
    let ground = two(40, &account, &account, &json!({"limits": {"rate": "10/s", "burst": 1}}));
    ground.faults(&json!({ASSUME: {"lifetime_s": 3}}));
    let ran = ground.run(&OPS, &[]);
    ran.stopped_all(&ground);
    let ledger = ground.credentials();
    let issued = ledger.issued_by(ASSUME).count();
    assert!((2..=4).contains(&issued), "{issued}");
    assert_eq!((ledger.most_at_once[ASSUME], ledger.late_uses()), (1, 0));
    for name in ["one", "two"] {
        assert_eq!(ran.account(name)["refreshes"], issued - 1, "{name}");
    }
}

#[test]
fn row_15_one_account_by_two_sources_has_one_lane_and_two_ends() {
    let file = json!({"account_id": A1, "credentials": {"file": "$HOME/keys.json"}});
    let env = json!({"account_id": A1});
    let more = json!({"limits": {"rate": "10/s", "burst": 1}, "retry": {"credentials_wait": "0s"}});
    let ground = two(20, &file, &env, &more);
    ground.write("keys.json", r#"{"access_key_id": "LTAI5tSecond", "access_key_secret": "second-key-hush"}"#);
    let run = ground.start(&OPS, &["--progress", "off"]);
    ground.wait_for_stops(4);
    ground.simulator.revoke_key("LTAI5tSecond");
    let ran = ground.end(run);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(ran.words_of("two"), ["stopped"]);
    assert!(ran.words_of("one").contains(&"credentials".to_owned()), "{:?}", ran.words_of("one"));
    assert_eq!((ran.account("one")["closed"].is_null(), ran.account("two")["closed"].is_null()), (false, true));
    // The rate is that of the account of the cloud, and not of each source.
    let lanes = ran.report["lanes"].as_array().unwrap();
    let stops: Vec<_> = lanes.iter().filter(|lane| lane["api"] == "fnf:StopExecution").collect();
    assert_eq!(stops.len(), 1, "{lanes:?}");
}

#[test]
fn row_15_two_accounts_of_the_cloud_have_lanes_of_their_own() {
    let second =
        json!({"account_id": A2, "credentials": {"role": {"arn": super::ground::SECOND, "external_id": "ext-1"}}});
    let ground = Ground::new(executions(2).chain(super::ground::executions_of(1, 2)));
    let accounts = json!({"one": ground.ali(&json!({"account_id": A1})), "two": ground.ali(&second)});
    ground.plan(&accounts, &[stop_executions("one", 2), stop_executions("two", 2)].concat(), &json!({}));
    let ran = ground.run(&OPS, &[]);
    ran.stopped_all(&ground);
    let lanes = ran.report["lanes"].as_array().unwrap();
    assert_eq!(lanes.iter().filter(|lane| lane["api"] == "fnf:StopExecution").count(), 2, "{lanes:?}");
}

const WRONG: [(&str, &str); 2] = [("HUAWEICLOUD_SDK_AK", "HWOPSACCESSKEY000001"), ("HUAWEICLOUD_SDK_SK", "wrong-hush")];

/// 500 targets that could all be sent at once.
fn many(more: &Value) -> Ground {
    let ground = Ground::new(jobs(500));
    let limits = json!({"limits": {"concurrency": 64, "burst": 64, "rate": "1000/s"}});
    ground.plan(&json!({"hw": ground.hw(more)}), &stop_jobs("hw", 500), &limits);
    ground
}

fn refused(ground: &Ground) -> (u64, usize) {
    let ledger = ground.credentials();
    (ledger.refused(), ledger.locked.len())
}

#[test]
fn row_8_a_wrong_secret_is_refused_once_and_locks_nothing() {
    for account in [json!({}), json!({"account_id": super::ground::D1})] {
        let ground = many(&account);
        let ran = ground.run(&WRONG, &[]);
        ran.refused(&ground, 2, &["hw"]);
        assert_eq!(refused(&ground), (1, 0), "{}", ran.stderr);
    }
}

#[test]
fn row_8_a_key_that_nobody_has_identified_is_tried_by_one_request() {
    // Neither STS nor IAM says whose it is: the first stop proves it.
    let ground = many(&json!({"endpoints": {"sts": "http://127.0.0.1:9", "iam": "http://127.0.0.1:9"}}));
    let ran = ground.run(&WRONG, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(!ran.words_of("hw").contains(&"stopped".to_owned()), "{}", ran.stderr);
    let (refused, locked) = refused(&ground);
    assert!(refused <= 3 && locked == 0, "{refused} refused");
    ground.run(&HW_OPS, &[]).stopped_all(&ground);
}

#[test]
fn row_8_a_key_that_is_revoked_under_full_load_is_not_locked() {
    let ground = many(&json!({"credentials": {"role": {"urn": super::ground::HW_ROLE}}}));
    let run = ground.start(&HW_OPS, &["--progress", "off", "--concurrency", "4"]);
    ground.wait_for_stops(50);
    assert_eq!(ground.simulator.revoke(Some("hw:assume")), Ok(1));
    let ran = ground.end(run);
    ran.stopped_all(&ground);
    assert!(refused(&ground).0 <= 4, "{:?}", refused(&ground));
}

#[test]
fn an_account_that_is_refused_beside_a_good_one_is_skipped() {
    let ground = Ground::new(executions(3).chain(jobs(3)));
    let accounts = json!({"ali": ground.ali(&json!({})), "hw": ground.hw(&json!({}))});
    let targets = [stop_executions("ali", 3), stop_jobs("hw", 3)].concat();
    ground.plan(&accounts, &targets, &json!({}));
    let ran: Ran = ground.run(&[OPS, WRONG].concat(), &[]);
    assert_eq!(
        (ran.code, ran.words_of("ali"), ran.words_of("hw")),
        (1, vec!["stopped".into()], vec!["credentials".into()])
    );
    ran.says(&["hw"]);
    assert_eq!(refused(&ground), (1, 0));
    // With a pin, it is known that something is wrong.
    let pinned = json!({"account_id": super::ground::D1});
    ground.plan(&json!({"ali": ground.ali(&json!({})), "hw": ground.hw(&pinned)}), &targets, &json!({}));
    let before = ground.stops();
    let ran = ground.run(&[OPS, WRONG].concat(), &[]);
    assert_eq!((ran.code, ground.stops()), (2, before), "{}", ran.stderr);
    assert!(ROLE.contains(A1));
}
