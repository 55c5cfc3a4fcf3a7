//! One lane of a run: its rows, and what is said of its targets that have none.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use allstop::Timestamp;
use allstop::engine::{Completed, InProgress, ResumeState, SkipReason, TargetResult};
use futures::TryStreamExt;
use temporalio_client::Client;

use super::execution::{self, Execution, describe};
use super::first;
use super::lane_walk::{LaneWalk, Told, Unsettled};
use crate::plans::{self, FetchError};
use crate::wire::{Beat, LaneResult, LaneState, Packed, PackedError, SessionEnd, SessionInput};

/// What is known of a lane.
pub(super) struct Lane {
    pub(super) state: LaneState,
    /// The targets in progress, by number.
    pub(super) open: HashMap<u32, InProgress>,
    /// The rows of those, where nobody goes on with them.
    pub(super) given_up: HashMap<u32, TargetResult>,
    /// The row of every other target.
    pub(super) rest: TargetResult,
    /// Whether something may have been sent for each target that has no row.
    pub(super) is_in_doubt: bool,
    /// What is to be said of it.
    pub(super) message: Option<String>,
    /// When something was last heard of it.
    pub(super) heard_at: Timestamp,
}

impl Lane {
    /// Returns a lane that nothing was sent for.
    pub(super) fn unbegun(reason: SkipReason) -> Self {
        Self::new(TargetResult::skipped(reason))
    }

    /// Returns a lane whose workflow another run began.
    pub(super) fn stray() -> Self {
        let how = "another run began its workflow";
        let rest = TargetResult::unknown(&format!("nobody knows what was sent in the lane: {how}"));
        Self { is_in_doubt: true, message: Some(how.to_owned()), ..Self::new(rest) }
    }

    /// Returns it with every target that has no row as one that something may have been sent for: a part of what was done
    /// is not told, and this is why.
    fn with_a_gap(self, why: &str) -> Self {
        let rest = TargetResult::unknown(&format!("nobody knows what was sent in the lane: {why}"));
        Self { rest, is_in_doubt: true, message: Some(why.to_owned()), ..self }
    }

    fn new(rest: TargetResult) -> Self {
        Self {
            state: LaneState::default(),
            open: HashMap::new(),
            given_up: HashMap::new(),
            rest,
            is_in_doubt: false,
            message: None,
            heard_at: Timestamp::default(),
        }
    }
}

/// What is said of a lane whose workflow the engine does not have any more.
pub(super) const GONE: &str =
    "its history is gone; it was deleted, or it ended longer ago than the namespace keeps histories";

/// What is said of a lane whose workflow somebody has reset: what was done since is in a history that it does not go on from.
const RESET: &str = "somebody has reset its workflow";

/// Where a lane is read from.
pub(super) struct Source<'a> {
    pub(super) client: &'a Client,
    /// The id of the lane's workflow.
    pub(super) workflow: &'a str,
    /// The engine's id of the first run of that workflow that is the lane's.
    pub(super) run: &'a str,
    /// Whether the run that has the lane goes on.
    pub(super) goes_on: bool,
    /// Where the rows go: those of a million targets are too many to be kept twice.
    pub(super) rows: &'a Mutex<Completed>,
}

/// How the history of a lane ends.
enum End {
    Result(Box<LaneResult>),
    Lost(String),
    GoesOn,
}

/// What the sessions of a lane brought.
#[derive(Clone, Default)]
struct Sessions {
    state: LaneState,
    given_up: Option<Packed>,
    heard_at: Timestamp,
    /// Why a part of what was done is not told, if so.
    gap: Option<&'static str>,
}

/// A run of a lane's workflow that was not read yet.
struct Unread {
    /// The engine's id.
    run: String,
    /// What was known when that run's history began.
    sessions: Sessions,
}

