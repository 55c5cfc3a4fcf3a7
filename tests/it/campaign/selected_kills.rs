//! SIGKILL at random moments of runs that select: while they list, while they freeze what they found, and while they stop.

use std::collections::{HashMap, HashSet};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use allstop::engine::{Outcome, Status};
use allstop::environment::Environment;
use allstop::journal::{FrozenTargets, ReadError, Replay};
use allstop::report::Report;
use allstop::simulator::{
    self, Config, Facts, Faults, Id, Initial, Ledger, ListFault, ListTrouble, Model, Quirks, Resource, Selected, Start,
};
use fastrand::Rng;
use tokio::time::Instant;

use super::ground::{FAST, Ground, PATIENCE, RESUME, RUN};
use super::judge::{judge, open, unread};

/// How many runs are killed, unless `ALLSTOP_KILLS` says otherwise.
const RUNS: u64 = 6;

/// How many runs there are at a time.
const AT_ONCE: usize = 2;

/// The most times that one run is killed.
const MOST_KILLS: u64 = 4;

/// How many executions are found that are protected: they fill the journal, and cost no stop.
const PROTECTED: usize = 1_200;

/// How many executions are found that are not, besides what the world has for each selection.
const FURTHER: usize = 150;

/// About how many listing requests a run needs, and how many bytes its found targets take in the journal.
const LISTING: u64 = 120;
const FROZEN: u64 = 400_000;

/// How many targets a run stops at least.
const STOPS: u64 = 200;

/// How long to wait for a request before the journal, and the program, are looked at again.
const GLANCE: Duration = Duration::from_millis(2);

/// How many executions come after what is found was frozen.
const NEW: usize = 3;

/// The APIs that nothing but listings calls.
const LISTS: [&str; 7] = [
    "fnf:ListFlows",
    "fnf:ListExecutions",
    "searchengine:ListInstances",
    "elasticsearch:ListInstance",
    "live:ListFlows",
    "drs:ShowJobList",
    "drs:ListInstanceByTags",
];

/// Selections of all five kinds, and a target that is named.
const TARGETS: [&str; 6] = [
    "id: etl, kind: fnf_execution, select: {flow_name: 'etl-*', older_than: 2h, except: {flow_name: '*-golden'}}",
    "kind: drs_job, account: hw, job_id: named",
    "id: tasks, kind: opensearch_task, select: {tags: {env: [test, dev]}, older_than: 30m}",
    "id: changes, kind: elasticsearch_task, select: {older_than: 1h, name: 'es-*', except: {tags: {keep: '*'}}}",
    "id: flows, kind: live_flow, account: hw, select: {name: ['cam-*', 'stage-?*'], except: {name: '*-main'}}",
    "id: jobs, kind: drs_job, account: hw, select: {job_type: sync, tags: {env: test}, except: {name: '*golden*'}}",
];

#[derive(Debug, Default)]
struct Figures {
    runs: u64,
    kills: u64,
    /// Kills before anything was in the journal but its header, after lines of found targets, and after the last of them.
    while_listing: u64,
    while_freezing: u64,
    frozen: u64,
    /// Runs that stopped nothing because something could not be listed to its end, and began anew.
    unlisted: u64,
    rows: usize,
    /// Rows of targets that nothing was done about.
    lost: usize,
    repeated: usize,
    false_rows: usize,
    /// Listing requests of resumed runs.
    listed_again: u64,
    /// Stops of what came after the freeze, or before it.
    new_stopped: u64,
    unread: usize,
    open: usize,
}

