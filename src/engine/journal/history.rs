//! What the notes of a run add up to: the one place that knows, whatever keeps the notes.

use jiff::Timestamp;

use super::resume::{Effect, InProgress, KnownAccount, LaneMemory, ResumeState};
use crate::engine::outcome::{Attempt, TargetResult};

/// Folds the notes of a run into the [`ResumeState`] that another process goes on from.
///
/// Feed it the notes of a [`Journal`](super::Journal) in their order, as they are made or as they are read back.
#[derive(Debug, Clone, Default)]
pub struct History(ResumeState);

/// A note about a target that has its final fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("target {0} was finished before")]
pub struct AlreadyFinished(
    /// The target's number, from 0.
    pub u32,
);

impl History {
    /// Goes on after what is known already. For a new run that is its id, reason and start alone.
    #[must_use]
    pub const fn new(known: ResumeState) -> Self {
        Self(known)
    }

    /// Returns what is known so far.
    #[must_use]
    pub const fn state(&self) -> &ResumeState {
        &self.0
    }

    /// Returns what is known.
    #[must_use]
    pub fn into_state(self) -> ResumeState {
        self.0
    }

    /// Takes the note that a target will be sent soon for the first time.
    ///
    /// # Errors
    ///
    /// Fails when the target has its final fact.
    pub fn intent(&mut self, target: u32) -> Result<(), AlreadyFinished> {
        self.open(target).map(drop)
    }

    /// Takes the note that an attempt leaves. One before it whose end was not noted may have taken effect.
    ///
    /// # Errors
    ///
    /// Fails when the target has its final fact.
    pub fn sending(&mut self, target: u32, n: u32, at: Timestamp) -> Result<(), AlreadyFinished> {
        let open = self.open(target)?;
        if open.sending.replace((n, at)).is_some() {
            open.effect = open.effect.max(Effect::Lost);
        }
        Ok(())
    }

    /// Takes the note of an attempt's end. One before it whose end was not noted may have taken effect.
    ///
    /// # Errors
    ///
    /// Fails when the target has its final fact.
    pub fn attempted(&mut self, target: u32, attempt: Attempt, effect: Effect) -> Result<(), AlreadyFinished> {
        let open = self.open(target)?;
        open.effect = open.effect.max(effect);
        if let Some((n, _)) = open.sending
            && n <= attempt.n
        {
            open.sending = None;
            if n < attempt.n {
                open.effect = open.effect.max(Effect::Lost);
            }
        }
        open.attempts.push(attempt);
        Ok(())
    }

    /// Takes the final fact about a target. A target that was skipped only because the run ended early has none: it is
    /// still to be done.
    ///
    /// # Errors
    ///
    /// Fails when the target has its final fact.
    pub fn finished(&mut self, target: u32, result: &TargetResult) -> Result<(), AlreadyFinished> {
        self.check(target)?;
        if result.is_final() {
            self.0.open.remove(&target);
            self.0.done.insert(target, result);
        }
        Ok(())
    }

    /// Takes the note that a stage begins.
    pub fn stage(&mut self, stage: u16, at: Timestamp) {
        self.0.stages.entry(stage).or_insert(at);
        self.0.is_confirmed = false;
    }

    /// Takes the note which account of the cloud an account of the plan is.
    pub fn account(&mut self, name: String, account: KnownAccount) {
        self.0.accounts.insert(name, account);
    }

    /// Takes the note that the run ended at a pause that asks: going on is the yes.
    pub const fn paused(&mut self) {
        self.0.is_confirmed = true;
    }

    /// Takes what a run handed over: [`Record::open`](crate::engine::Record::open) and
    /// [`Record::memory`](crate::engine::Record::memory).
    ///
    /// It takes the place of all that was noted as open: only the run that noted an intent knows that nothing was sent
    /// for it. What was in doubt when that run took it up stays in doubt.
    pub fn handed_over(&mut self, open: impl IntoIterator<Item = (u32, InProgress)>, lanes: Vec<LaneMemory>) {
        self.0.open = open.into_iter().collect();
        self.0.lanes = lanes;
    }

    fn check(&self, target: u32) -> Result<(), AlreadyFinished> {
        if self.0.done.contains(target) { Err(AlreadyFinished(target)) } else { Ok(()) }
    }

    fn open(&mut self, target: u32) -> Result<&mut InProgress, AlreadyFinished> {
        self.check(target)?;
        self.0.is_confirmed = false;
        let open = self.0.open.entry(target).or_default();
        // From here on another request can have left.
        open.is_handed_over = false;
        Ok(open)
    }
}
