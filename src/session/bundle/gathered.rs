//! What came of the parts of a run.

use jiff::Timestamp;

use crate::engine::{LaneInfo, LaneStats, ResumeState, SignedAccount, Status};

/// What came of all parts of a run, gathered by whoever had them carried out.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Gathered {
    /// The final facts and what is open; the numbers are those of the whole plan.
    pub past: ResumeState,
    /// The lanes and what they did, in the order of the plan.
    pub lanes: Vec<(LaneInfo, LaneStats)>,
    /// The accounts that have signed in.
    pub accounts: Vec<SignedAccount>,
    /// Why the run ended.
    pub status: Status,
    /// What ended it early, in words.
    pub ended_by: Option<String>,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Whether it goes on: this is what it has done so far.
    pub goes_on: bool,
}
