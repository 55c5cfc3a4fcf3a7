//! Storms over selections of all five kinds, in worlds that change while they are listed.

use std::collections::BTreeMap;

use allstop::environment::Environment;
use serde_json::Value;

use crate::environment::{Ended, TestEnvironment};

/// How many seeds are tried with each degree of faults, unless `ALLSTOP_STORM_SEEDS` says otherwise.
const SEEDS: u64 = 2;

/// How many rehearsals run at a time.
const AT_ONCE: usize = 2;

/// Selections of all five kinds, each with several conditions, two of which share a listing; and targets that are named.
const PLAN: &str = r#"
version: 1
accounts:
  ali: {cloud: alibaba, region: cn-hangzhou}
  ali-2: {cloud: alibaba, region: cn-shanghai}
  hw: {cloud: huawei, region: cn-north-4}
defaults: {account: ali}
guards: {protect: ["*payments*", "tag.keep=*"], max_targets: 10000}
targets:
  - {kind: fnf_execution, flow_name: storm, execution_name: named}
  - {id: etl, kind: fnf_execution, accounts: ["ali*"], select: {flow_name: "etl-*", older_than: 2h, except: {flow_name: "*-golden"}}}
  - {id: fresh, kind: fnf_execution, select: {flow_name: "web-{a,b}", newer_than: 1h, mode: standard}}
  - {id: tasks, kind: opensearch_task, accounts: ["ali*"], select: {tags: {env: [test, dev]}, older_than: 30m, except: [{name: "*golden*"}]}}
  - {kind: opensearch_task, instance_id: ha-named, fsm_id: "t@1"}
  - {id: changes, kind: elasticsearch_task, select: {older_than: 1h, name: "es-*", except: {tags: {keep: "*"}}}}
  - {id: flows, kind: live_flow, account: hw, select: {name: ["cam-*", "stage-?*"], except: [{name: "*-main"}, {protocol: other}]}}
  - {id: jobs, kind: drs_job, account: hw, select: {job_type: [sync, migration], tags: {env: test}, older_than: 1d, except: [{tags: {keep: "*"}}, {name: "*golden*"}]}}
  - {id: newest, kind: drs_job, account: hw, select: {engine_type: mysql, order: newest, limit: 30}}
"#;

/// The selections of the plan.
const SELECTIONS: [&str; 7] = ["etl", "fresh", "tasks", "changes", "flows", "jobs", "newest"];

/// What rehearsals came to.
#[derive(Debug, Default)]
struct Figures {
    rehearsals: u64,
    rows: usize,
    requests: u64,
    /// How many things the listings showed.
    seen: u64,
    /// Rehearsals that stopped nothing, because something could not be listed to its end.
    unlisted: u64,
    outcomes: BTreeMap<String, usize>,
}

#[test]
fn storms_over_selections_agree_with_the_ledger() {
    let seeds = Environment::of_process().get("ALLSTOP_STORM_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    let env = TestEnvironment::new().with("selected.yaml", PLAN);
    for faults in ["some", "storm"] {
        let mut sum = Figures::default();
        for batch in (1..=seeds).collect::<Vec<_>>().chunks(AT_ONCE) {
            let figures: Vec<_> = std::thread::scope(|scope| {
                let storms: Vec<_> = batch.iter().map(|seed| scope.spawn(|| rehearsal(&env, faults, *seed))).collect();
                storms.into_iter().map(|storm| storm.join().unwrap()).collect()
            });
            figures.into_iter().for_each(|figures| sum.add(figures));
        }
        println!(
            "{seeds} rehearsals of selections with the faults `{faults}`: every row agrees with the ledger: {sum:?}"
        );
        assert!(sum.unlisted * 10 <= seeds, "faults that pass are no reason to give up: {sum:?}");
    }
}

/// Rehearses, and checks that every row agrees and that the run did what selections mean.
fn rehearsal(env: &TestEnvironment, faults: &str, seed: u64) -> Figures {
    let name = format!("{faults}-{seed}.json");
    let number = seed.to_string();
    let run = ["run", "selected.yaml", "--rehearse", "--speed", "400", "--progress", "off", "--report", &name];
    let Ended { code, stderr, .. } = env.run([&run[..], &["--faults", faults, "--seed", &number]].concat());
    let report = env.report(&name);
    assert_eq!(report["rehearsal"]["agrees"], true, "{faults}, seed {seed}: {stderr}");
    assert_eq!(report["rehearsal"]["disagreements"], Value::Array(Vec::new()), "{faults}, seed {seed}");
    let rows = report["targets"].as_array().unwrap();
    let selections = report["selections"].as_array().unwrap();
    let ids: Vec<_> = selections.iter().map(|selection| selection["id"].as_str().unwrap()).collect();
    assert_eq!(ids, SELECTIONS, "{faults}, seed {seed}");
    let sum = |field: &str| selections.iter().map(|selection| selection[field].as_u64().unwrap()).sum::<u64>();
    let is_unlisted = report["run"]["status"] == "unlisted";
    if is_unlisted {
        let is_untouched = |row: &Value| row["outcome"] == "skipped";
        assert!(code == 1 && rows.iter().all(is_untouched), "{faults}, seed {seed}: {stderr}");
    } else {
        for selection in selections {
            assert!(selection["matched"].as_u64() >= Some(10), "{faults}, seed {seed}: {selection}");
        }
        let is_done = |row: &&Value| matches!(row["outcome"].as_str(), Some("stopped" | "already_stopped" | "skipped"));
        assert_eq!(code, i32::from(!rows.iter().all(|row| is_done(&row))), "{faults}, seed {seed}: {stderr}");
    }
    let mut outcomes = BTreeMap::new();
    rows.iter().for_each(|row| *outcomes.entry(row["outcome"].as_str().unwrap().to_owned()).or_default() += 1);
    Figures {
        rehearsals: 1,
        rows: rows.len(),
        requests: sum("requests"),
        seen: sum("seen"),
        unlisted: u64::from(is_unlisted),
        outcomes,
    }
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.rehearsals += other.rehearsals;
        self.rows += other.rows;
        self.requests += other.requests;
        self.seen += other.seen;
        self.unlisted += other.unlisted;
        other.outcomes.into_iter().for_each(|(outcome, count)| *self.outcomes.entry(outcome).or_default() += count);
    }
}