#[test]
fn killed_selections_are_resumed_to_the_end() {
    let runs = Environment::of_process().get("ALLSTOP_KILLS").map_or(RUNS, |runs| runs.parse().unwrap());
    let mut sum = Figures::default();
    for batch in (1..=runs).collect::<Vec<_>>().chunks(AT_ONCE) {
        let figures: Vec<_> = std::thread::scope(|scope| {
            let campaigns: Vec<_> = batch.iter().map(|seed| scope.spawn(|| Campaign::new(*seed).run())).collect();
            campaigns.into_iter().map(|campaign| campaign.join().unwrap()).collect()
        });
        figures.into_iter().for_each(|figures| sum.add(&figures));
    }
    println!("{sum:?}");
    let wrong = [sum.lost, sum.repeated, sum.false_rows, sum.open];
    assert_eq!((sum.runs, wrong, sum.listed_again, sum.new_stopped), (runs, [0; 4], 0, 0), "{sum:?}");
    assert!(sum.while_listing > 0 && sum.frozen > 0, "{sum:?}");
}

/// One run, from its first start to its report.
struct Campaign {
    ground: Ground,
    seed: u64,
    chance: Rng,
    figures: Figures,
    /// The targets that a journal knew as done at a kill: the stop requests by then, and the fact.
    known: HashMap<u32, (u32, Outcome)>,
    /// The listing requests when the found targets were frozen.
    lists: Option<u64>,
    /// What came after that.
    new: HashSet<Id>,
}

/// When the program is killed.
enum Moment {
    /// When so many more reads have come in, listings included.
    Read(u64),
    /// When so many bytes of found targets are in the journal, or a stop has come in.
    Written(u64),
    /// When so many more stops have come in.
    Stopped(u64),
}

impl Campaign {
    fn new(seed: u64) -> Self {
        let config = Config {
            faults: faults(seed),
            seed,
            speed: 50.0,
            quotas: false,
            quirks: Quirks { most_before_token: Some(99), ..Quirks::default() },
            // Pages that come slowly, in the middle of the listing.
            list_faults: vec![ListFault::new(ListTrouble::Slow(Duration::from_millis(15))).page(2).times(5)],
            ..Config::default()
        };
        let settings = FAST.replace("max_attempts: 30", "max_attempts: 40");
        let guards = "protect: ['kept-*'], max_targets: 10000";
        let ground = Ground::guarded(&config, guards, &settings, TARGETS.map(str::to_owned));
        let kept = (0..PROTECTED).map(|number| execution(number, "kept"));
        ground.cloud().load(kept.chain((0..FURTHER).map(|number| execution(number, "open"))));
        let figures = Figures { runs: 1, ..Figures::default() };
        let (chance, known, new) = (Rng::with_seed(seed), HashMap::new(), HashSet::new());
        Self { ground, seed, chance, figures, known, lists: None, new }
    }

    /// Runs until killed, and goes on until killed or at the end.
    fn run(mut self) -> Figures {
        let kills = self.chance.u64(1..=MOST_KILLS);
        while self.figures.kills < kills {
            let status = self.killed();
            match status.code() {
                None => self.look(),
                exit if self.was_unlisted(exit) => {}
                exit => return self.end(exit),
            }
        }
        self.end(None)
    }

    /// Starts the program, or goes on, and kills it at a random moment.
    fn killed(&mut self) -> ExitStatus {
        let moment = match (self.lists, self.chance.u8(0..10)) {
            (None, 0..4) => Moment::Read(self.chance.u64(1..=LISTING)),
            (None, 4..8) => Moment::Written(self.chance.u64(1..=FROZEN)),
            (None | Some(_), _) => Moment::Stopped(self.chance.u64(1..=STOPS)),
        };
        let before = self.ground.cloud().ledger().requests;
        let args = if self.lists.is_some() { &RESUME[..] } else { &RUN[..] };
        let mut running = self.ground.start(args);
        let begun = Instant::now();
        loop {
            let has_come = |enough: &dyn Fn(&simulator::Requests) -> bool| {
                self.ground.cloud().wait_until(GLANCE, |requests| enough(requests))
            };
            let is_now = match moment {
                Moment::Read(reads) => has_come(&|requests| requests.reads >= before.reads + reads),
                Moment::Written(bytes) => {
                    let length = std::fs::metadata(self.ground.journal()).map_or(0, |file| file.len());
                    length >= bytes || has_come(&|requests| requests.stops > before.stops)
                }
                Moment::Stopped(stops) => has_come(&|requests| requests.stops >= before.stops + stops),
            };
            if is_now || running.has_ended() {
                let status = running.killed();
                assert!(status.signal() == Some(9) || matches!(status.code(), Some(0 | 1)), "{}: {status}", self.seed);
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "seed {}: the program does not go on", self.seed);
        }
    }

