//! What a response, or its loss, does to a lane.

use std::time::Duration;

use super::queue::Removed;
use crate::engine::outcome::TargetError;
use crate::error::ErrorClass;

/// What observers hear of a lane after a response, and which targets leave it. Mostly nothing.
#[derive(Default)]
pub(in crate::engine) struct Reaction {
    /// The service fails, in words; said once a lane.
    pub(in crate::engine) failing: Option<(ErrorClass, Box<str>)>,
    pub(in crate::engine) slowed: Option<Slowed>,
    pub(in crate::engine) gone: Option<Gone>,
}

/// A lane holds back.
pub(in crate::engine) struct Slowed {
    pub(in crate::engine) pause: Duration,
    pub(in crate::engine) from: Option<f64>,
    pub(in crate::engine) rate: Option<f64>,
    pub(in crate::engine) class: ErrorClass,
}

/// Nothing more is sent for these targets.
pub(in crate::engine) enum Gone {
    /// Their lane was given up; the error is that of the targets that nothing was sent for.
    Lane(TargetError, Removed),
    /// Their key was refused, on all its lanes.
    Key(Vec<Removed>),
}
