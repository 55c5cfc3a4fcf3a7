//! What a lane decides. It needs no engine.

use std::time::Duration;

use allstop::engine::SkipReason;

use crate::wire::{
    Ask, AskInput, Ended, Grant, LaneDoes, LaneInput, LaneMemo, LaneResult, Packed, Release, ReleaseInput, Rest, Seen,
    SessionEnd, SessionInput, Used, VERSION, Why, lane_id,
};

/// How many turns a lane goes ahead that hears nothing: more than lanes have.
const MANY: u32 = 1 << 16;

/// How long a lane waits before it tries again; eight times as long after another session that could not begin.
pub(super) const AGAIN: Duration = Duration::from_secs(2);

/// What is said of the targets without a row where a lane is over, and why in words.
pub(super) type Over = (Rest, Option<String>);

/// A lane between two requests to the engine.
pub(super) struct Lane {
    pub(super) input: LaneInput,
    /// Whether it has asked for the turn that it waits for.
    pub(super) is_queued: bool,
    /// The quota that was granted, and not taken yet.
    granted: Option<Grant>,
    /// Whether the session that goes on must end because others wait for the quota.
    makes_way: bool,
    /// Whether it has lost the quota, because no worker served it for a while. It gives it back before it goes on.
    is_taken: bool,
    /// Why the run ends.
    ended: Option<Ended>,
    /// Why nothing more may be sent with the account's credentials.
    closed: Option<String>,
    /// What a lost session had told, when no other could go on from it.
    recovered: Option<Packed>,
    /// Whether nobody knows what a session did.
    is_lost: bool,
    /// Whether it has shown what it does.
    is_shown: bool,
}

/// What follows from the end of a session.
#[derive(Debug)]
pub(super) struct Taken {
    /// What the run has to hear of it.
    pub(super) used: Option<Used>,
    /// What is said of the rest, where the lane ends with it.
    pub(super) over: Option<Over>,
    /// How long the lane waits before its next session.
    pub(super) pause: Option<Duration>,
}

/// What a lane does after it has given the quota back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It asks for the quota again, with the same request.
    Asks,
    /// It asks later, or never.
    Leaves,
}

impl Lane {
    pub(super) fn new(input: LaneInput) -> Self {
        Self {
            closed: input.closed.clone(),
            input,
            is_queued: false,
            granted: None,
            makes_way: false,
            is_taken: false,
            ended: None,
            recovered: None,
            is_lost: false,
            is_shown: false,
        }
    }

    pub(super) fn own_id(&self) -> String {
        lane_id(&self.input.run.workflow_id, self.input.lane.number)
    }

    /// Returns what is said of the rest, where the lane is over.
    pub(super) fn verdict(&self) -> Option<Over> {
        if self.recovered.is_some() || self.is_lost {
            // One more session brings what the last one knew into the history.
            return None;
        }
        if self.input.is_done() {
            return Some((Rest::bare(SkipReason::Aborted), None));
        }
        if let Some(ended) = &self.ended {
            return Some((Rest::bare(ended.status.skip_reason()), None));
        }
        self.closed.clone().map(|why| (Rest::because(SkipReason::Credentials, &why), Some(why)))
    }

    /// Tells whether nothing more may be sent.
    pub(super) const fn is_over(&self) -> bool {
        self.ended.is_some() || self.closed.is_some()
    }

    /// Tells whether a session that goes on must end.
    pub(super) const fn must_end(&self) -> bool {
        self.makes_way || self.is_taken || self.is_over()
    }

    /// Takes in that the run ends.
    pub(super) fn end_with(&mut self, ended: Ended) {
        self.ended.get_or_insert(ended);
    }

    /// Takes in that the account's credentials were refused for good.
    pub(super) fn close(&mut self, why: String) {
        self.closed.get_or_insert(why);
    }

    /// Tells whether it needs a share of the failures that the run may have, before it goes on.
    pub(super) const fn needs_share(&self) -> bool {
        self.input.has_budget && self.input.state.share.is_none()
    }

