//! What came before a run that is one round of several.

/// What earlier rounds did, for the guards that count over all rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Earlier {
    /// How many targets that selections found they were to stop. What the plan names itself is the same in every round
    /// and counts only once.
    pub found: u64,
    /// How many targets they were to stop.
    pub selected: u64,
    /// How many of these failed, or are unknown.
    pub failed: u64,
}
