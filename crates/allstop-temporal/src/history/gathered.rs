//! A run that was read from the engine.

use std::path::Path;

use allstop::engine::TargetResult;
use allstop::report::{Destination, Format};
use allstop::session::{Gathered, OpenBundle, Ran, SessionError, quoted};

use super::lane::Lane;
use crate::wire::{LaneSpec, RunRef};

/// A run that was read from the engine.
pub struct GatheredRun {
    pub(super) run: RunRef,
    pub(super) bundle: OpenBundle,
    /// The names of the variables that the plan uses.
    pub(super) variables: Vec<String>,
    pub(super) gathered: Gathered,
    /// The lanes, by number.
    pub(super) lanes: Vec<Lane>,
    /// The number of the lane of each target.
    pub(super) places: Vec<u32>,
    pub(super) notes: Vec<String>,
}

impl GatheredRun {
    /// Returns which run it is.
    #[must_use]
    pub const fn run(&self) -> &RunRef {
        &self.run
    }

    /// Tells whether it goes on.
    #[must_use]
    pub const fn goes_on(&self) -> bool {
        self.gathered.goes_on
    }

    /// Tells whether it is known what it stops: a worker has listed that, or nothing was to be listed.
    #[must_use]
    pub const fn is_listed(&self) -> bool {
        self.bundle.is_listed()
    }

    /// Returns what somebody should know who reads the report, such as that a lane was terminated.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the run ready to be reported: to `report`, or else to the default place of the plan's.
    ///
    /// # Errors
    ///
    /// Fails when something cannot be written.
    pub fn ended(self, report: Option<Destination>, exports: Vec<(Format, Destination)>) -> Result<Ran, SessionError> {
        let Self { bundle, mut gathered, lanes, places, .. } = self;
        // Where nobody goes on with a target, its session has said what its row is.
        lanes.iter().flat_map(|lane| lane.given_up.keys()).for_each(|target| drop(gathered.past.open.remove(target)));
        let unreached = |target: u32| {
            let lane = places.get(target as usize).and_then(|lane| lanes.get(*lane as usize));
            let row = lane.map(|lane| lane.given_up.get(&target).unwrap_or(&lane.rest));
            row.cloned().unwrap_or_else(|| TargetResult::unknown("the target is in no lane of the run"))
        };
        bundle.ended(gathered, unreached, report, exports)
    }

    /// Returns the command that goes on from a journal of the run at `path`.
    #[must_use]
    pub fn resume_command(&self, path: &Path) -> String {
        let plan = &self.bundle.plan().path;
        let mut words = vec!["allstop resume".to_owned(), quoted(&path.to_string_lossy()).into_owned()];
        if !plan.is_file() {
            words.push("--plan PLAN".to_owned());
        }
        // The value of a variable may be secret: whoever pastes the command fills it in.
        words.extend(self.variables.iter().map(|name| format!("--set {}=…", quoted(name))));
        words.join(" ")
    }

    /// Writes a journal of the run to `path`, from which `allstop resume` goes on. What somebody may have sent since is read
    /// back first.
    ///
    /// # Errors
    ///
    /// Fails when the journal cannot be written.
    pub async fn takeout(mut self, path: &Path) -> Result<(), SessionError> {
        let past = &mut self.gathered.past;
        for (target, lane) in (0_u32..).zip(&self.places) {
            let is_in_doubt = self.lanes.get(*lane as usize).is_some_and(|lane| lane.is_in_doubt);
            if is_in_doubt && !past.done.contains(target) {
                past.open.entry(target).or_default().is_handed_over = false;
            }
        }
        self.bundle.write_journal(path, &self.gathered, self.run.deadline).await
    }
}

/// Returns what is to be said of a lane.
pub(super) fn note(spec: &LaneSpec, message: &str) -> String {
    format!("lane {}: {message}", spec.name())
}
