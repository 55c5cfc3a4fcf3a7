//! The plans that a worker has read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use allstop::CancellationToken;
use allstop::engine::{RunError, StopLane};
use allstop::session::{BundledRun, Context, OpenBundle, SessionError};
use allstop::transport::{HttpTransport, Transport};
use temporalio_client::Client;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;

use super::fetch::{self, FetchError};
use crate::wire::RunRef;

/// How many plans a worker keeps. One that is read again costs a request and a second for a million targets.
const MOST: usize = 16;

/// A plan that was read, with what all its sessions share.
pub struct Opened {
    /// The plan.
    pub bundle: OpenBundle,
    /// Its lanes, by number.
    pub lanes: Vec<StopLane>,
    /// The hash of what the run stops, as this worker reads the plan.
    pub fingerprint: String,
    /// The HTTP client.
    pub transport: Arc<dyn Transport>,
    /// When the engine last said that the run goes on. Held while it is asked.
    pub goes_on: Mutex<Option<Instant>>,
    /// Cancelled when the run has ended, or was asked to.
    pub over: CancellationToken,
}

/// Why a plan cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// It cannot be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// This version of the program reads it otherwise.
    #[error("{0}")]
    Read(SessionError),
}

type Slot = Arc<OnceCell<Arc<Opened>>>;

/// The plans that a worker has read, by the runs of their workflows. Each is fetched once, whoever asks.
#[derive(Default)]
pub struct Plans {
    slots: std::sync::Mutex<HashMap<String, (u64, Slot)>>,
}

impl Plans {
    /// Returns the plan of a run.
    ///
    /// # Errors
    ///
    /// Fails when it cannot be fetched or read.
    pub async fn get(&self, client: &Client, run: &RunRef, context: &Context) -> Result<Arc<Opened>, PlanError> {
        let slot = self.slot(&run.run_id);
        slot.get_or_try_init(|| open(client, run, context)).await.cloned()
    }

    fn slot(&self, run_id: &str) -> Slot {
        // No code panics while it holds the lock.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = slots.values().map(|(used, _)| *used).max().unwrap_or_default() + 1;
        if !slots.contains_key(run_id) && slots.len() >= MOST {
            let oldest = slots.iter().min_by_key(|(_, (used, _))| *used).map(|(run, _)| run.clone());
            oldest.map(|run| slots.remove(&run));
        }
        let (used, slot) = slots.entry(run_id.to_owned()).or_default();
        *used = latest;
        Arc::clone(slot)
    }
}

async fn open(client: &Client, run: &RunRef, context: &Context) -> Result<Arc<Opened>, PlanError> {
    let bundle = fetch::bundle(client, run).await?;
    let (run, context) = (BundledRun::new(run.id.clone(), run.started_at), context.clone());
    // A plan of a million targets takes seconds, and the heartbeats go on meanwhile.
    let opened = tokio::task::spawn_blocking(move || {
        let fingerprint = bundle.fingerprint().to_owned();
        let bundle = bundle.open(run, &context)?;
        let transport = HttpTransport::of_plan(bundle.plan()).map_err(RunError::from)?;
        let lanes = bundle.lanes();
        let (goes_on, over) = (Mutex::default(), CancellationToken::new());
        Ok(Opened { bundle, lanes, fingerprint, transport: Arc::new(transport), goes_on, over })
    });
    match opened.await {
        Ok(opened) => opened.map(Arc::new).map_err(PlanError::Read),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
