//! Runs that last longer than their keys.

use serde_json::json;

use super::ground::{A1, Ground, OPS, executions, role, stop_executions};

const ASSUME: &str = "ali:AssumeRole";

/// A run under a role, at ten stops a second; `plan` are further sections.
fn ground(count: usize, plan: &serde_json::Value) -> Ground {
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
