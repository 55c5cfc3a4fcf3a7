//! What a lane makes of the end of a session.

use allstop::engine::{LaneInfo, LaneMemory, LaneStats, SignedAccount, SkipReason};

use crate::wire::{Grant, LaneInput, LaneState, Rest, SessionEnd, Why};

/// How many sessions in a row may bring no row for their own reasons.
const FRUITLESS: u32 = 3;

impl LaneState {
    /// Takes in what a session did. Returns what is said of the rest, where the lane ends with it, and why in words.
    pub(crate) fn take(&mut self, end: SessionEnd) -> Option<(Rest, Option<String>)> {
        let SessionEnd { done, open, memory, stats, accounts, counts, failed, rest, why, .. } = end;
        let is_fruitful = !done.is_empty();
        self.done.extend(&done);
        self.open = open;
        self.sessions += 1;
        self.share = self.share.and_then(|share| share.checked_sub(failed)).filter(|left| *left > 0);
        if !memory.is_empty() {
            self.memory = memory;
        }
        add_stats(&mut self.stats, stats);
        add_accounts(&mut self.accounts, accounts);
        for (outcome, count) in counts {
            *self.counts.entry(outcome).or_default() += count;
        }
        match why {
            Why::Failed { .. } if !is_fruitful => self.fruitless += 1,
            Why::Failed { .. } | Why::Done | Why::Slice | Why::Budget | Why::Guard(_) => self.fruitless = 0,
        }
        match why {
            Why::Failed { message, of_credentials, is_final } if is_final || self.fruitless >= FRUITLESS => {
                let reason = if of_credentials { SkipReason::Credentials } else { SkipReason::Aborted };
                Some((Rest::because(reason, &message), Some(message)))
            }
            Why::Done => Some((rest.unwrap_or(Rest::bare(SkipReason::Aborted)), None)),
            Why::Failed { .. } | Why::Slice | Why::Budget | Why::Guard(_) => None,
        }
    }

    /// Tells whether a grant is for the turn that comes next. A worker that was lost may have given the quota back already,
    /// so that the grant is here before the lane knows that its turn is over.
    pub(super) fn expects(&self, grant: &Grant) -> bool {
        grant.turn == self.turn + u32::from(self.holds)
    }

    /// Takes over what another run learnt of the same quota; `account` is what this plan calls its account.
    pub(super) fn recall(&mut self, memory: Vec<LaneMemory>, account: &str) {
        for mut learnt in memory {
            learnt.account = account.to_owned();
            self.memory.retain(|known| known.api != learnt.api);
            self.memory.push(learnt);
        }
    }
}

/// Adds what lanes did to what is known of them.
pub(crate) fn add_stats(known: &mut Vec<(LaneInfo, LaneStats)>, more: Vec<(LaneInfo, LaneStats)>) {
    for (lane, did) in more {
        match known.iter_mut().find(|(known, _)| known.api == lane.api && known.account == lane.account) {
            Some((_, sum)) => *sum += did,
            None => known.push((lane, did)),
        }
    }
}

/// Adds the accounts that have signed in to those that have before.
pub(crate) fn add_accounts(known: &mut Vec<SignedAccount>, more: Vec<SignedAccount>) {
    for account in more {
        match known.iter_mut().find(|known| known.name == account.name) {
            Some(known) => *known = account.following(known),
            None => known.push(account),
        }
    }
}

impl LaneInput {
    /// Tells whether every target of the lane has its row.
    pub(super) fn is_done(&self) -> bool {
        self.state.done.len() >= u64::from(self.lane.targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_for_the_turn_that_comes_next() {
        let grant = |turn| Grant { turn, others: false, memory: Vec::new() };
        let waits = LaneState { turn: 2, ..LaneState::default() };
        assert!(waits.expects(&grant(2)) && !waits.expects(&grant(1)) && !waits.expects(&grant(3)));
        let holds = LaneState { holds: true, ..waits };
        assert!(holds.expects(&grant(3)) && !holds.expects(&grant(2)));
    }
}
