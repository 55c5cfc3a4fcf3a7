//! Why a plan cannot be rehearsed.

use std::io;

use super::world::WorldError;
use crate::service::Kind;

/// The simulator has no model of a kind of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the simulator has no model of the kind {0}")]
pub struct NoModel(pub Kind);

/// Why a plan cannot be rehearsed.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// A kind of its targets has no model.
    #[error("cannot rehearse {target}: {cause}")]
    NoModel {
        /// The first such target.
        target: String,
        /// Its kind.
        #[source]
        cause: NoModel,
    },
    /// A selection is not understood.
    #[error("cannot rehearse {selection}: {reason}")]
    Wish {
        /// The selection.
        selection: String,
        /// What is not understood.
        reason: String,
    },
    /// A line of the world is no resource.
    #[error("cannot read the world: {0}")]
    World(#[from] WorldError),
    /// The simulator did not start.
    #[error("cannot start the simulator: {0}")]
    Start(#[from] io::Error),
}

impl RehearsalError {
    /// Returns what to do about it; empty if the error says it all.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoModel { .. } => "use --dry-run to read the states of its targets; nothing was sent",
            Self::Wish { .. } => "use --dry-run to list what it selects; nothing was sent",
            Self::World(error) => error.hint(),
            Self::Start(_) => "",
        }
    }
}
