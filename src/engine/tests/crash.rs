//! Crashes at every note and every request of a run, and of the runs that go on with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use tokio::time::Instant;

use super::cloud::{Cloud, State, is_stop};
use super::world::{Answer, Call, Calls, add, in_batches, plan, prepare};
use crate::base::clock::Clock;
use crate::base::environment::Environment;
use crate::engine::{Outcome, Record, ResumeState, Status, TargetResult};
use crate::journal::tests::memory::{Life, Memory};
use crate::plan::Plan;

/// How many scripts are cut at every step, unless `ALLSTOP_CRASH_SEEDS` says otherwise.
const SEEDS: u64 = 8;

/// A cloud, a plan of what runs in it, and what was known for certain at the crashes.
struct Scene {
    cloud: Arc<Mutex<Cloud>>,
    plan: Plan,
    began: Instant,
    /// The stop requests of a target that was done by then, and its fact.
    known: HashMap<u32, (u32, TargetResult)>,
}

/// Wall time that passes as tokio's does.
struct Passing(Instant);

impl Clock for Passing {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-11-22T05:00:00Z".parse().unwrap();
        start + self.0.elapsed()
    }
}

impl Scene {
    fn new(seed: u64) -> Self {
        let mut plan = plan("fnf_execution", 4);
        add(&mut plan, "live_flow", 3);
        add(&mut plan, "drs_job", 3);
        if seed % 2 == 1 {
            plan = in_batches(plan);
        }
        plan.retry.max_attempts = 100;
        plan.limits.concurrency = 1 + (seed % 6) as usize;
        let cloud = Arc::new(Mutex::new(Cloud::new(seed, plan.targets.len())));
        Self { cloud, plan, began: Instant::now(), known: HashMap::new() }
    }

    /// Begins or goes on with the run; returns its record, unless life ends first.
    async fn live(&self, life: &Life, memory: &Arc<Memory>, past: Option<ResumeState>) -> Option<Record> {
        let (cloud, mortal, journal) = (Arc::clone(&self.cloud), life.clone(), Arc::clone(memory));
        let script = move |call: &Call| {
            if !mortal.step() {
                return Answer(Duration::MAX, super::world::lost().1);
            }
            let are_known = || call.targets.iter().all(|target| knows(&journal, *target));
            assert!(!is_stop(call) || are_known(), "{call:?} is not in the journal");
            cloud.lock().unwrap().answer(call)
        };
        let run = prepare(self.plan.clone(), script, &Calls::default()).clock(Passing(self.began));
        let run = run.journal(Arc::clone(memory) as _).id(Memory::RUN);
        let run = match past {
            Some(past) => run.resume(past),
            None => run,
        };
        tokio::select! {
            biased;
            () = life.end() => None,
            record = run.execute() => Some(record.unwrap()),
        }
    }

    /// Remembers what a journal knows for certain.
    fn remember(&mut self, past: &ResumeState) {
        let cloud = self.cloud.lock().unwrap();
        for (target, fact) in past.done.iter() {
            self.known.entry(target).or_insert_with(|| (cloud.stops(target as usize), fact));
        }
    }

    /// Checks the end of it all.
    fn check(&self, record: &Record, memory: &Memory) {
        assert_eq!((record.status, record.id.as_str()), (Status::Completed, Memory::RUN));
        assert_eq!(record.results.len(), self.plan.targets.len());
        let cloud = self.cloud.lock().unwrap();
        for (number, result) in record.results.iter().enumerate() {
            let state = cloud.state(number);
            let truths = match state {
                State::Running | State::Stopping => &[][..],
                State::Stopped => &[Outcome::Stopped],
                // Whether it was a lost stop that ended it, nobody can tell.
                State::Ended => &[Outcome::AlreadyStopped, Outcome::Stopped],
            };
            assert!(truths.contains(&result.outcome), "{number} is {state:?}, and not {result:?}");
            let numbers = result.attempts.iter().map(|attempt| attempt.n);
            assert!(numbers.eq(1..=result.attempts.len() as u32), "{number}: {result:?}");
        }
        for (target, (stops, fact)) in &self.known {
            assert_eq!(cloud.stops(*target as usize), *stops, "{target} was known to be done: {fact:?}");
            assert_eq!(record.results.get(*target as usize).as_ref(), Some(fact));
        }
        let durable = Memory::read(&memory.left(0.0)).past.done;
        assert!((0..).zip(record.results.iter()).all(|(target, result)| durable.get(target) == Some(result)));
    }
}

/// Tells whether a target would be known to be in doubt, or done, after a crash now.
fn knows(journal: &Memory, target: usize) -> bool {
    let past = Memory::read(&journal.left(0.0)).past;
    let target = target as u32;
    past.open.contains_key(&target) || past.done.contains(target)
}

/// Carries a plan out through lives of so many steps, and one that is long enough; returns how many ended early.
///
/// `share` is the share of the bytes a crash leaves of those that were written and not yet synced.
async fn story(seed: u64, lives: &[u64], share: f64) -> usize {
    let mut scene = Scene::new(seed);
    let mut lives = lives.iter().copied().chain([u64::MAX]).map(Life::of);
    let mut life = lives.next().unwrap();
    let mut memory = Arc::new(Memory::begin(scene.plan.targets.len() as u32, life.clone()));
    let (mut past, mut crashes) = (None, 0);
    loop {
        if let Some(record) = scene.live(&life, &memory, past).await {
            scene.check(&record, &memory);
            return crashes;
        }
        crashes += 1;
        life = lives.next().unwrap();
        let (replay, next) = Memory::resume(&memory.left(share), life.clone(), Passing(scene.began).now());
        scene.remember(&replay.past);
        (memory, past) = (Arc::new(next), Some(replay.past));
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_step_loses_nothing_and_repeats_nothing() {
    let (mut runs, mut crashes) = (0, 0);
    let seeds = Environment::of_process().get("ALLSTOP_CRASH_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    for seed in 0..seeds {
        let mut chance = fastrand::Rng::with_seed(seed);
        for step in 1.. {
            let again = chance.u64(1..60);
            let crashed = story(seed, &[step, again], chance.f64()).await;
            runs += 1;
            crashes += crashed;
            if crashed == 0 {
                break;
            }
        }
    }
    println!("{runs} runs of 10 targets, {crashes} crashes");
    assert!(runs > 40 * seeds, "only {runs} runs");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_run_survives_any_crashes(
        seed: u64,
        lives in proptest::collection::vec(1..90_u64, 0..6),
        share in 0.0..=1.0,
    ) {
        let mut paused = tokio::runtime::Builder::new_current_thread();
        let runtime = paused.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(story(seed, &lives, share));
    }
}
