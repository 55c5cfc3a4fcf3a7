//! What a lane makes of the end of a session.

use allstop::engine::{LaneMemory, SkipReason};

use crate::wire::{LaneInput, LaneState, Rest, SessionEnd, Why};

/// How many sessions in a row may bring no row for their own reasons.
const FRUITLESS: u32 = 3;

impl LaneState {
    /// Takes in what a session did. Returns what is said of the rest, where the lane ends with it, and why in words.
    pub(super) fn take(&mut self, end: SessionEnd) -> Option<(Rest, Option<String>)> {
        let SessionEnd { done, open, memory, stats, accounts, counts, failed, rest, why, .. } = end;
        let is_fruitful = !done.is_empty();
        self.done.extend(&done);
        self.open = open;
        self.sessions += 1;
        self.share = self.share.and_then(|share| share.checked_sub(failed)).filter(|left| *left > 0);
        if !memory.is_empty() {
            self.memory = memory;
        }
        for (lane, did) in stats {
            match self.stats.iter_mut().find(|(known, _)| known.api == lane.api && known.account == lane.account) {
                Some((_, sum)) => *sum += did,
                None => self.stats.push((lane, did)),
            }
        }
        for account in accounts {
            match self.accounts.iter_mut().find(|known| known.name == account.name) {
                Some(known) => *known = account.following(known),
                None => self.accounts.push(account),
            }
        }
        for (outcome, count) in counts {
            *self.counts.entry(outcome).or_default() += count;
        }
        match why {
            Why::Failed { .. } if !is_fruitful => self.fruitless += 1,
            Why::Failed { .. } | Why::Done | Why::Slice | Why::Budget | Why::Guard(_) => self.fruitless = 0,
        }
        match why {
            Why::Failed { message, of_credentials } if self.fruitless >= FRUITLESS => {
                let reason = if of_credentials { SkipReason::Credentials } else { SkipReason::Aborted };
                Some((Rest::bare(reason), Some(message)))
            }
            Why::Done => Some((rest.unwrap_or(Rest::bare(SkipReason::Aborted)), None)),
            Why::Failed { .. } | Why::Slice | Why::Budget | Why::Guard(_) => None,
        }
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

impl LaneInput {
    /// Tells whether every target of the lane has its row.
    pub(super) fn is_done(&self) -> bool {
        self.state.done.len() >= u64::from(self.lane.targets)
    }
}
