//! Runs with a payload key: workflows hear of each other as they do without one.

use std::time::{Duration, Instant};

use allstop::engine::{Outcome, Status};
use allstop::simulator::Config;

use crate::harness::{PATIENCE, Pace, Site, Size, Submission, TestPlan, answered, figures};

#[test]
fn a_second_run_gets_its_turn_and_a_cancelled_one_ends() {
    let size = Size::of_process();
    let plan = TestPlan::of(800).limited("{rate: 20/s, burst: 5}").in_parts(2);
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &plan) else { return };
    std::fs::write(site.path("payload.key"), "5f".repeat(32)).unwrap();
    let key = ["--payload-key-file", "payload.key"];
    let worker = site.worker(key);
    assert!(worker.says("serves runs", Duration::from_secs(60)).is_some(), "{}", worker.output());
    let [first, second] = ["part=p0", "part=p1"].map(|part| {
        let run = Submission::start(
            &site,
            Pace::of(size),
            &part.replace("part=", ""),
            &[&key[..], &["--label", part]].concat(),
        );
        run.is_submitted();
        site.cloud.wait_for_stops(20);
        run
    });
    // The first run keeps the quota for 300 s, unless it hears that another one waits.
    let had = site.cloud.ledger().requests.stops;
    site.cloud.wait_for_stops(had + 200);
    [&first, &second].iter().for_each(|run| run.process.interrupt());
    let done = [first, second].map(|run| run.done(size));
    let applied = done.each_ref().map(|done| {
        let rows = done.report.targets.iter();
        rows.filter(|row| row.outcome == Outcome::Stopped).count()
    });
    figures("payload key", format_args!("the runs stopped {applied:?} before both were cancelled"));
    for done in &done {
        assert_eq!((done.report.run.status, done.code), (Status::Interrupted, 130));
    }
    assert!(applied.iter().all(|applied| *applied >= 20), "{applied:?}");
}

#[test]
fn a_worker_without_the_key_says_so_and_another_one_carries_the_run_out() {
    let size = Size::of_process();
    let Some(site) = Site::new(&Config { speed: 40.0, ..Config::default() }, &TestPlan::of(20)) else { return };
    std::fs::write(site.path("payload.key"), "5f".repeat(32)).unwrap();
    let key = ["--payload-key-file", "payload.key"];
    let without = site.worker([""; 0]);
    let run = Submission::start(&site, Pace::of(size), "run", &key);
    let said = without.says("this worker cannot read a payload of this namespace", Duration::from_secs(60));
    assert!(said.is_some(), "{}", without.output());
    let shown = || site.run(["status", "run"].into_iter().chain(key)).stdout;
    let ends = Instant::now() + PATIENCE;
    let status = std::iter::repeat_with(shown).find(|status| status.contains("fail to") || Instant::now() > ends);
    let reason = ": the first one said: Failed decoding activation";
    assert!(status.as_ref().is_some_and(|status| status.contains(reason)), "{status:?}");
    drop(without);
    let with = site.worker(key);
    assert!(with.says("serves runs", Duration::from_secs(60)).is_some(), "{}", with.output());
    let done = run.done(size);
    done.judgement.assert_sound();
    assert_eq!(done.code, 0);
}

#[test]
fn a_plan_that_would_be_stored_unencrypted_beside_runs_that_are_not_is_warned_of() {
    let Some(site) = Site::new(&Config::default(), &TestPlan::of(3)) else { return };
    std::fs::write(site.path("payload.key"), "5f".repeat(32)).unwrap();
    let key = ["--payload-key-file", "payload.key"];
    let submit = |id, options: &[&'static str]| {
        let args = ["submit", "plan.yaml", "--id", id].into_iter().chain(options.iter().copied());
        answered(&mut site.command(args), "n\n")
    };
    let place = format!("The run goes to the task queue prod of the namespace {} at", site.namespace);
    let warning = "the latest run of the namespace is encrypted, and there is no payload key here";
    let (code, shown) = submit("first", &["--queue", "prod"]);
    assert_eq!(code, 3, "{shown}");
    assert!(shown.contains(&format!("{place} {}.", site.server.address())) && !shown.contains(warning), "{shown}");

    let ended = site.run(["submit", "plan.yaml", "--yes", "--id", "sealed"].into_iter().chain(key));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    // The list of runs is a second old at most.
    let ends = Instant::now() + PATIENCE;
    let is_listed = || site.run(["status"]).stdout.contains("sealed");
    let listed = std::iter::repeat_with(is_listed).find(|is_listed| *is_listed || Instant::now() > ends);
    assert_eq!(listed, Some(true));
    let (code, shown) = submit("second", &[]);
    assert_eq!(code, 3, "{shown}");
    assert!(shown.contains(warning) && shown.contains("the plan will be stored unencrypted"), "{shown}");
    let (code, shown) = submit("third", &key);
    assert_eq!(code, 3, "{shown}");
    assert!(!shown.contains(warning), "{shown}");

    let schedule = |command: &[&'static str], options: &[&'static str]| {
        let args = ["schedule"].into_iter().chain(command.iter().chain(options).copied());
        answered(&mut site.command(args), "y\n")
    };
    let create = ["create", "nightly", "plan.yaml", "--cron", "30 2 * * *"];
    let place = format!("Its runs go to the task queue allstop of the namespace {} at", site.namespace);
    let place = format!("{place} {}.", site.server.address());
    for (command, options, warns) in [
        (&create[..], &[][..], true),
        (&["update", "nightly", "plan.yaml"], &[], true),
        (&["update", "nightly", "plan.yaml"], &key, false),
    ] {
        let (code, shown) = schedule(command, options);
        assert_eq!((code, shown.contains(warning)), (0, warns), "{shown}");
        assert!(shown.contains(&place), "{shown}");
    }
    let (code, shown) = schedule(&["update", "nightly", "--cron", "30 3 * * *"], &key);
    assert_eq!((code, shown.contains(warning)), (0, false), "no plan is stored: {shown}");

    // The run is carried out all the same, and only workers with the key can say what it came to.
    let _worker = site.worker(key);
    let ended = site.run(["submit", "plan.yaml", "--yes", "--wait", "--id", "plain"]);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    let said = "the run plain has ended, and its report cannot be written here: cannot decode a payload";
    assert!(
        ended.stderr.contains(said) && ended.stderr.contains("`allstop-temporal report plain`"),
        "{}",
        ended.stderr
    );
    assert_eq!(site.run(["report", "plain"].into_iter().chain(key)).code, 0);
}
