//! One request and its targets.

use std::time::Duration;

use crate::engine::batch::Batch;
use crate::engine::target::{StateBox, TargetState};

/// One request and its targets.
pub(in crate::engine) enum Work {
    /// A stop.
    Stop(Batch<StateBox>),
    /// A read with the read API of this number; it may serve several targets.
    Read(usize, Batch<StateBox>),
}

impl Work {
    /// Returns the targets.
    pub(in crate::engine) const fn states(&self) -> &Batch<StateBox> {
        match self {
            Self::Stop(states) | Self::Read(_, states) => states,
        }
    }

    const fn states_mut(&mut self) -> &mut Batch<StateBox> {
        match self {
            Self::Stop(states) | Self::Read(_, states) => states,
        }
    }

    /// Returns the targets.
    pub(in crate::engine) fn into_states(self) -> Batch<StateBox> {
        match self {
            Self::Stop(states) | Self::Read(_, states) => states,
        }
    }

    /// Returns the first of the targets.
    pub(in crate::engine) const fn first(&self) -> &TargetState {
        self.states().first()
    }

    /// Returns the number of the read API, if it is a read.
    pub(in crate::engine) const fn stage(&self) -> Option<usize> {
        match self {
            Self::Stop(_) => None,
            Self::Read(stage, _) => Some(*stage),
        }
    }

    /// Makes time that was waited for keys count for no limit.
    pub(in crate::engine) fn excuse(&mut self, waited: Duration) {
        self.states_mut().iter_mut().for_each(|state| state.excuse(waited));
    }

    /// Takes note whether the request waits for newer keys; tells whether the one before of a target did so, too.
    pub(in crate::engine) fn wait_for_keys(&mut self, waits: bool) -> bool {
        self.states_mut().iter_mut().fold(false, |any, state| state.wait_for_keys(waits) | any)
    }
}
