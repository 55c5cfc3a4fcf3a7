//! Storms in which keys live for seconds, sources fail and keys are revoked, while everything else fails as well.

use std::path::Path;

use allstop::engine::Outcome;
use allstop::environment::Environment;
use allstop::plan::{Plan, Variables};
use allstop::provider::{Cloud, Credentials};
use allstop::report::Report;
use allstop::simulator::{self, Claim, Config, Faults};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::ground::{Ground, REPORT, side_by_side};
use crate::campaign::ground::targets;
use crate::selection::ground::quick;

/// How many seeds are tried, unless `ALLSTOP_STORM_SEEDS` says otherwise.
const SEEDS: u64 = 4;

/// How many runs there are at a time: most of what they do is waiting.
const AT_ONCE: usize = 4;

const TARGETS: usize = 120;

/// What issues keys for the two accounts, in storms of odd seeds and of even ones.
const ISSUING: [[&str; 2]; 2] = [["ali:AssumeRole", "hw:assume"], ["ali:uri", "hw:agency"]];

#[test]
fn storms_with_renewals_agree_with_the_ledger() {
    let seeds = Environment::of_process().get("ALLSTOP_STORM_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    let seeds: Vec<_> = (1..=seeds).collect();
    let (issued, faults) = (std::sync::atomic::AtomicUsize::new(0), std::sync::atomic::AtomicUsize::new(0));
    for few in seeds.chunks(AT_ONCE) {
        side_by_side(few, |seed| {
            let (keys, failed) = storm(*seed);
            issued.fetch_add(keys, std::sync::atomic::Ordering::Relaxed);
            faults.fetch_add(failed, std::sync::atomic::Ordering::Relaxed);
        });
    }
    println!("{} storms: {issued:?} keys were issued, {faults:?} faults of credentials: every row agrees", seeds.len());
    // Two keys a storm are those of the beginning. How many renewals follow depends on how fast the machine is.
    assert!(issued.into_inner() > 2 * seeds.len() && faults.into_inner() >= seeds.len());
}

/// The plan, with further keys of its accounts.
fn text(ali: &Value, hw: &Value) -> String {
    let targets: String = targets(TARGETS).map(|target| format!("  - {{{target}}}\n")).collect();
    format!(
        "version: 1\naccounts: {{ali: {ali}, hw: {hw}}}\ndefaults: {{account: ali}}\n\
         limits: {{concurrency: 8, rate: 8/s, burst: 2, adaptive: false}}\n\
         retry: {{max_attempts: 30, initial_delay: 2ms, max_delay: 50ms, request_timeout: 1s}}\ntargets:\n{targets}"
    )
}

/// Runs through a storm; returns how many keys were issued, and how often issuing failed or keys ended early.
fn storm(seed: u64) -> (usize, usize) {
    let project = json!({"project_id": "project"});
    let mut plan = {
        let (ali, hw) = (
            json!({"cloud": "alibaba", "region": "cn-hangzhou"}),
            json!({"cloud": "huawei", "region": "cn-north-4", "project_id": "project"}),
        );
        Plan::parse(text(&ali, &hw).as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan
    };
    let config = Config { faults: Faults::Storm, seed, speed: 50.0, ..quick() };
    let (simulator, _) = simulator::rehearse(&config, &mut plan).unwrap();
    let keys = [simulator.credentials(Cloud::Alibaba, 0), simulator.credentials(Cloud::Huawei, 1)].map(pair);
    let (ali_id, hw_id) = (simulator.account_id(Cloud::Alibaba, 0), simulator.account_id(Cloud::Huawei, 1));
    let (ali, hw) = if seed.is_multiple_of(2) {
        let agency = json!({"agency": "stopper", "domain": "account-1", "duration": "15m"});
        (json!({"credentials": {"uri": "$SIM/creds/uri"}}), json!({"credentials": {"role": agency}}))
    } else {
        let [arn, urn] = [format!("acs:ram::{ali_id}:role/stopper"), format!("iam::{hw_id}:agency:stopper")];
        (json!({"credentials": {"role": {"arn": arn}}}), json!({"credentials": {"role": {"urn": urn}}}))
    };
    let pinned = |account: Value, id: String, more: &Value| {
        let mut account = account;
        account["account_id"] = id.into();
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        account
    };
    let ground = Ground::of(simulator);
    let (ali, hw) = (ground.ali(&pinned(ali, ali_id, &json!({}))), ground.hw(&pinned(hw, hw_id, &project)));
    ground.env.write("plan.yaml", ground.fill(&text(&ali, &hw)));
    let [(ali_key, ali_secret), (hw_key, hw_secret)] = &keys;
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", &**ali_key),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ali_secret),
        ("HUAWEICLOUD_SDK_AK", hw_key),
        ("HUAWEICLOUD_SDK_SK", hw_secret),
    ];
    let ran = ground.run(&variables, &[]);
    assert!(ran.report.is_object(), "seed {seed}: exit {}: {}", ran.code, ran.stderr);
    let report = Report::read(&ground.env.path(REPORT)).unwrap();
    let claims =
        report.targets.iter().map(|row| Claim::new(row.outcome, row.attempts.iter().map(|attempt| attempt.class)));
    let (ledger, credentials) = (ground.simulator.ledger(), ground.credentials());
    assert_eq!(simulator::audit(&ledger, &plan.accounts, plan.targets.iter().zip(claims)), [], "seed {seed}");

    // Faults that pass close no account; what a service did not say stays open.
    let open = report.targets.iter().filter(|row| !matches!(row.outcome, Outcome::Stopped | Outcome::AlreadyStopped));
    let open: Vec<_> = open.map(|row| row.outcome).collect();
    assert!(
        open.iter().all(|outcome| matches!(outcome, Outcome::Accepted | Outcome::Unknown)),
        "seed {seed}: {open:?}\n{}",
        ran.stderr
    );
    assert_eq!(ran.code, i32::from(!open.is_empty()), "seed {seed}: {}", ran.stderr);
    for name in ["ali", "hw"] {
        assert_eq!(ran.account(name)["closed"], Value::Null, "seed {seed}");
    }
    assert_eq!(credentials.locked.len(), 0, "seed {seed}");
    let is_late = |operation: &&&str| credentials.issued_by(operation).any(|issued| issued.late_uses > 0);
    let late: Vec<_> = ISSUING.iter().flatten().filter(is_late).collect();
    assert!(late.is_empty(), "seed {seed}: {late:?}: {:?}", credentials.issued);
    for operation in ISSUING[usize::from(seed.is_multiple_of(2))] {
        assert_eq!(credentials.most_at_once[operation], 1, "seed {seed}: {operation}");
        assert!(credentials.issued_by(operation).count() >= 1, "seed {seed}: {operation}");
    }
    let faults = ["credentials", "revoke_keys", "refuse_keys"];
    let faults = faults.iter().filter_map(|name| ledger.requests.faults.get(*name)).sum::<u64>();
    (credentials.issued.len(), usize::try_from(faults).unwrap())
}

fn pair(credentials: Credentials) -> (String, String) {
    let Credentials::AccessKey { id, secret, .. } = credentials else { panic!("not an access key") };
    (id.to_string(), secret.expose_secret().to_owned())
}
