//! Runs that last longer than their keys.

use serde_json::{Value, json};

use super::ground::{
    A1, D1, Ground, HW_OPS, HW_ROLE, IDP, JWT, OLD_JWT, OPS, RRSA, Ran, executions, hears, jobs, role, side_by_side,
    stop_executions, stop_jobs,
};

const ASSUME: &str = "ali:AssumeRole";

/// A role that is refused for ever after its first keys.
fn refused_later(lifetime: u64) -> Value {
    let message = "You are not authorized to do this action.";
    json!({ASSUME: {"lifetime_s": lifetime, "after": 1, "fail": -1, "status": 403, "code": "NoPermission", "message": message}})
}

/// A run under a role, at ten stops a second; `plan` are further sections.
fn ground(count: usize, plan: &Value) -> Ground {
    let ground = Ground::new(executions(count));
    let account = ground.ali(&json!({"account_id": A1, "credentials": role()}));
    let limits = json!({"limits": {"rate": "10/s", "burst": 1}});
    let mut more = limits.as_object().unwrap().clone();
    more.extend(plan.as_object().unwrap().clone());
    ground.plan(&json!({"ali": account}), &stop_executions("ali", count), &more.into());
    ground
}

#[test]
fn row_3_keys_are_renewed_before_they_end() {
    let ground = ground(100, &json!({}));
    ground.faults(&json!({ASSUME: {"lifetime_s": 3}}));
    let ran = ground.run(&OPS, &[]);
    ran.stopped_all(&ground);
    let ledger = ground.credentials();
    let issued = ledger.issued_by(ASSUME).count();
    assert!((4..=12).contains(&issued), "{issued}");
    assert_eq!((ledger.late_uses(), ledger.refused(), ledger.most_at_once[ASSUME]), (0, 0, 1), "{:?}", ledger.issued);
    assert_eq!((ground.origins(), ledger.count("ali:GetCallerIdentity")), (vec![ASSUME.to_owned()], 0));
    let account = ran.account("ali");
    assert_eq!((&account["refreshes"], &account["closed"]), (&json!(issued - 1), &json!(null)));
    assert!(account["identity"].as_str().unwrap().contains("stopper"), "{account}");
    // The cloud's audit log names the run.
    let id = ran.report["run"]["id"].as_str().unwrap();
    assert!(ledger.issued.iter().all(|issued| issued.identity.contains(&format!("allstop-{id}"))), "{ledger:?}");
}

#[test]
fn row_4_keys_that_are_revoked_in_mid_run_are_renewed_once() {
    // Without reads, it is a stop that is refused.
    let limits = json!({"rate": "40/s", "burst": 1, "concurrency": 8});
    let ground = ground(40, &json!({"limits": limits, "verify": {"mode": "off"}}));
    let run = ground.start(&OPS, &["--progress", "off"]);
    ground.wait_for_stops(10);
    assert_eq!(ground.simulator.revoke(Some(ASSUME)), Ok(1));
    let ran = ground.end(run);
    assert_eq!((ran.code, ground.stopped()), (0, vec![1]), "{}", ran.stderr);
    let ledger = ground.credentials();
    assert_eq!(ledger.issued_by(ASSUME).count(), 2);
    assert!((1..=8).contains(&ledger.refused()), "{}", ledger.refused());
    assert_eq!(ran.account("ali")["refreshes"], 1);
    // The refused requests are attempts that cost nothing but time.
    let attempts = ran.report["targets"].as_array().unwrap().iter().flat_map(|row| row["attempts"].as_array().unwrap());
    let refused: Vec<_> = attempts.filter(|attempt| attempt["class"] == "auth").collect();
    assert!(!refused.is_empty() && refused.iter().all(|attempt| attempt["retry_in_ms"].is_u64()), "{refused:?}");
    assert!(
        ran.report["summary"]["retries"]["credentials"].as_u64() >= Some(refused.len() as u64),
        "{}",
        ran.report["summary"]
    );
}

