//! What a run knows as one round of a watch.

use jiff::Timestamp;

use crate::engine::Earlier;

/// What a run knows as one round of a watch; nothing of a run by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Round {
    /// What earlier rounds did.
    pub(super) earlier: Earlier,
    /// Whether it had nothing to stop, once it has ended.
    pub(super) is_empty: bool,
    /// What the question before the first round is about besides.
    pub(super) ahead: Option<Ahead>,
}

/// What a yes to the question before a watch is a yes to, besides the targets that it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ahead {
    /// When the watch ends.
    pub until: Timestamp,
    /// How many targets its rounds may stop in all.
    pub at_most: usize,
}

impl Ahead {
    /// Says it: the end of the question before a watch.
    #[must_use]
    pub fn text(&self) -> String {
        let most = crate::base::count::HumanCount(self.at_most as u64);
        format!("And whatever matches until {}, at most {most} targets in all.", self.until.strftime("%F %H:%MZ"))
    }
}
