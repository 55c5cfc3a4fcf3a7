//! Resuming a run from its journal.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::base::duration::spoken;
use crate::journal::{self, Header, Replay};
use crate::plan::Choice;
use crate::report::Destination;

use super::begun::Session;
use super::context::Context;
use super::error::SessionError;
use super::header;
use super::input::Input;
use super::listed::Listed;
use super::listed_again::ListedAgain;
use super::options::{BeginOptions, SessionOptions};
use super::place;
use super::plan::SelectedPlan;

/// What is to be resumed.
#[derive(Clone)]
pub struct ResumeOptions {
    /// The journal of the run.
    pub journal: PathBuf,
    /// The plan of the run; `None` where it is still at its path.
    pub plan: Option<Input>,
    /// The variables that are set; all those that the run began with are needed again.
    pub set: Vec<(String, String)>,
    /// Where the report goes; by default where the run was told to write it.
    pub report: Option<Destination>,
}

impl Session {
    /// Prepares to go on with an interrupted run. It keeps the run's own options where `options` has none.
    ///
    /// # Errors
    ///
    /// Fails when the journal cannot be used, when the run is complete or was a rehearsal, and when the plan is not the
    /// one that the run began with.
    pub fn resume(
        resumed: ResumeOptions,
        mut options: SessionOptions,
        context: &Context,
    ) -> Result<Self, SessionError> {
        let ResumeOptions { journal: path, plan, set, report } = resumed;
        let (mut replay, reopened) = journal::reopen(&path).map_err(|error| place::no_journal(error, &path))?;
        let header = replay.header.clone();
        let header = &header;
        refuse_rehearsal(header)?;
        demand_variables(header, &set)?;
        let mut selected = header::plan(header, plan, set, context)?;
        let kept = header::keep(&mut options, header, context.now())?;
        options.apply(Arc::make_mut(&mut selected.plan));
        header.check(&selected.plan)?;
        let listed = Listed::of_journal(&mut selected, header, replay.frozen.take())?;
        let listed_again = ListedAgain::of_header(header, &selected.left_out)?.map(Box::new);
        let recorded = header.report.clone().map_or(Destination::Stdout, Destination::File);
        context.ui.status(&status(&replay, &selected, context));
        kept.into_iter().for_each(|kept| context.ui.status(&kept));
        let begin = BeginOptions { report, reason: header.reason.clone(), ..BeginOptions::default() };
        let session = Self::new(selected, recorded, begin, options, context);
        Ok(Self {
            id: replay.header.run.clone(),
            journal: Some(path),
            resumed: Some(Box::new((replay.past, reopened))),
            listed,
            listed_again,
            ..session
        })
    }
}

/// Says which run it is, how old it is, and how far.
fn status(replay: &Replay, selected: &SelectedPlan, context: &Context) -> String {
    // What the run leaves alone is counted nowhere, here as in its progress and its summary.
    let targets = selected.choices().filter(|choice| *choice == Choice::Stop).count();
    // A clock that was set back gives no age.
    let age = Duration::try_from(context.now().duration_since(replay.header.started_at)).unwrap_or(Duration::ZERO);
    format!(
        "resuming run {}, which began {} ago, at {:.0}: {} of {targets} targets done, {} in doubt",
        replay.header.run,
        spoken(header::whole(age).max(Duration::from_secs(1))),
        replay.header.started_at,
        replay.past.done.len(),
        replay.past.open.len()
    )
}

fn refuse_rehearsal(header: &Header) -> Result<(), SessionError> {
    match header.mode {
        journal::Mode::Live => Ok(()),
        journal::Mode::Rehearsal => {
            Err(SessionError::input("cannot resume a rehearsal: its simulator has ended", "run the rehearsal again"))
        }
    }
}

/// Asks for the variables that the run began with; their values are in no journal.
fn demand_variables(header: &Header, set: &[(String, String)]) -> Result<(), SessionError> {
    let is_missing = |name: &&String| !set.iter().any(|(given, _)| given == *name);
    let missing: Vec<_> = header.set.iter().filter(is_missing).map(|name| format!("--set {name}=…")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("variables of the interrupted run are not set: {}", missing.join(" "));
    Err(SessionError::input(message, "set them to the same values; nothing was sent"))
}