    /// Looks at what a killed run left, and checks that nothing was stopped before what it found was frozen.
    fn look(&mut self) {
        self.figures.kills += 1;
        let replay = match allstop::journal::read(&self.ground.journal()) {
            Ok(replay) => replay,
            // It was killed before there was a journal.
            Err(ReadError::Io { .. }) => {
                assert_eq!((self.lists, self.ground.cloud().ledger().requests.stops), (None, 0), "seed {}", self.seed);
                self.figures.while_listing += 1;
                return;
            }
            Err(error) => panic!("seed {}: {error}", self.seed),
        };
        let ledger = self.ground.cloud().ledger();
        if replay.frozen.is_none() {
            self.figures.new_stopped += ledger.requests.stops;
            let lines = std::fs::read_to_string(self.ground.journal()).unwrap().lines().count();
            *(if lines > 1 { &mut self.figures.while_freezing } else { &mut self.figures.while_listing }) += 1;
            return self.refused();
        }
        self.figures.frozen += 1;
        if self.lists.is_none() {
            self.lists = Some(lists(&ledger));
            let new: Vec<_> = (0..NEW).map(|number| execution(number, "new")).collect();
            self.new = new.iter().map(|resource| resource.id.clone()).collect();
            self.ground.cloud().load(new);
        }
        self.remember(&replay, &ledger);
    }

    /// Checks that a run that was killed while it listed cannot be resumed, and that trying to stops nothing.
    fn refused(&self) {
        let output = self.ground.program(&RESUME).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "seed {}: {stderr}", self.seed);
        assert!(stderr.contains("killed while it listed; nothing was stopped"), "seed {}: {stderr}", self.seed);
        assert_eq!(self.ground.cloud().ledger().requests.stops, 0, "seed {}", self.seed);
    }

    /// Remembers what the journal knows; the rows of the run name the targets.
    fn remember(&mut self, replay: &Replay, ledger: &Ledger) {
        self.take(replay.frozen.clone());
        for (target, fact) in replay.past.done.iter() {
            self.known.entry(target).or_insert_with(|| (self.ground.stops(ledger, target), fact.outcome));
        }
        self.ground.remember(&replay.past);
    }

    /// Puts the targets in their places that were found and frozen, unless they are.
    fn take(&mut self, frozen: Option<FrozenTargets>) {
        if !self.ground.plan.selects.is_empty() {
            self.ground.plan = frozen.unwrap().complete(&self.ground.plan).unwrap().plan;
        }
    }

    /// Tells whether a run ended without a stop because something could not be listed to its end.
    fn was_unlisted(&mut self, exit: Option<i32>) -> bool {
        let report = self.ground.report();
        let is_unlisted = report.run.status == Status::Unlisted;
        if is_unlisted {
            let stops = self.ground.cloud().ledger().requests.stops;
            assert_eq!((exit, self.lists, stops), (Some(1), None, 0), "seed {}", self.seed);
            self.figures.unlisted += 1;
            assert!(self.figures.unlisted < 5, "seed {}: nothing can be listed", self.seed);
        }
        is_unlisted
    }

    /// Goes on to the end of a run, and compares what it says with what happened.
    fn end(mut self, mut exit: Option<i32>) -> Figures {
        while exit.is_none() || self.was_unlisted(exit) {
            let args = if self.lists.is_some() { &RESUME[..] } else { &RUN[..] };
            let output = self.ground.program(args).output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1)), "seed {}: {stderr}", self.seed);
            exit = output.status.code();
        }
        let report = self.ground.report();
        self.take(allstop::journal::read(&self.ground.journal()).unwrap().frozen);
        let Self { mut figures, ground, seed, known, lists: before, new, .. } = self;
        let false_rows = judge(&ground, &report, exit, None);
        false_rows.iter().for_each(|row| println!("seed {seed}: {row}"));
        let ledger = ground.cloud().ledger();
        figures.rows = report.targets.len();
        figures.lost = report.targets.iter().filter(|row| row.reason.is_some() && !is_left_out(row)).count();
        figures.unread = if faults(seed) == Faults::Storm { unread(&report) } else { 0 };
        figures.false_rows = false_rows.len() + misselected(&ground, &report, &ledger, &new, seed);
        // What has gone since it was listed is not there any more.
        let gone = report.targets.iter().filter(|row| row.outcome == Outcome::NotFound).count();
        figures.open = open(&report) - figures.unread - gone;
        figures.listed_again = before.map_or(0, |before| lists(&ledger) - before);
        let is_asked = |id: &Id| ledger.resource(id).is_some_and(|record| record.counts.requests > 0);
        figures.new_stopped += new.iter().filter(|id| is_asked(id)).count() as u64;
        for (target, (stops, fact)) in &known {
            figures.repeated += usize::from(ground.stops(&ledger, *target) > *stops);
            assert_eq!(report.targets[*target as usize].outcome, *fact, "seed {seed}: a fact stays one");
        }
        figures
    }
}