#[test]
fn row_5_a_role_that_fails_for_a_moment_fails_no_target() {
    let faults = [
        json!({"fail": 3, "status": 503}),
        json!({"lifetime_s": 3, "after": 1, "fail": 3, "status": 503}),
        json!({"lifetime_s": 3, "after": 1, "fail": 2, "mode": "html"}),
        json!({"lifetime_s": 3, "after": 1, "fail": 1, "mode": "truncated"}),
        json!({"lifetime_s": 3, "after": 1, "fail": 1, "mode": "nokeys"}),
        json!({"lifetime_s": 3, "after": 1, "fail": 2, "status": 429, "code": "Throttling.User", "message": "slow"}),
    ];
    side_by_side(&faults, |fault| {
        let is_late = fault["after"] == 1;
        let ground = ground(if is_late { 40 } else { 5 }, &json!({}));
        ground.faults(&json!({ASSUME: fault}));
        let ran = ground.run(&OPS, &[]);
        ran.stopped_all(&ground);
        let account = ran.account("ali");
        assert_eq!(account["refresh_failures"].as_u64() > Some(0), is_late, "{fault}: {account}");
        assert_eq!(ground.credentials().late_uses(), 0, "{fault}");
    });
}

/// The plan of row 6: one account whose role is refused in mid-run, and one that does not notice.
fn closing(wait: &str) -> Ground {
    let ground = Ground::new(executions(20).chain(jobs(10)));
    let accounts = json!({
        "ali": ground.ali(&json!({"account_id": A1, "credentials": role()})),
        "hw": ground.hw(&json!({})),
    });
    let more = json!({"retry": {"credentials_wait": wait}, "limits": {"rate": "4/s", "burst": 1}});
    ground.plan(&accounts, &[stop_executions("ali", 20), stop_jobs("hw", 10)].concat(), &more);
    ground.faults(&refused_later(3));
    ground
}

/// Checks what is left of the run of row 6.
#[track_caller]
fn is_closed(ground: &Ground, ran: &Ran) {
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let words = (ran.words_of("ali"), ran.words_of("hw"));
    assert_eq!(words, (vec!["credentials".to_owned(), "stopped".to_owned()], vec!["stopped".to_owned()]));
    assert_eq!((ground.credentials().late_uses(), ground.credentials().refused()), (0, 0));
    let (ali, hw) = (ran.account("ali"), ran.account("hw"));
    assert!(ali["closed"].as_str().unwrap().contains("may not assume"), "{ali}");
    assert_eq!(hw["closed"], Value::Null);
    // The first keys, and one refusal; the next would be 15 s later.
    assert_eq!(ground.counts([ASSUME]), [2]);
}

#[test]
fn row_6_an_account_without_keys_closes_and_the_others_go_on() {
    side_by_side(&["0s", "1s"], |wait| {
        let ground = closing(wait);
        let ran = ground.end(ground.start(&[OPS, HW_OPS].concat(), &["--progress", "plain"]));
        is_closed(&ground, &ran);
        ran.says(&["ali", "may not assume", "NoPermission"]);
        let paused = ran.account("ali")["paused_ms"].as_u64().unwrap();
        assert_eq!(paused >= 1000, *wait == "1s", "{paused}");
        ground.faults(&json!({ASSUME: {}}));
        let retry =
            ground.allstop(&["retry", "plan.report.json", "--yes", "--progress", "off"], &[OPS, HW_OPS].concat());
        assert_eq!((retry.code, ground.stopped()), (0, vec![1]), "{}", retry.stderr);
    });
}

#[test]
fn row_6_a_run_with_a_closed_account_is_resumed() {
    let ground = closing("0s");
    is_closed(&ground, &ground.run(&[OPS, HW_OPS].concat(), &[]));
    ground.faults(&json!({ASSUME: {}}));
    let ran = ground.resume(&[OPS, HW_OPS].concat());
    ran.stopped_all(&ground);
}

#[test]
fn row_6_an_account_that_waits_says_so_and_goes_on() {
    let ground = ground(20, &json!({"retry": {"credentials_wait": "10m"}}));
    ground.faults(&json!({ASSUME: {"lifetime_s": 1, "after": 1, "fail": -1, "status": 503}}));
    let mut run = ground.start(&OPS, &["--progress", "plain"]);
    let said = hears(&mut run, "waits for credentials");
    assert!(said.contains("ali waits for credentials (") && said.contains("left"), "{said}");
    ground.faults(&json!({ASSUME: {}}));
    let ran = ground.end(run);
    ran.stopped_all(&ground);
    assert!(ran.account("ali")["paused_ms"].as_u64() > Some(0), "{:?}", ran.account("ali"));
}

