//! The activities that the workflows ask for. Workers carry them out: see `activities` at the crate's root.

use temporalio_macros::activity_definitions;
use temporalio_sdk::activities::ActivityError;

use crate::wire::{
    AskInput, Asked, ConcludeInput, HolderInput, ListEnd, ListInput, ReleaseInput, Seen, SessionEnd, SessionInput,
    Unserved,
};

/// The activities by their names. Nothing here is ever called.
pub struct Activities;

#[allow(clippy::unimplemented, reason = "the macro wants bodies of this form")]
#[activity_definitions]
impl Activities {
    /// Holds a lane for a while.
    #[activity(name = "allstop.session.v1")]
    pub fn session(_: SessionInput) -> Result<SessionEnd, ActivityError> {
        unimplemented!()
    }

    /// Lists what a run's plan selects.
    #[activity(name = "allstop.list.v1")]
    pub fn list(_: ListInput) -> Result<ListEnd, ActivityError> {
        unimplemented!()
    }

    /// Asks for a quota, and starts its workflow where there is none.
    #[activity(name = "allstop.ask.v1")]
    pub fn ask(_: AskInput) -> Result<Asked, ActivityError> {
        unimplemented!()
    }

    /// Gives a quota back; tells whether its workflow was there.
    #[activity(name = "allstop.release.v1")]
    pub fn release(_: ReleaseInput) -> Result<bool, ActivityError> {
        unimplemented!()
    }

    /// Looks what waits for a worker at the holder of a quota; `None` where a worker serves it.
    #[activity(name = "allstop.unserved.v1")]
    pub fn unserved(_: HolderInput) -> Result<Option<Unserved>, ActivityError> {
        unimplemented!()
    }

    /// Looks what the engine knows of the session of a lane, by the id of the lane's workflow.
    #[activity(name = "allstop.look.v1")]
    pub fn look(_: String) -> Result<Seen, ActivityError> {
        unimplemented!()
    }

    /// Writes the report of a run where the worker is told to, and lets go of its plan.
    #[activity(name = "allstop.conclude.v1")]
    pub fn conclude(_: ConcludeInput) -> Result<(), ActivityError> {
        unimplemented!()
    }

    /// Says that the report of a run was not written, by the id of the run.
    #[activity(name = "allstop.unreported.v1")]
    pub fn unreported(_: String) -> Result<(), ActivityError> {
        unimplemented!()
    }
}