    /// Tells whether it needs the quota before it goes on. One that ends needs none.
    pub(super) const fn needs_quota(&self) -> bool {
        !self.input.state.holds && !self.is_over()
    }

    /// Tells whether a quota was granted that it has not taken.
    pub(super) const fn is_granted(&self) -> bool {
        self.granted.is_some()
    }

    /// Asks for the quota, as the engine's run with this id.
    pub(super) fn ask(&mut self, run: &str) -> AskInput {
        self.is_queued = true;
        AskInput { quota: self.input.lane.quota_id(), ask: self.asks(run) }
    }

    /// Returns what it asks for, as the engine's run with this id.
    fn asks(&self, run: &str) -> Ask {
        let LaneInput { priority, pace, state, .. } = &self.input;
        let run = self.began_as(run);
        Ask { lane: self.own_id(), run, priority: *priority, turn: state.turn, lease_ms: pace.timeout_ms }
    }

    /// Returns the run that its turns count from. `run` is the one that goes on.
    fn began_as(&self, run: &str) -> String {
        self.input.state.began_as.as_deref().unwrap_or(run).to_owned()
    }

    /// Takes in that it has heard nothing of its turn for long. The quota may have been lost, or know a later turn of a lane
    /// that was reset since: it asks for a turn that is later than all of them.
    pub(super) const fn hears_nothing(&mut self) {
        self.is_queued = false;
        self.input.state.turn += MANY;
    }

    /// Takes in that the quota was granted.
    pub(super) fn grant(&mut self, grant: Grant) {
        if self.input.state.expects(&grant) {
            self.granted = Some(grant);
        }
    }

    /// Takes a quota that nobody else knows.
    pub(super) fn begin_quota(&mut self) {
        self.granted = Some(Grant { turn: self.input.state.turn, others: false, memory: Vec::new() });
        self.accept();
    }

    /// Takes the quota that was granted.
    pub(super) fn accept(&mut self) {
        let Some(grant) = self.granted.take() else { return };
        let state = &mut self.input.state;
        (state.holds, state.others) = (true, grant.others);
        self.is_queued = false;
        state.recall(grant.memory, &self.input.lane.account);
    }

    /// Takes in that others wait for the quota. A session that knows so already ends by itself.
    pub(super) const fn make_way(&mut self) {
        self.makes_way |= !self.input.state.others;
    }

    /// Takes in that another lane may have the quota instead of this turn: no worker has served the lane for a while.
    pub(super) fn take_away(&mut self, turn: u32) {
        if self.granted.as_ref().is_some_and(|grant| grant.turn == turn) {
            (self.granted, self.is_queued) = (None, false);
        } else if self.input.state.turn == turn {
            (self.is_taken, self.is_queued) = (self.input.state.holds, false);
        }
    }

    /// Tells whether it has lost the quota that it holds.
    pub(super) const fn is_taken(&self) -> bool {
        self.is_taken
    }

    /// Gives the quota back, as the engine's run with this id.
    pub(super) fn release(&mut self, run: &str, then: Then) -> ReleaseInput {
        let state = &mut self.input.state;
        let turn = state.turn;
        let memory = if state.holds { state.memory.clone() } else { Vec::new() };
        (state.holds, state.others) = (false, false);
        state.turn += 1;
        (self.makes_way, self.is_taken) = (false, false);
        let again = (then == Then::Asks).then(|| self.asks(run));
        let run = self.began_as(run);
        let next = again.as_ref().map(|again| again.turn);
        self.granted = self.granted.take().filter(|grant| next == Some(grant.turn));
        let request = format!("{run}/{turn}");
        let release = Release { lane: self.own_id(), run, turn, memory, again };
        ReleaseInput { quota: self.input.lane.quota_id(), request, release }
    }

    /// Tells whether the lane gives the quota back before its next session, and what it does then.
    pub(super) const fn gives_back(&self) -> Option<Then> {
        if self.needs_share() {
            Some(Then::Leaves)
        } else if self.makes_way || self.is_taken || self.input.state.others {
            Some(Then::Asks)
        } else {
            None
        }
    }