impl Source<'_> {
    /// Reads the lane. Of one that is gone, nothing is known.
    ///
    /// # Errors
    ///
    /// Fails when the engine cannot be asked, or a payload cannot be decoded.
    pub(super) async fn read(&self) -> Result<Lane, FetchError> {
        match self.read_from(self.run).await {
            Err(FetchError::NoSuchRun(_)) => {}
            read => return read,
        }
        // Where it went on as new runs, some of those may be there.
        let known = HashMap::from([(self.run.to_owned(), Sessions::default())]);
        let later = match self.describe(None).await? {
            Some(now) => self.unread(now, &known).await?,
            None => None,
        };
        match later {
            Some(later) => Ok(self.read_from(&later.run).await?.with_a_gap(GONE)),
            None => Ok(Lane::unbegun(SkipReason::Interrupted).with_a_gap(GONE)),
        }
    }

    /// Reads the lane from this run of its workflow on.
    async fn read_from(&self, first: &str) -> Result<Lane, FetchError> {
        // Asked before the history is read: a session that ends meanwhile has its result there.
        let now = if self.goes_on { self.describe(None).await? } else { None };
        let (sessions, run, end, unsettled) = self.sessions(first).await?;
        let Sessions { mut state, given_up, heard_at, gap } = sessions;
        let open = state.open.take().map(|open| open.read()).transpose()?.unwrap_or_default();
        let mut lane = Lane { state, open, heard_at, ..Lane::unbegun(SkipReason::Interrupted) };
        let told = |lane: Lane| if let Some(why) = gap { lane.with_a_gap(why) } else { lane };
        let lost = match end {
            End::Result(result) => {
                let given_up = unpacked(given_up)?;
                return Ok(told(Lane { given_up, rest: result.rest.row(), message: result.message, ..lane }));
            }
            End::Lost(how) => Some(format!("its workflow {how}")),
            End::GoesOn => None,
        };
        // Where it goes on, more may be sent at any time.
        lane.is_in_doubt = lost.is_none();
        let mut is_told = false;
        if let Some(unsettled) = unsettled {
            let now = match now.filter(|now| now.run_id == run) {
                None if lost.is_some() || !self.goes_on => self.describe(Some(&run)).await?,
                now => now,
            };
            is_told = self.settle(&mut lane, &unsettled, now, lost.as_deref()).await?;
        }
        if lost.is_some() && !is_told && !lane.is_in_doubt {
            lane.given_up = unpacked(given_up)?;
        }
        Ok(told(Lane { message: lost, ..lane }))
    }

    /// Reads what the sessions brought; returns besides the last run of the workflow, how that ends, and the session that
    /// brought nothing yet.
    async fn sessions(&self, first: &str) -> Result<(Sessions, String, End, Option<Unsettled>), FetchError> {
        let (client, workflow) = (self.client, self.workflow);
        let (mut sessions, mut run, mut walk) = (Sessions::default(), first.to_owned(), LaneWalk::default());
        let mut events = plans::history(client, workflow, Some(&run));
        // What was known when each run of the workflow began.
        let mut known = HashMap::from([(run.clone(), Sessions::default())]);
        while let Some(event) = events.try_next().await.map_err(|cause| plans::failed(workflow, cause))? {
            let end = match walk.take(event) {
                Told::Nothing => continue,
                Told::Ended(result, at) => {
                    let end: SessionEnd = plans::decode_versioned(client, workflow, result).await?;
                    self.take(&mut sessions, end)?;
                    sessions.heard_at = at;
                    continue;
                }
                Told::GoesOnAs(next) => {
                    known.insert(next.clone(), sessions.clone());
                    (run, walk) = (next, LaneWalk::default());
                    events = plans::history(client, workflow, Some(&run));
                    continue;
                }
                Told::Result(result) => End::Result(Box::new(plans::decode_versioned(client, workflow, result).await?)),
                Told::Lost(how) => End::Lost(how),
            };
            // Somebody may have reset the workflow: it goes on with a part of what was read.
            match self.describe(None).await? {
                Some(now) => {
                    if let Some(reset) = self.unread(now, &known).await? {
                        sessions = Sessions { gap: reset.sessions.gap.or(Some(RESET)), ..reset.sessions };
                        known.insert(reset.run.clone(), sessions.clone());
                        (run, walk) = (reset.run, LaneWalk::default());
                        events = plans::history(client, workflow, Some(&run));
                        continue;
                    }
                }
                None => sessions.gap = Some(GONE),
            }
            return Ok((sessions, run, end, walk.unsettled()));
        }
        Ok((sessions, run, End::GoesOn, walk.unsettled()))
    }

    /// Returns the first run of those that lead to `now`, the latest one of the workflow, and were not read yet. The runs that
    /// were read are in `known`, with what was known when each began.
    async fn unread(&self, now: Execution, known: &HashMap<String, Sessions>) -> Result<Option<Unread>, FetchError> {
        // A later run of the same id has a workflow that began by itself.
        if now.first_run != self.run || known.contains_key(&now.run_id) {
            return Ok(None);
        }
        let mut run = now.run_id;
        let mut begun = first::begun(self.client, self.workflow, &run).await?;
        let mut gap = None;
        while let Some(from) = begun.from.take().filter(|from| !known.contains_key(from)) {
            begun = match first::begun(self.client, self.workflow, &from).await {
                Ok(begun) => begun,
                Err(FetchError::NoSuchRun(_)) => {
                    gap = Some(GONE);
                    break;
                }
                Err(error) => return Err(error),
            };
            run = from;
        }
        let sessions = known.get(&begun.run).cloned().unwrap_or_default();
        Ok(Some(Unread { run, sessions: Sessions { gap: gap.or(sessions.gap), ..sessions } }))
    }

    fn take(&self, sessions: &mut Sessions, mut end: SessionEnd) -> Result<(), PackedError> {
        if let Some(rows) = end.rows.take() {
            let rows: BTreeMap<u32, TargetResult> = rows.read()?;
            self.keep(rows);
        }
        sessions.given_up = end.given_up.take();
        // What it makes of the end matters to the lane itself, which has done so.
        let _ = sessions.state.take(end);
        Ok(())
    }

    fn keep(&self, rows: impl IntoIterator<Item = (u32, TargetResult)>) {
        // No code panics while it holds the lock.
        let mut kept = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.into_iter().for_each(|(target, row)| kept.insert(target, &row));
    }

    /// Takes in what is known of a session that has not brought a result; tells whether it told something.
    async fn settle(
        &self,
        lane: &mut Lane,
        session: &Unsettled,
        now: Option<Execution>,
        lost: Option<&str>,
    ) -> Result<bool, FetchError> {
        let pending = now.as_ref().and_then(Execution::session);
        let pending = pending.filter(|pending| pending.activity_id == session.activity_id);
        let beat = match pending {
            Some(pending) => execution::beat(self.client, self.workflow, pending).await?,
            None => None,
        };
        lane.heard_at = lane.heard_at.max(pending.and_then(execution::beat_at).unwrap_or_default());
        let input: SessionInput = plans::decode_versioned(self.client, self.workflow, session.input.clone()).await?;
        // The engine acknowledges the intent to send before a request leaves: without a heartbeat, nothing has left.
        let is_known = !input.is_lost && (pending.is_some() || lost.is_none());
        let told = beat.map(|Beat { state, .. }| state).or(input.recovered);
        let told: Option<ResumeState> = told.map(|told| told.read()).transpose()?;
        let is_told = told.is_some();
        if let Some(told) = told {
            self.keep(told.done.iter());
            lane.open = told.open;
        }
        if !is_known {
            let how = lost.unwrap_or("its session was lost");
            lane.rest = TargetResult::unknown(&format!("nobody knows what was sent in the lane: {how}"));
            lane.open.values_mut().for_each(|open| open.is_handed_over = false);
            lane.is_in_doubt = true;
        }
        Ok(is_told)
    }

    async fn describe(&self, run: Option<&str>) -> Result<Option<Execution>, FetchError> {
        match describe(self.client, self.workflow, run).await {
            Ok(now) => Ok(Some(now)),
            Err(FetchError::NoSuchRun(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn unpacked(rows: Option<Packed>) -> Result<HashMap<u32, TargetResult>, PackedError> {
    rows.map_or_else(|| Ok(HashMap::new()), |rows| rows.read())
}
