//! A plan of many targets, and histories that are long.

use std::time::{Duration, Instant};

use allstop::simulator::Config;
use serde_json::Value;

use crate::harness::{Fleet, Pace, Server, Site, Size, Submission, TestPlan, figures, floor, merged};

/// The events and the bytes of the histories of the workflows whose id begins so, all together, and the bytes of the largest.
fn histories(site: &Site, id: &str) -> (u64, u64, u64) {
    let listed = site.temporal(["workflow", "list", "--limit", "1000", "--output", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let of_run = |one: &&Value| one["execution"]["workflowId"].as_str().unwrap().starts_with(id);
    let number = |one: &Value, key: &str| one[key].as_str().map_or(0, |text| text.parse().unwrap());
    let ones = listed.as_array().unwrap().iter().filter(of_run);
    ones.fold((0, 0, 0), |(events, bytes, largest), one| {
        let size = number(one, "historySizeBytes");
        (events + number(one, "historyLength"), bytes + size, largest.max(size))
    })
}

#[test]
fn histories_stay_small() {
    let size = Size::of_process();
    let (lanes, targets) = (4, size.large(4000, 100_000));
    let plan = TestPlan::of(targets).over(lanes).limited("{rate: 1000/s, burst: 50, concurrency: 256}");
    let Some(site) = Site::new(&Config { speed: 2000.0, ..Config::default() }, &plan) else { return };
    let _fleet = Fleet::of(&site, 4);
    let pace = Pace { checkpoint: Duration::from_millis(500), ..Pace::of(size) };
    let done = Submission::start(&site, pace, "large", &[]).done(size);
    let (events, bytes, largest) = histories(&site, "allstop-run/large");
    let begin = Instant::now();
    let reported = site.run(["report", "large", "--report", "again.json"]);
    let took = begin.elapsed();
    figures(
        "a large plan",
        format_args!(
            "{targets} targets in {lanes} lanes of 1,000/s took {:.2?}, floor {:.2?}, repeated {}; {events} events, {bytes} bytes, \
             the largest history {largest} bytes; the report took {took:.2?}",
            done.took,
            floor(targets / usize::from(lanes), 50, 1000.0),
            done.judgement.repeated.len(),
        ),
    );
    done.judgement.assert_sound();
    assert_eq!((done.code, done.judgement.open, reported.code), (0, 0, 0), "{}", reported.stderr);
    // A slice of the run is one activity, whatever its rows are.
    let most = if targets > 100_000 { 4000 } else { 500 };
    assert!(events > 0 && events <= most, "{events} events instead of {most}");
    assert!(largest <= 45_000_000, "{largest} bytes");
    let longest = size.of(Duration::from_secs(60), Duration::from_secs(if targets > 100_000 { 20 } else { 3 }));
    assert!(took <= longest, "{took:?} instead of {longest:?}");
}

#[test]
fn what_goes_on_as_new_workflows_forgets_nothing() {
    let size = Size::of_process();
    let Some(server) = Server::configured(&["limit.historyCount.suggestContinueAsNew=10"]) else { return };
    let plan = TestPlan::of(240).limited("{rate: 20/s, burst: 5}").in_parts(2);
    let site = Site::at(server, &Config { speed: 40.0, ..Config::default() }, &plan);
    let mut fleet = Fleet::of(&site, 2);
    let runs = [("first", "part=p0"), ("second", "part=p1")];
    let runs = runs.map(|(id, part)| Submission::start(&site, Pace::of(size), id, &["--label", part]));
    site.cloud.wait_for_stops(60);
    let holder = fleet.holder("a0 ");
    fleet.kill(holder);
    let [first, second] = runs.map(|run| run.done(size));
    site.judge(&merged([&first.report, &second.report])).assert_sound();
    assert_eq!((first.code, second.code), (0, 0));
    let query = "ExecutionStatus = 'ContinuedAsNew'";
    let continued = site.temporal(["workflow", "list", "--query", query, "--output", "json"]);
    figures("new workflows", format_args!("{} histories", continued.matches("\"workflowId\"").count()));
    for id in ["/lane-0", "allstop-quota/"] {
        assert!(continued.contains(id), "{id}: {continued}");
    }
}
