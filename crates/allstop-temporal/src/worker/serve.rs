//! Serving runs until the worker is told to leave.

use std::sync::Arc;
use std::time::Duration;

use allstop::CancellationToken;
use allstop::session::{Context, SessionError};
use futures::future::try_join_all;
use temporalio_client::Client;
use temporalio_sdk::runtime::worker_tuner::{FixedSizeSlotSupplier, TunerHolder};
use temporalio_sdk::runtime::{AutoscalingOptions, PollerBehavior};
use temporalio_sdk::{Runtime, Worker, WorkerOptions};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::activities::Work;
use super::health::Health;
use super::reports::Reports;
use crate::client::Outage;
use crate::plans::Plans;
use crate::session::Holder;
use crate::wire::{QUOTA_QUEUE, lists_queue, reports_queue};
use crate::workflow::{LaneFlow, QuotaFlow, RunFlow};

/// How long the workflow tasks of a worker that was killed wait for it.
const STICKY: Duration = Duration::from_secs(1);

/// How long the server has to take the lanes over when the worker leaves.
const LEAVING: Duration = Duration::from_secs(9);

/// How many workflows may decide at once.
const WORKFLOWS: usize = 100;

/// How many runs it lists for at once in one task queue, and how many reports it writes at once. Neither waits for a lane.
const LISTS: usize = 4;
const REPORTS: usize = 4;

/// How many requests for sessions wait at the engine. A machine that is frozen is given a lane by each of them, and each time
/// it takes a heartbeat timeout until another worker is.
const WAITING: PollerBehavior = PollerBehavior::SimpleMaximum(1);

/// What a worker serves, and how.
pub struct ServeOptions {
    /// The task queue of runs.
    pub queue: String,
    /// The task queues of accounts that this worker has the credentials of.
    pub account_queues: Vec<String>,
    /// How many lanes it holds at once.
    pub lanes: usize,
    /// What it is called.
    pub worker: String,
    /// Cancelled when it is to leave.
    pub leaving: CancellationToken,
    /// Where it listens for probes of its health.
    pub health: Option<TcpListener>,
    /// Where it writes the reports of runs.
    pub reports: Option<Reports>,
}

/// Serves runs until it is told to leave: then its sessions hand their lanes over.
///
/// # Errors
///
/// Fails when the engine refuses the worker, and when the connection to it is lost for good.
pub async fn serve(client: Client, options: ServeOptions, context: Context) -> Result<(), SessionError> {
    let ServeOptions { queue, account_queues, lanes, worker, leaving, health: probed_at, reports } = options;
    let (health, told) = (Health::new(leaving.clone()), Arc::clone(&context.ui));
    let runtime = Runtime::from_current_tokio(temporalio_sdk::runtime::RuntimeOptions::default()).map_err(failed)?;
    let (plans, outage) = (Arc::new(Plans::default()), Arc::new(Outage::new(Arc::clone(&told))));
    let holder = Holder { client: client.clone(), plans, context, worker, outage, leaving: leaving.clone() };
    let work = Work { holder: Arc::new(holder), health: health.clone(), reports };
    let mut further = vec![(lists_queue(&queue), LISTS), (reports_queue(&queue), REPORTS)];
    for account_queue in account_queues {
        further.push((lists_queue(&account_queue), LISTS));
        further.push((account_queue, lanes));
    }
    let with_workflows = |queue: String| {
        WorkerOptions::new(queue)
            .register_activities(work.clone())
            .tuner(tuner(lanes))
            .activity_task_poller_behavior(WAITING)
            .workflow_task_poller_behavior(deciding())
            .sticky_queue_schedule_to_start_timeout(STICKY)
    };
    let all = with_workflows(queue)
        .register_workflow::<RunFlow>()
        .and_then(|options| options.register_workflow::<LaneFlow>())
        .map_err(failed)?
        .build();
    let quotas = with_workflows(QUOTA_QUEUE.to_owned()).register_workflow::<QuotaFlow>().map_err(failed)?.build();
    let mut workers = [all, quotas]
        .map(|options| Worker::new(&runtime, client.clone(), options).map_err(failed))
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    for (queue, slots) in further {
        let activities = WorkerOptions::new(queue)
            .register_activities(work.clone())
            .tuner(tuner(slots))
            .activity_task_poller_behavior(WAITING)
            .build();
        workers.push(Worker::new(&runtime, client.clone(), activities).map_err(failed)?);
    }
    let leave: Vec<_> = workers.iter().map(Worker::shutdown_handle).collect();
    let leaves = async move {
        leaving.cancelled().await;
        leave.iter().for_each(|leave| leave());
        sleep(LEAVING).await;
        told.warning("the server did not take all lanes over in time; other workers take them up when they are missed");
    };
    let serving = async { try_join_all(workers.iter_mut().map(Worker::run)).await.map(drop).map_err(failed) };
    let probed = async {
        match probed_at {
            None => std::future::pending().await,
            Some(listener) => health.serve(listener).await.map(|never| match never {}).map_err(|error| {
                SessionError::input(format!("cannot serve --health: {error}"), "start the worker again")
            }),
        }
    };
    tokio::select! {
        served = serving => served,
        failed = probed => failed,
        () = leaves => Ok(()),
    }
}

/// Returns how many requests for workflow tasks wait at the engine: few, because each gives a frozen machine one more task, and
/// more while many lanes begin.
fn deciding() -> PollerBehavior {
    PollerBehavior::Autoscaling(AutoscalingOptions::builder().minimum(1).maximum(5).initial(2).build())
}

/// Gives activities so many slots, and workflows enough for the lanes of all runs.
fn tuner(activities: usize) -> TunerHolder {
    let slots = FixedSizeSlotSupplier::new;
    TunerHolder::builder()
        .workflow_task_slot_supplier(slots(WORKFLOWS))
        .activity_task_slot_supplier(slots(activities))
        .local_activity_task_slot_supplier(slots(WORKFLOWS))
        .nexus_task_slot_supplier(slots(1))
        .build()
}

fn failed(error: impl std::fmt::Display) -> SessionError {
    SessionError::input(error.to_string(), "")
}