    /// Begins a session; the workflow began as the engine's run with this id, where it can tell.
    pub(super) fn session(&mut self, lane_run_id: Option<String>) -> SessionInput {
        // Others may have come since the quota was granted.
        self.input.state.others |= std::mem::take(&mut self.makes_way);
        let LaneInput { run, fingerprint, lane, pace, state, .. } = self.input.clone();
        SessionInput {
            v: VERSION,
            run,
            fingerprint,
            lane,
            lane_run_id,
            done: state.done,
            // What a lost session had told has it, too, and an input has a limit.
            open: state.open.filter(|_| self.recovered.is_none()),
            memory: state.memory,
            accounts: state.accounts,
            share: state.share,
            others: state.others,
            recovered: self.recovered.clone(),
            is_lost: self.is_lost,
            only_settles: self.is_over(),
            pace,
        }
    }

    /// Takes in that a session was cancelled; `seen` is what the engine knew of it before. Tells whether no worker had begun it.
    pub(super) fn cancelled(&mut self, seen: Option<Seen>) -> bool {
        match seen {
            Some(Seen::Unbegun) => return true,
            Some(Seen::Lost(told)) => self.lost(Some(told)),
            Some(Seen::Running) | None => self.lost(None),
        }
        false
    }

    /// Takes in that a session ended without a result; `told` is what its last heartbeat said. One more session goes on from
    /// that.
    pub(super) fn lost(&mut self, told: Option<Packed>) {
        match told {
            Some(told) => self.recovered = Some(told),
            None => self.is_lost = true,
        }
    }

    /// Takes in that a worker left a session, of which it had done nothing; `told` is what a session had told that was lost
    /// before.
    pub(super) fn refused(&mut self, told: Option<Packed>) {
        self.recovered = told.or(self.recovered.take());
    }

    /// Takes in how a session ended.
    pub(super) fn take(&mut self, end: SessionEnd) -> Taken {
        let ended = match &end.why {
            Why::Guard(ended) => Some(ended.clone()),
            Why::Done | Why::Slice | Why::Budget | Why::Failed { .. } => None,
        };
        let failed_early = matches!(end.why, Why::Failed { .. });
        (self.recovered, self.is_lost) = (None, false);
        if let Some(ended) = &ended {
            self.end_with(ended.clone());
        }
        let used = Used { lane: self.input.lane.number, failed: end.failed, ended, closed: end.closed.clone() };
        let counts = self.input.has_budget && used.failed > 0;
        let over = self.input.state.take(end);
        Taken {
            used: (counts || used.ended.is_some() || used.closed.is_some()).then_some(used),
            over: over.or_else(|| self.input.is_done().then(|| self.verdict()).flatten()),
            pause: failed_early.then(|| AGAIN * 8_u32.pow(self.input.state.fruitless.saturating_sub(1))),
        }
    }

    /// Tells whether the workflow may go on as a new one: nothing is known that its input lacks.
    pub(super) const fn may_go_on_as_new(&self) -> bool {
        self.recovered.is_none() && !self.is_lost && !self.is_taken
    }

    /// Returns the input of the workflow that goes on in place of this one.
    pub(super) fn next(&mut self, run: &str) -> LaneInput {
        self.input.state.others |= self.makes_way;
        self.input.state.began_as = Some(self.began_as(run));
        self.input.clone()
    }

    /// Tells whether what it does was shown, in this session or another one.
    pub(super) const fn was_shown(&self) -> bool {
        self.is_shown || self.input.state.sessions > 0
    }

    /// Returns what is shown of it.
    pub(super) fn memo(&mut self, state: LaneDoes) -> LaneMemo {
        self.is_shown = true;
        let known = &self.input.state;
        LaneMemo { state, done: known.done.len(), counts: known.counts.clone(), sessions: known.sessions }
    }

    /// Returns how it ended.
    pub(super) fn result(&self, (rest, message): Over) -> LaneResult {
        LaneResult { v: VERSION, state: self.input.state.clone(), rest, message }
    }
}

#[cfg(test)]
mod tests;
