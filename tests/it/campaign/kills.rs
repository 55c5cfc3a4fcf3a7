//! SIGKILL at random moments of a run over all five services, and of what goes on with it.

use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt;

use allstop::engine::Outcome;
use allstop::environment::Environment;
use allstop::simulator::{Config, Faults, Requests};
use fastrand::Rng;

use super::ground::{FAST, Ground, RESUME, RUN, Running, targets};
use super::judge::{judge, open, outcome, unread};

/// How many runs are killed, unless `ALLSTOP_KILLS` says otherwise.
const RUNS: u64 = 12;

/// How many runs there are at a time.
const AT_ONCE: usize = 2;

const TARGETS: usize = 500;

/// The most times that one run is killed.
const MOST_KILLS: u64 = 4;

/// The targets that a journal knew as done at a kill: the stop requests by then, and the fact.
type Known = HashMap<u32, (u32, Outcome)>;

#[derive(Debug, Default)]
struct Figures {
    runs: u64,
    kills: u64,
    targets: usize,
    /// Targets that a journal knew as done at a kill.
    known: usize,
    /// Targets that a journal knew as begun at a kill, and not as done.
    in_doubt: usize,
    lost: usize,
    repeated: usize,
    false_rows: usize,
    /// Targets of storms whose end nobody could read.
    unread: usize,
    /// Other targets that are not stopped.
    open: usize,
}

#[test]
fn killed_runs_are_resumed_to_the_end() {
    let runs = Environment::of_process().get("ALLSTOP_KILLS").map_or(RUNS, |runs| runs.parse().unwrap());
    let mut sum = Figures::default();
    for batch in (1..=runs).collect::<Vec<_>>().chunks(AT_ONCE) {
        let figures: Vec<_> = std::thread::scope(|scope| {
            let campaigns: Vec<_> = batch.iter().map(|seed| scope.spawn(|| campaign(*seed))).collect();
            campaigns.into_iter().map(|campaign| campaign.join().unwrap()).collect()
        });
        figures.into_iter().for_each(|figures| sum.add(&figures));
    }
    println!(
        "{} runs of {TARGETS} targets, {} SIGKILLs; {} facts known and {} targets in doubt at a kill; \
         {} rows: {} lost, {} repeated, {} false, {} unknown or accepted where reads were refused, {} others not stopped",
        sum.runs,
        sum.kills,
        sum.known,
        sum.in_doubt,
        sum.targets,
        sum.lost,
        sum.repeated,
        sum.false_rows,
        sum.unread,
        sum.open
    );
    assert_eq!((sum.runs, sum.lost, sum.repeated, sum.false_rows, sum.open), (runs, 0, 0, 0, 0), "{sum:?}");
}

/// Runs until killed, and goes on until killed or at the end.
fn campaign(seed: u64) -> Figures {
    let mut chance = Rng::with_seed(seed);
    let config = Config { faults: faults(seed), seed, speed: 50.0, quotas: false, ..Config::default() };
    let ground = Ground::new(&config, FAST, targets(TARGETS));
    let mut figures = Figures { runs: 1, targets: TARGETS, ..Figures::default() };
    let mut known = Known::new();
    let (mut args, mut fresh, mut exit) = (&RUN[..], TARGETS as u64, None);
    let kills = chance.u64(1..=MOST_KILLS);
    while figures.kills < kills && fresh > 0 {
        let moment = moment(&mut chance, &ground, fresh);
        let running = ground.start(args);
        ground.wait_until(moment);
        exit = figures.kill(running, seed);
        if exit.is_some() {
            break;
        }
        let replay = allstop::journal::read(&ground.journal()).unwrap();
        let ledger = ground.cloud().ledger();
        for (target, fact) in replay.past.done.iter() {
            known.entry(target).or_insert_with(|| (ground.stops(&ledger, target), fact.outcome));
        }
        ground.remember(&replay.past);
        figures.known += replay.past.done.len();
        figures.in_doubt += replay.past.open.len();
        fresh = (TARGETS - replay.past.done.len() - replay.past.open.len()) as u64;
        args = &RESUME;
    }
    figures.end(&ground, &known, (seed, exit));
    figures
}

/// Every second run goes through a storm, where reads are refused, too.
const fn faults(seed: u64) -> Faults {
    if seed.is_multiple_of(2) { Faults::Storm } else { Faults::Some }
}

/// Draws the moment of a kill: when so many of the requests have come in that there are sure to be.
fn moment(chance: &mut Rng, ground: &Ground, fresh: u64) -> impl Fn(&Requests) -> bool + use<> {
    let before = ground.cloud().ledger().requests;
    // A job is always read, ten of them at a time.
    let reads = (fresh / 50 > 0 && chance.u8(..) < 50).then(|| chance.u64(1..=fresh / 50));
    // A request stops up to ten jobs.
    let stops = chance.u64(1..=(fresh * 4 / 5).max(1));
    move |requests| match reads {
        Some(reads) => requests.reads >= before.reads + reads,
        None => requests.stops >= before.stops + stops,
    }
}

impl Figures {
    /// Kills the program; returns its exit status where it was quicker.
    fn kill(&mut self, running: Running, seed: u64) -> Option<i32> {
        let status = running.killed();
        assert!(status.signal() == Some(9) || matches!(status.code(), Some(0 | 1)), "seed {seed}: {status}");
        self.kills += u64::from(status.code().is_none());
        status.code()
    }

    /// Goes on to the end of a run, and compares what it says with what happened.
    fn end(&mut self, ground: &Ground, known: &Known, (seed, exit): (u64, Option<i32>)) {
        let exit = if self.kills == 0 {
            // The first run was quicker than the first kill.
            exit
        } else {
            let output = ground.resume();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1)), "seed {seed}: {stderr}");
            output.status.code()
        };
        let report = ground.report();
        let resumed_from = report.run.resumed_from.as_deref();
        assert_eq!(resumed_from, Some("plan.report.json.journal").filter(|_| self.kills > 0), "seed {seed}");
        let false_rows = judge(ground, &report, exit, None);
        false_rows.iter().for_each(|row| println!("seed {seed}: {row}"));
        self.false_rows = false_rows.len();
        self.lost = self.targets - report.targets.iter().filter(|row| row.reason.is_none()).count();
        self.unread = if faults(seed) == Faults::Storm { unread(&report) } else { 0 };
        self.open = open(&report) - self.unread;
        let ledger = ground.cloud().ledger();
        for (target, (stops, fact)) in known {
            self.repeated += usize::from(ground.stops(&ledger, *target) > *stops);
            assert_eq!(outcome(&report, *target), *fact, "seed {seed}: a fact stays one");
        }
    }

    fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.kills += other.kills;
        self.targets += other.targets;
        self.known += other.known;
        self.in_doubt += other.in_doubt;
        self.lost += other.lost;
        self.repeated += other.repeated;
        self.false_rows += other.false_rows;
        self.unread += other.unread;
        self.open += other.open;
    }
}
