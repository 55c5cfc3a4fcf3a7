//! Reading a run from the engine.

use std::sync::{Mutex, PoisonError};

use allstop::engine::{Completed, ResumeState, SkipReason, Status};
use allstop::session::{BundledRun, Context, Gathered, OpenBundle};
use futures::{StreamExt, TryStreamExt, stream};
use temporalio_client::Client;

use super::error::HistoryError;
use super::execution::{describe, named};
use super::gathered::{GatheredRun, note};
use super::lane::{Lane, Source};
use super::run::{self, RunEnd, RunTold};
use crate::plans::{self, FetchError};
use crate::wire::{LaneSpec, RUN_TYPE, RunInput, RunRef, RunResult, lane_id};
use crate::workflow::{add_accounts, add_stats};

/// How many lanes are read at a time.
const AT_A_TIME: usize = 8;

/// Reads a run from the engine, by the id of its workflow; the latest one of that id, unless `run` is the engine's id of
/// another. `known` is how it ends, where that is known before its workflow has ended.
///
/// # Errors
///
/// Fails when the engine does not know it or cannot be asked, when a payload cannot be decoded, and when this version of the
/// program reads its plan otherwise than the one that submitted it.
pub async fn gather(
    client: &Client,
    workflow: &str,
    run: Option<&str>,
    known: Option<&RunResult>,
    context: &Context,
) -> Result<GatheredRun, HistoryError> {
    let (mut run, mut input) = head(client, workflow, run).await?;
    let mut told = run::read(client, workflow, &run.run_id).await?;
    if let Some(listed) = told.listed.take() {
        run.held = Some(listed.held);
        input.lanes = listed.lanes;
    }
    let (bundle, variables) = open(client, &run, context).await?;
    let places = places(&bundle, &input)?;
    if let Some(known) = known {
        told.end = RunEnd::Ended(known.clone());
    }
    let rows = Mutex::new(Completed::default());
    let lanes = lanes(client, &run, &input, &told, &rows).await?;
    let done = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    let notes = notes(&told, &input.lanes, &lanes);
    let (gathered, lanes) = joined(&run, told, lanes, done);
    Ok(GatheredRun { run, bundle, variables, gathered, lanes, places, notes })
}

/// Returns which run it is, and its input.
pub(crate) async fn head(client: &Client, workflow: &str, run: Option<&str>) -> Result<(RunRef, RunInput), FetchError> {
    let now = named(client, workflow, run).await?;
    now.demand(RUN_TYPE)?;
    let event = plans::first_event(client, workflow, Some(&now.run_id)).await?;
    let input = plans::run_input(client, workflow, &event).await?;
    let started_at = plans::started_at(&event);
    let run = RunRef {
        workflow_id: workflow.to_owned(),
        id: input.id.clone().unwrap_or_else(|| now.run_id.clone()),
        run_id: now.run_id,
        started_at,
        deadline: input.deadline(started_at),
        held: input.plan.held().cloned(),
    };
    Ok((run, input))
}

