//! Few tries in a cloud where much fails, and what a lost answer did is seen late: no row may claim more than is so.

use std::sync::{Arc, Mutex};

use super::cloud::{Cloud, State};
use super::world::{Call, add, in_batches, plan, run};
use crate::engine::Outcome;

const SEEDS: u64 = 60;

#[tokio::test(start_paused = true)]
async fn however_few_the_tries_every_row_is_true() {
    let mut failed = 0;
    for (seed, max_attempts, is_batched) in
        (0..SEEDS).flat_map(|seed| [(seed, 1, false), (seed, 3, true), (seed, 3, seed % 2 == 0)])
    {
        let mut plan = plan("fnf_execution", 12);
        add(&mut plan, "live_flow", 4);
        add(&mut plan, "drs_job", 12);
        plan.retry.max_attempts = max_attempts;
        if is_batched {
            plan = in_batches(plan);
        }
        let cloud = Arc::new(Mutex::new(Cloud::new(seed, plan.targets.len())));
        let answering = Arc::clone(&cloud);
        let (record, _) = run(plan, move |call: &Call| answering.lock().unwrap().answer(call)).await;
        for (number, result) in record.results.iter().enumerate() {
            let state = cloud.lock().unwrap().state(number);
            let is_true = match result.outcome {
                Outcome::Stopped => matches!(state, State::Stopped | State::Ended),
                Outcome::AlreadyStopped => state == State::Ended,
                Outcome::Accepted => state != State::Running,
                // What had come to its own end cannot be told to be so where nobody could look.
                Outcome::Failed => matches!(state, State::Running | State::Ended),
                Outcome::Unknown => true,
                Outcome::NotFound | Outcome::Skipped | Outcome::WouldStop => false,
            };
            assert!(
                is_true,
                "seed {seed}, {max_attempts} tries, batches {is_batched}: {number} is {state:?}, and not {result:?}"
            );
            let stands = matches!(result.outcome, Outcome::Stopped | Outcome::AlreadyStopped);
            let moves = ["Running", "INCRE_TRANSFER_STARTED", "RELEASE_RESOURCE_STARTED", "ACTIVE"];
            assert!(!stands || result.state.as_deref().is_none_or(|word| !moves.contains(&word)), "{result:?}");
            failed += u32::from(result.outcome == Outcome::Failed);
        }
    }
    assert!(failed > 50, "only {failed} failed");
}
