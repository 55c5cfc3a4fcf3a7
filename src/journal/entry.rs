//! What a run notes. The writing thread makes lines of it, so that the run does not wait for that.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::note::{End, Note};
use crate::engine::{Attempt, Effect, TargetResult};

/// A [`Note`] that owns what it says.
pub(super) enum Entry {
    Intent(u32),
    Sending { target: u32, n: u32, at: Timestamp },
    Attempted { target: u32, attempt: Box<Attempt>, effect: Effect },
    Finished { target: u32, result: Arc<TargetResult> },
    Ended(End),
}

impl Entry {
    /// Returns the content of its line.
    pub(super) fn note(&self) -> Note<'_> {
        match self {
            Self::Intent(target) => Note::Intent { b: *target },
            Self::Sending { target, n, at } => Note::Sending { t: *target, s: *n, at: *at },
            Self::Attempted { target, attempt, effect } => {
                Note::Attempted { t: *target, a: Cow::Borrowed(attempt), effect: *effect }
            }
            Self::Finished { target, result } => Note::Finished { t: *target, f: Cow::Borrowed(result) },
            Self::Ended(end) => Note::Ended { end: *end },
        }
    }
}