#[test]
fn row_9_a_token_file_is_read_again() {
    let rrsa = json!({"oidc": {
        "role_arn": RRSA, "provider_arn": IDP, "token_file": "$HOME/jwt",
    }});
    let ground = Ground::new(executions(40));
    ground.write("jwt", JWT);
    let account = ground.ali(&json!({"account_id": A1, "credentials": rrsa}));
    let limits = json!({"limits": {"rate": "10/s", "burst": 1}});
    ground.plan(&json!({"ali": account}), &stop_executions("ali", 40), &limits);
    ground.faults(&json!({"ali:AssumeRoleWithOIDC": {"lifetime_s": 3}}));
    let run = ground.start(&[], &["--progress", "off"]);
    ground.wait_for_stops(5);
    // The kubelet writes the next one, and the first one ends.
    ground.write("jwt", "next.id-token.hush\n");
    ground.set(&json!({"id_tokens": {JWT: "expired", OLD_JWT: "expired", "next.id-token.hush": "good"}}));
    ground.end(run).stopped_all(&ground);
    let ledger = ground.credentials();
    assert!(ledger.issued.len() >= 2 && ledger.log.iter().all(|call| call.status == 200), "{:?}", ledger.log);
}

/// Runs with keys of 60 s while the clouds' clock is so many seconds ahead.
fn with_clock(offset: i64, agency: &Value, concurrency: u64) {
    let ground = Ground::new(executions(30).chain(jobs(30)));
    ground.simulator.set_clock(jiff::SignedDuration::from_secs(offset));
    ground.faults(&json!({ASSUME: {"lifetime_s": 60}, "hw:assume": {"lifetime_s": 60}}));
    let accounts = json!({
        "ali": ground.ali(&json!({"account_id": A1, "credentials": role()})),
        "hw": ground.hw(&json!({"account_id": D1, "credentials": agency})),
    });
    ground.plan(
        &accounts,
        &[stop_executions("ali", 30), stop_jobs("hw", 30)].concat(),
        &json!({"limits": {"concurrency": concurrency}}),
    );
    ground.run(&[OPS, HW_OPS].concat(), &[]).stopped_all(&ground);
    let ledger = ground.credentials();
    assert_eq!((ledger.late_uses(), ledger.locked.len()), (0, 0), "{offset}: {:?}", ledger.issued);
    assert_eq!(ledger.issued_by(ASSUME).count(), 1);
}
#[test]
fn row_14_a_wrong_clock_does_no_harm() {
    side_by_side(&[-4000, 4000], |offset| with_clock(*offset, &json!({"role": {"urn": HW_ROLE}}), 4));
}

#[test]
fn row_14_a_wrong_clock_locks_no_key() {
    let agency = json!({"role": {"urn": HW_ROLE}});
    let cases = [(4000, agency.clone()), (-4000, agency), (4000, json!("default")), (-4000, json!("default"))];
    side_by_side(&cases, |(offset, agency)| with_clock(*offset, agency, 32));
}

#[test]
fn keys_age_while_other_accounts_sign_in() {
    let ground = Ground::new(executions(40).chain(jobs(1)));
    let accounts = json!({
        "ali": ground.ali(&json!({"account_id": A1, "credentials": role()})),
        "hw": ground.hw(&json!({"account_id": D1})),
    });
    let limits = json!({"limits": {"rate": "10/s", "burst": 1}});
    ground.plan(&accounts, &[stop_executions("ali", 40), stop_jobs("hw", 1)].concat(), &limits);
    ground.faults(&json!({ASSUME: {"lifetime_s": 4}, "hw:caller": {"delay_ms": 2000}}));
    ground.run(&[OPS, HW_OPS].concat(), &[]).stopped_all(&ground);
    assert_eq!(ground.credentials().late_uses(), 0, "{:?}", ground.credentials().issued);
}
