//! Whose account it is: pins, accounts that are denied, and runs that go on under another account.

use serde_json::{Value, json};

use super::ground::{
    A1, A2, D1, D2, Ground, HW_OPS, HW_OTHER, JOURNAL, OPS, OTHER, REPORT, ROLE, Ran, SECOND, executions,
    executions_of, jobs, role, stop_executions, stop_jobs,
};

/// A plan of both clouds, with further keys of its accounts.
fn both(ali: &Value, hw: &Value, more: &Value) -> Ground {
    let ground = Ground::new(executions(3).chain(jobs(3)));
    plan_both(&ground, ali, hw, more);
    ground
}

fn plan_both(ground: &Ground, ali: &Value, hw: &Value, more: &Value) {
    let targets = [stop_executions("ali", 3), stop_jobs("hw", 3)].concat();
    ground.plan(&json!({"ali": ground.ali(ali), "hw": ground.hw(hw)}), &targets, more);
}

fn pinned() -> [Value; 2] {
    [json!({"account_id": A1}), json!({"account_id": D1})]
}

/// Nothing was read or stopped.
#[track_caller]
fn is_untouched(ground: &Ground) {
    let ledger = ground.simulator.ledger();
    assert_eq!((ledger.requests.stops, ledger.requests.reads, ground.credentials().stops.len()), (0, 0, 0));
}

#[test]
fn row_7_keys_of_another_account_stop_nothing_in_any_account() {
    let [ali, hw] = pinned();
    let cases =
        [([OTHER, HW_OPS].concat(), ["ali", A1, A2], "guest"), ([OPS, HW_OTHER].concat(), ["hw", D1, D2], "guest")];
    for (keys, texts, who) in cases {
        let ground = both(&ali, &hw, &json!({}));
        let ran = ground.run(&keys, &[]);
        ran.refused(&ground, 2, &[&texts[..], &["is pinned to", who]].concat());
        is_untouched(&ground);
        assert!(!ground.env.exists(JOURNAL), "there is nothing to resume");
    }
}

#[test]
fn row_7_the_account_of_a_role_counts_and_not_that_of_its_source() {
    let ground = Ground::new(executions(2));
    let second = json!({"account_id": A1, "credentials": {"role": {"arn": SECOND, "external_id": "ext-1"}}});
    ground.plan(&json!({"ali": ground.ali(&second)}), &stop_executions("ali", 2), &json!({}));
    let ran = ground.run(&OPS, &[]);
    ran.refused(&ground, 2, &["is pinned to", A1, A2]);
    is_untouched(&ground);
    assert_eq!(ground.counts(["ali:AssumeRole", "ali:GetCallerIdentity"]), [1, 0]);
}

#[test]
fn row_7_the_right_accounts_run_and_are_asked_for_once() {
    let [ali, hw] = pinned();
    let number: Value = A1.parse::<u64>().unwrap().into();
    for ali in [ali, json!({"account_id": number})] {
        let ground = both(&ali, &hw, &json!({}));
        let ran = ground.run(&[OPS, HW_OPS].concat(), &[]);
        ran.stopped_all(&ground);
        assert_eq!(ground.counts(["ali:GetCallerIdentity", "hw:caller", "hw:domains"]), [1, 1, 0]);
        for (name, id) in [("ali", A1), ("hw", D1)] {
            let account = ran.account(name);
            assert_eq!((&account["account_id"], &account["pinned"]), (&json!(id), &json!(true)));
        }
    }
}

#[test]
fn row_7_without_a_pin_the_report_says_whose_it_was() {
    let ground = Ground::new(executions_of(1, 2));
    ground.plan(&json!({"ali": ground.ali(&json!({}))}), &stop_executions("ali", 2), &json!({}));
    let ran = ground.run(&OTHER, &[]);
    ran.stopped_all(&ground);
    let account = ran.account("ali");
    assert_eq!((&account["account_id"], &account["pinned"]), (&json!(A2), &json!(false)));
}

#[test]
fn row_7_a_pin_and_an_account_that_is_not_known() {
    let [ali, hw] = pinned();
    let ground = both(&ali, &hw, &json!({}));
    ground.faults(
        &json!({"ali:GetCallerIdentity": {"fail": -1, "status": 403, "code": "NoPermission", "message": "no"}}),
    );
    let ran = ground.run(&[OPS, HW_OPS].concat(), &[]);
    ran.refused(&ground, 2, &["ali", "is pinned to", A1]);
    is_untouched(&ground);
}

