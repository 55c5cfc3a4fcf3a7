//! Whose turn it is in a lane while some targets are throttled again and again.
//!
//! One target may be throttled for ever while others are not: those go first. But where the whole lane is throttled,
//! new targets are throttled as well, and starting ever more of them would only let the time of all run out.

use crate::engine::target::Moment;

/// How many others go before one that is throttled again and again, while new targets are granted.
const LUCKY: u32 = 16;

/// The same, while new targets are throttled, too.
const UNLUCKY: u32 = 1;

/// How many new targets in a row must be throttled more often than granted to say so.
const MOST_LUCK: u8 = 3;

/// Keeps account of the turns.
#[derive(Debug)]
pub(super) struct Turns {
    /// How many others went since the last of those that are throttled again and again.
    overtakers: u32,
    luck: u8,
    /// Whether the last response to another one was not throttled.
    pub(super) others_are_granted: bool,
}

impl Default for Turns {
    fn default() -> Self {
        Self { overtakers: 0, luck: MOST_LUCK, others_are_granted: false }
    }
}

impl Turns {
    /// Tells whether it is the turn of one that is throttled again and again, although others could go.
    pub(super) const fn is_stuck_ones(&self) -> bool {
        self.overtakers >= if self.luck > 0 { LUCKY } else { UNLUCKY }
    }

    /// Notes that one that is throttled again and again goes.
    pub(super) const fn stuck_one_goes(&mut self) {
        self.overtakers = 0;
    }

    /// Notes that another goes while one that is throttled again and again could.
    pub(super) const fn other_goes(&mut self) {
        self.overtakers += 1;
    }

    /// Notes a response, and whether it was throttled.
    pub(super) fn responded(&mut self, moment: &Moment, is_throttled: bool) {
        if !moment.is_stuck {
            self.others_are_granted = !is_throttled;
        }
        if !moment.is_retry {
            self.first_attempt(is_throttled);
        }
    }

    fn first_attempt(&mut self, is_throttled: bool) {
        self.luck = if is_throttled { self.luck.saturating_sub(1) } else { MOST_LUCK.min(self.luck + 1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how many of `turns` turns are theirs while both could always go.
    fn stuck_turns(turns: &mut Turns, count: u32) -> u32 {
        let mut stuck = 0;
        for _ in 0..count {
            if turns.is_stuck_ones() {
                turns.stuck_one_goes();
                stuck += 1;
            } else {
                turns.other_goes();
            }
        }
        stuck
    }

    #[test]
    fn new_targets_go_first_as_long_as_they_are_granted() {
        let mut turns = Turns::default();
        assert_eq!(stuck_turns(&mut turns, 170), 10);
        for _ in 0..MOST_LUCK {
            turns.first_attempt(true);
        }
        assert_eq!(stuck_turns(&mut turns, 100), 50);
        turns.first_attempt(false);
        assert_eq!(stuck_turns(&mut turns, 170), 10);
    }
}
