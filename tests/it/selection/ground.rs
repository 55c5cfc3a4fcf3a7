//! A simulator with resources, and plans that select some of them.

use allstop::clock::{Clock, SystemClock};
use std::time::Duration;

use allstop::provider::Cloud;
use allstop::simulator::{Config, ListFault, Resource};
use serde_json::{Value, json};

use crate::environment::{Ended, RUN, TestEnvironment, words};

pub(crate) const REPORT: &str = "plan.report.json";

/// The accounts of most plans, and waits that last no time.
pub(crate) const HEAD: &str = "
version: 1
accounts:
  ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: ENDPOINT, searchengine: ENDPOINT, elasticsearch: ENDPOINT}}
  hw: {cloud: huawei, region: cn-north-4, project_id: p, endpoints: {live: ENDPOINT, drs: ENDPOINT}}
limits: {rate: 1000/s}
retry: {initial_delay: 1ms, max_delay: 2ms}
";

/// Lists that read the states of targets.
const READS: [&str; 1] = ["drs:BatchListJobStatus"];

/// A fast simulator without quotas.
pub(crate) fn quick() -> Config {
    Config { speed: 1000.0, quotas: false, ..Config::default() }
}

/// Returns a port that nobody has, and that no connection gets by chance: a simulator can be replaced by another one there.
pub(super) fn lasting_port() -> u16 {
    let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(|| fastrand::u16(12_000..32_000)).find(is_free).unwrap()
}

/// Reads a resource; `more` are its further fields.
pub(crate) fn resource(value: Value) -> Resource {
    serde_json::from_value(value).unwrap()
}

/// Returns an execution that began so many minutes ago.
pub(crate) fn execution(flow: &str, name: &str, status: &str, minutes: u64) -> Resource {
    let (kind, since) = ("fnf_execution", ago(minutes));
    resource(json!({"kind": kind, "flow_name": flow, "execution_name": name, "status": status, "since": since}))
}

/// Returns the moment so many minutes ago.
pub(crate) fn ago(minutes: u64) -> String {
    (SystemClock.now() - Duration::from_secs(minutes * 60)).to_string()
}

/// Makes a directory whose `plan.yaml` is `plan`, and a simulator that has these resources.
pub(crate) fn ground(plan: &str, resources: impl IntoIterator<Item = Resource>) -> TestEnvironment {
    configured(&quick(), plan, resources)
}

/// Does so with settings of the simulator.
pub(crate) fn configured(
    config: &Config,
    plan: &str,
    resources: impl IntoIterator<Item = Resource>,
) -> TestEnvironment {
    let mut env = TestEnvironment::new();
    env.simulate_resources(config, Cloud::Alibaba, resources);
    env.accept(Cloud::Huawei);
    env.write_plan(&format!("{HEAD}{plan}"));
    env
}

impl TestEnvironment {
    /// Writes `plan.yaml`, in which `ENDPOINT` stands for the simulator.
    pub(crate) fn write_plan(&self, plan: &str) {
        self.write("plan.yaml", plan.replace("ENDPOINT", &format!("'{}'", self.simulator().endpoint())));
    }

    /// Runs `plan.yaml` with further options; returns how that ended, with the report.
    #[track_caller]
    pub(crate) fn select(&self, options: &[&str]) -> (Ended, Value) {
        let ended = self.run([&RUN[..], options].concat());
        assert!(self.exists(REPORT), "{ended:?}");
        (ended, self.report(REPORT))
    }

    /// Scripts faults of listings.
    pub(crate) fn script<const N: usize>(self, faults: [ListFault; N]) -> Self {
        faults.into_iter().for_each(|fault| self.simulator().script(fault));
        self
    }

    /// Returns the pages that were asked for, in the order of their names: `API unit[?status] page`, and how often.
    pub(crate) fn pages(&self) -> Vec<(String, u64)> {
        let listings = self.simulator().ledger().listings.into_iter().filter(|of| !READS.contains(&of.api));
        let name = |of: &allstop::simulator::ListingRequests| {
            let status = of.status.as_ref().map(|status| format!("?{status}")).unwrap_or_default();
            format!("{} {}{status} {}", of.api, of.unit, of.page)
        };
        listings.map(|of| (name(&of), of.count)).collect()
    }

    /// Returns how many requests listed.
    pub(crate) fn lists(&self) -> u64 {
        self.simulator().ledger().listing_requests(|api| !READS.contains(&api))
    }

    /// Returns how many requests asked for a stop.
    pub(crate) fn stops(&self) -> u64 {
        self.simulator().ledger().requests.stops
    }
}

/// Returns the id and the word of each row.
pub(crate) fn rows(report: &Value) -> Vec<String> {
    let ids = report["targets"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
    ids.zip(words(report)).map(|(id, word)| format!("{id} {word}")).collect()
}

/// Returns the numbers of a selection that are not 0, in one line: `seen 3 matched 1 other 2`.
#[track_caller]
pub(crate) fn counts(report: &Value, number: usize) -> String {
    let selection = &report["selections"][number];
    let left_out = selection["left_out"].as_object().unwrap();
    let number = |name: &str| selection[name].as_u64().unwrap();
    let sum: u64 = left_out.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(number("seen"), number("matched") + sum, "{selection}");
    let rest = left_out.iter().filter(|(_, count)| **count != json!(0)).map(|(name, count)| format!(" {name} {count}"));
    format!("seen {} matched {}{}", number("seen"), number("matched"), rest.collect::<String>())
}

/// Returns the units that could not be listed, with the class of the error: `flow etl: not_found`.
pub(crate) fn missing(report: &Value, number: usize) -> Vec<String> {
    let missing = report["selections"][number]["missing"].as_array().unwrap();
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    missing.iter().map(|unit| format!("{}: {}", text(&unit["what"]), text(&unit["error"]["class"]))).collect()
}

/// Checks that a run listed in vain: `unlisted`, exit status 1, and no stop.
#[track_caller]
pub(crate) fn is_unlisted(env: &TestEnvironment, (ended, report): &(Ended, Value)) {
    assert_eq!((ended.code, &report["run"]["status"]), (1, &json!("unlisted")), "{ended:?}");
    assert_eq!(env.stops(), 0);
}
