//! The lines after the header: one for each thing that a run must not forget.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fact;
use super::frozen::{Closing, Group};
use crate::engine::{AccountNote, Attempt, Effect, Status, TargetResult};

/// One line's content. Targets are named by their numbers in the plan, from 0.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Note {
    /// Target `b` will be sent soon for the first time.
    Intent { b: u32 },
    /// Attempt number `s` of target `t` leaves.
    Sending { t: u32, s: u32, at: Timestamp },
    /// Attempt `a` of target `t` is over and has not settled it.
    Attempted {
        t: u32,
        #[serde(with = "fact::attempt")]
        a: Box<Attempt>,
        #[serde(rename = "trace")]
        effect: Effect,
    },
    /// Target `t` has its final fact.
    Finished {
        t: u32,
        #[serde(with = "fact::result")]
        f: Arc<TargetResult>,
    },
    /// Stage number `stage` of the plan, from 0, begins.
    Stage { stage: u16, at: Timestamp },
    /// An account of the plan has signed in, or has newer keys.
    Account { account: AccountNote },
    /// Targets that a selection found.
    Found { g: Arc<Group> },
    /// All targets are found.
    Frozen { frozen: Box<Closing> },
    /// Another process goes on with the run.
    Resumed { resumed: Resumed },
    /// The run has ended by itself.
    Ended { end: End },
}

/// That another process went on with the run.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resumed {
    pub(super) at: Timestamp,
}

/// How a run, or a part of it that could still report, came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Why it ended.
    pub status: Status,
    /// The exit status of the program.
    pub exit_code: u8,
    /// When.
    pub at: Timestamp,
    /// Whether targets are left that another process can go on with, although it came to its own end: their account had
    /// no credentials.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_open: bool,
}

impl End {
    /// Tells whether nothing is left to go on with.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.status == Status::Completed && !self.is_open
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