/// Reads the plan of a run; returns besides the names of the variables that it uses.
async fn open(client: &Client, run: &RunRef, context: &Context) -> Result<(OpenBundle, Vec<String>), HistoryError> {
    let bundle = plans::bundle(client, run).await?;
    let variables = bundle.variables().map(str::to_owned).collect();
    let (run, context) = (BundledRun::new(run.id.clone(), run.started_at), context.clone());
    // A plan of a million targets takes seconds.
    match tokio::task::spawn_blocking(move || bundle.open(run, &context)).await {
        Ok(opened) => opened.map(|opened| (opened, variables)).map_err(HistoryError::Plan),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Returns the number of the lane of each target of the plan; one that is not to be stopped is in none.
fn places(bundle: &OpenBundle, input: &RunInput) -> Result<Vec<u32>, HistoryError> {
    let mut places = vec![u32::MAX; bundle.plan().targets.len()];
    let lanes = bundle.lanes();
    if lanes.len() != input.lanes.len() {
        return Err(HistoryError::OtherLanes);
    }
    for (lane, spec) in lanes.iter().zip(&input.lanes) {
        if !spec.is(lane) {
            return Err(HistoryError::OtherLanes);
        }
        for target in &lane.targets {
            if let Some(place) = places.get_mut(*target as usize) {
                *place = spec.number;
            }
        }
    }
    Ok(places)
}

/// Reads all lanes.
async fn lanes(
    client: &Client,
    run: &RunRef,
    input: &RunInput,
    told: &RunTold,
    rows: &Mutex<Completed>,
) -> Result<Vec<Lane>, FetchError> {
    let goes_on = told.end == RunEnd::GoesOn;
    let unbegun = match &told.end {
        RunEnd::Ended(result) => result.status.skip_reason(),
        RunEnd::Lost(_) | RunEnd::GoesOn => SkipReason::Interrupted,
    };
    let workflows: Vec<_> = input.lanes.iter().map(|lane| lane_id(&run.workflow_id, lane.number)).collect();
    let lanes = stream::iter(workflows).map(|workflow| async move {
        match told.lanes.get(&workflow) {
            Some(run) => Source { client, workflow: &workflow, run, goes_on, rows }.read().await,
            None if goes_on => Ok(Lane { is_in_doubt: true, ..Lane::unbegun(unbegun) }),
            None if is_stray(client, &workflow, run).await? => Ok(Lane::stray()),
            None => Ok(Lane::unbegun(unbegun)),
        }
    });
    lanes.buffered(AT_A_TIME).try_collect().await
}

/// Tells whether a lane that the run has not begun has a workflow all the same: that of the run before somebody reset it.
async fn is_stray(client: &Client, workflow: &str, run: &RunRef) -> Result<bool, FetchError> {
    match describe(client, workflow, None).await {
        // That of an earlier run of the same id closed before this one began.
        Ok(lane) => Ok(lane.closed_at.is_none_or(|at| at > run.started_at)),
        Err(FetchError::NoSuchRun(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts together what the lanes brought.
fn joined(run: &RunRef, told: RunTold, mut lanes: Vec<Lane>, done: Completed) -> (Gathered, Vec<Lane>) {
    let mut gathered = Gathered::default();
    let mut past = ResumeState { id: run.id.clone(), started_at: run.started_at, done, ..ResumeState::default() };
    for lane in &mut lanes {
        past.open.extend(lane.open.drain());
        past.lanes.append(&mut lane.state.memory);
        add_stats(&mut gathered.lanes, std::mem::take(&mut lane.state.stats));
        add_accounts(&mut gathered.accounts, std::mem::take(&mut lane.state.accounts));
    }
    gathered.past = past;
    let heard_at = lanes.iter().map(|lane| lane.heard_at).max().unwrap_or_default();
    gathered.finished_at = told.ended_at.unwrap_or(heard_at).max(run.started_at);
    (gathered.status, gathered.ended_by, gathered.goes_on) = match told.end {
        RunEnd::Ended(RunResult { status, ended_by, .. }) => (status, ended_by, false),
        RunEnd::Lost(how) => (Status::Interrupted, Some(format!("the workflow of the run {how}")), false),
        RunEnd::GoesOn => (Status::Interrupted, Some("the run has not ended".to_owned()), true),
    };
    (gathered, lanes)
}

/// Returns what somebody should know who reads the report.
fn notes(told: &RunTold, specs: &[LaneSpec], lanes: &[Lane]) -> Vec<String> {
    let lost = match &told.end {
        RunEnd::Lost(how) => {
            Some(format!("the workflow of the run {how}; targets that something may have been sent for are unknown"))
        }
        RunEnd::Ended(_) | RunEnd::GoesOn => None,
    };
    // The lanes of such a run ended with it.
    let lanes = specs.iter().zip(lanes).filter(|_| lost.is_none());
    let lanes = lanes.filter_map(|(spec, lane)| Some(note(spec, lane.message.as_deref()?)));
    let lanes: Vec<String> = lanes.collect();
    lost.into_iter().chain(lanes).collect()
}