#[test]
fn accounts_that_are_denied_are_never_touched() {
    let deny = json!({"guards": {"accounts": {"deny": [A1]}}});
    let unknown =
        json!({"ali:GetCallerIdentity": {"fail": -1, "status": 403, "code": "NoPermission", "message": "no"}});
    let cases = [
        (deny, "", json!({}), vec![A1, "denied"]),
        (json!({}), D1, json!({}), vec![D1, "denied"]),
        (json!({}), " 1,0659ef9c9c80d4560f14c009ac000000 , d78cbac186b744899480f25bd022f468", json!({}), vec![D1]),
        (json!({}), A2, unknown, vec!["ali", "denied"]),
    ];
    for (more, variable, faults, texts) in cases {
        let ground = both(&json!({}), &json!({}), &more);
        ground.faults(&faults);
        let ran = ground.run(&[&OPS[..], &HW_OPS, &[("ALLSTOP_DENY_ACCOUNTS", variable)]].concat(), &[]);
        ran.refused(&ground, 3, &texts);
        is_untouched(&ground);
    }
    let ground = both(&json!({}), &json!({}), &json!({"guards": {"accounts": {"deny": [A2, D2]}}}));
    ground.run(&[OPS, HW_OPS].concat(), &[]).stopped_all(&ground);
}

const OPS_FILE: &str = r#"{"access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"}"#;
const SECOND_FILE: &str = r#"{"access_key_id": "LTAI5tSecond", "access_key_secret": "second-key-hush"}"#;
const OTHER_FILE: &str = r#"{"access_key_id": "LTAI5tOther", "access_key_secret": "other-key-hush"}"#;

/// A run with keys from a file, whose key is revoked in mid-run; `file` is what the file has by then.
fn cut_short(file: &str) -> (Ground, Ran) {
    let ground = Ground::new(executions(4));
    let more = json!({"retry": {"credentials_wait": "0s"}, "limits": {"concurrency": 1, "rate": "4/s", "burst": 1}});
    let account = ground.ali(&json!({"credentials": {"file": "$HOME/keys.json"}}));
    ground.plan(&json!({"ali": account}), &stop_executions("ali", 4), &more);
    ground.write("keys.json", OPS_FILE);
    let run = ground.start(&[], &["--progress", "off"]);
    ground.wait_for_stops(2);
    ground.write("keys.json", file);
    ground.simulator.revoke_key("LTAI5tOps");
    let ran = ground.end(run);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(ran.words_of("ali"), ["credentials", "stopped"]);
    assert_eq!(ground.origins(), ["LTAI5tOps"], "nothing was stopped with other keys");
    (ground, ran)
}

/// A run that was cut short goes on with other keys of its account, and not with those of another account.
#[track_caller]
fn goes_on_as_itself(args: &[&str]) {
    let (ground, _) = cut_short(OPS_FILE);
    ground.write("keys.json", OTHER_FILE);
    let (before, ended) = (ground.stops(), ground.allstop(args, &[]));
    assert_eq!((ended.code, ground.stops()), (2, before), "{}", ended.stderr);
    assert!(ended.stderr.contains(A1) && ended.stderr.contains(A2), "{}", ended.stderr);
    ground.write("keys.json", SECOND_FILE);
    let ended = ground.allstop(args, &[]);
    assert_eq!((ended.code, ground.stopped()), (0, vec![1]), "{}", ended.stderr);
}

#[test]
fn a_retry_is_for_the_same_account() {
    goes_on_as_itself(&["retry", REPORT, "--yes", "--progress", "off"]);
}

#[test]
fn a_resumed_run_is_for_the_same_account() {
    goes_on_as_itself(&["resume", JOURNAL, "--yes", "--progress", "off"]);
}

#[test]
fn keys_that_come_later_and_are_anothers_close_the_account() {
    let (_, ran) = cut_short(OTHER_FILE);
    let closed = ran.account("ali")["closed"].as_str().unwrap();
    assert!(closed.contains("changed to account 1234567890123456 in mid-run"), "{closed}");
}

#[test]
fn a_role_of_a_role_is_asked_for_with_the_keys_of_the_first() {
    let ground = Ground::new(executions(1));
    ground.set(&json!({"roles": {
        ROLE: {"trust": [A2]}, SECOND: {"trust": [A1], "external_id": "ext-1"},
    }}));
    let chain = json!({"account_id": A1, "credentials": {
        "role": {"arn": ROLE}, "source": {"role": {"arn": SECOND, "external_id": "ext-1"}},
    }});
    ground.plan(&json!({"ali": ground.ali(&chain)}), &stop_executions("ali", 1), &json!({}));
    ground.run(&OPS, &[]).stopped_all(&ground);
    let ledger = ground.credentials();
    let issued: Vec<_> = ledger.issued_by("ali:AssumeRole").collect();
    assert_eq!(issued.len(), 2);
    assert_eq!(issued[1].by.as_ref(), Some(&issued[0].key));
    assert_eq!((&*issued[0].account_id, &*issued[1].account_id), (A2, A1));
    // Without the first one, the keys of the environment may not have it.
    ground.plan(&json!({"ali": ground.ali(&json!({"credentials": role()}))}), &stop_executions("ali", 1), &json!({}));
    let ran = ground.run(&OPS, &[]);
    assert_eq!(ran.code, 2);
    ran.says(&["may not assume", "stopper"]);
}