/// Every second run goes through a storm.
const fn faults(seed: u64) -> Faults {
    if seed.is_multiple_of(2) { Faults::Storm } else { Faults::Some }
}

/// Makes an execution that the first selection matches.
fn execution(number: usize, name: &str) -> Resource {
    let model = Model::of_kind("fnf_execution").unwrap();
    let (scope, name) = (format!("etl-{}", number % 3).into(), format!("{name}-{number}").into());
    let facts = Facts { start: Some(Start::At("2026-01-02T03:04:05.678Z".into())), ..Facts::default() };
    let id = Id { model, account: 0, scope, name };
    Resource { facts: Some(Arc::new(facts)), ..Resource::new(id, Initial::Running) }
}

fn lists(ledger: &Ledger) -> u64 {
    ledger.listing_requests(|api| LISTS.contains(&api))
}

fn is_left_out(row: &allstop::report::Row) -> bool {
    row.reason == Some(allstop::engine::SkipReason::Protected)
}

/// Compares what was found and stopped with what the selections mean; returns how often they differ.
fn misselected(ground: &Ground, report: &Report, ledger: &Ledger, new: &HashSet<Id>, seed: u64) -> usize {
    let rows = ground.plan.targets.iter().zip(&report.targets).map(|(target, row)| simulator::Row {
        id: Id::of(target, &ground.plan.accounts).unwrap(),
        selection: row.selection.as_deref().map(Into::into),
    });
    let run = Selected { wishes: ground.cloud().wishes(), rows: rows.collect(), missing: Vec::new() };
    let found = simulator::audit_selected(ledger, &run, |id| new.contains(id));
    found.iter().for_each(|one| println!("seed {seed}: {one}"));
    found.len()
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.kills += other.kills;
        self.while_listing += other.while_listing;
        self.while_freezing += other.while_freezing;
        self.frozen += other.frozen;
        self.unlisted += other.unlisted;
        self.rows += other.rows;
        self.lost += other.lost;
        self.repeated += other.repeated;
        self.false_rows += other.false_rows;
        self.listed_again += other.listed_again;
        self.new_stopped += other.new_stopped;
        self.unread += other.unread;
        self.open += other.open;
    }
}
