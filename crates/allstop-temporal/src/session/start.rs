//! What a session begins with.

use allstop::engine::{Outcome, ResumeState, StopLane};

use crate::wire::{PackedError, SessionInput};

/// What a session begins with.
pub(super) struct Start {
    /// What is known: the rows that a lost session brought, and what is in progress.
    pub(super) state: ResumeState,
    /// Whether nobody knows what a lost session did.
    pub(super) is_lost: bool,
    /// Whether a lost session may have sent something until now.
    pub(super) follows_lost: bool,
}

impl Start {
    /// Takes what the lane knows, and then what a lost session had told: `told` with its heartbeats, or what the input has
    /// of it.
    pub(super) fn of(input: &SessionInput, told: Option<ResumeState>) -> Result<Self, PackedError> {
        let recovered = match (told, &input.recovered) {
            (Some(told), _) => Some(told),
            (None, Some(recovered)) => Some(recovered.read()?),
            (None, None) => None,
        };
        let is_told = recovered.is_some();
        let known = match recovered {
            Some(known) => known,
            None => ResumeState {
                open: input.open.as_ref().map(|open| open.read()).transpose()?.unwrap_or_default(),
                ..ResumeState::default()
            },
        };
        let accounts = input.accounts.iter().map(|account| (account.name.clone(), account.known()));
        let state = ResumeState {
            id: input.run.id.clone(),
            started_at: input.run.started_at,
            lanes: input.memory.clone(),
            accounts: accounts.chain(known.accounts).collect(),
            done: known.done,
            open: known.open,
            ..ResumeState::default()
        };
        // A session that could not begin has told that nothing is done or open.
        let follows_lost = input.is_lost || is_told && !(state.done.is_empty() && state.open.is_empty());
        Ok(Self { state, is_lost: input.is_lost, follows_lost })
    }

    /// Takes in that somebody has reset the lane's workflow: what sessions did since is in a history that is gone.
    pub(super) const fn reset(&mut self) {
        (self.is_lost, self.follows_lost) = (true, true);
    }

    /// Returns the targets that have no row in the lane's history, by number; where nobody knows what was done, all of them
    /// are in doubt from now on.
    pub(super) fn targets(&mut self, input: &SessionInput, lane: &StopLane) -> Vec<u32> {
        let places = (0_u32..).zip(&lane.targets);
        let left: Vec<u32> =
            places.filter(|(place, _)| !input.done.contains(*place)).map(|(_, target)| *target).collect();
        if self.is_lost {
            for target in left.iter().filter(|target| !self.state.done.contains(**target)) {
                self.state.open.entry(*target).or_default().is_handed_over = false;
            }
        }
        left
    }

    /// Returns how many failures the rows have that a lost session brought.
    pub(super) fn failed(&self) -> u64 {
        let is_failed = |outcome| matches!(outcome, Outcome::Failed | Outcome::Unknown);
        self.state.done.iter().filter(|(_, row)| is_failed(row.outcome)).count() as u64
    }
}
