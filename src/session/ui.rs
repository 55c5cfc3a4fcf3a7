//! What a session says and asks, whoever listens.

use crate::engine::{AtPause, ListingProgress, SelectionRecord, SignedAccount};
use crate::plan::{Diagnostics, Listing, Overview};
use crate::report::Summary;

use super::error::SessionError;
use super::round::Ahead;
use super::watched::Watched;

/// The user interface of a session. Every method has a default: nothing is shown, and nobody can be asked.
pub trait Ui: Send + Sync {
    /// Shows what is good to know.
    fn status(&self, text: &str) {
        let _ = text;
    }

    /// Shows a note.
    fn note(&self, text: &str) {
        self.status(&format!("note: {text}"));
    }

    /// Shows what only somebody who asked for details wants to know, such as what a program that prints keys writes to its
    /// standard error.
    fn detail(&self, text: &str) {
        let _ = text;
    }

    /// Shows a warning.
    fn warning(&self, text: &str) {
        self.status(&format!("warning: {text}"));
    }

    /// Shows the warnings about a plan that was read.
    fn plan_warnings(&self, warnings: &Diagnostics) {
        self.status(&warnings.to_string());
    }

    /// Tells whether somebody can be asked.
    fn can_confirm(&self) -> bool {
        false
    }

    /// Asks whether to stop what the question shows. A session calls it only if [`can_confirm`](Self::can_confirm) says
    /// so; otherwise the session ends with an error.
    ///
    /// # Errors
    ///
    /// Fails when nobody can be asked, as [`Question::unasked`] says.
    fn confirm(&self, question: &Question<'_>) -> Result<bool, SessionError> {
        Err(question.unasked())
    }

    /// Shows whose the accounts of a run are that begins without a question; a question says it itself.
    fn signed_in(&self, accounts: &[SignedAccount]) {
        let _ = accounts;
    }

    /// Shows how far the listings are.
    fn listing(&self, progress: &[ListingProgress]) {
        let _ = progress;
    }

    /// Asks, at a pause of a stage that asks, whether the run goes on; anything but a yes ends it there. A session calls
    /// it on a thread of its own, so that it may wait for the answer, and only if [`can_confirm`](Self::can_confirm) says
    /// so. The run may end while it waits.
    fn goes_on(&self, pause: &AtPause) -> bool {
        let _ = pause;
        false
    }

    /// Shows how a watch ended; each of its rounds was shown when it [ended](Self::ended).
    fn watched(&self, watched: &Watched) {
        self.status(&watched.text());
    }

    /// Shows how the run ended. Its exports are not written yet.
    fn ended(&self, summary: &Summary<'_>, exit_code: u8) {
        let _ = (summary, exit_code);
    }
}

/// A user interface that shows nothing and confirms nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct SilentUi;

impl Ui for SilentUi {}

/// The question before anything is sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct Question<'a> {
    /// What would be stopped, in numbers.
    pub overview: &'a Overview,
    /// What would be stopped, by name.
    pub listing: &'a Listing<'a>,
    /// What the selections of the plan found; empty of a plan without any.
    pub selections: &'a [SelectionRecord],
    /// The accounts in use, and which account of the cloud each is.
    pub accounts: &'a [SignedAccount],
    /// The reason for the stop.
    pub reason: Option<&'a str>,
    /// Whether the run goes on from a journal.
    pub is_resumed: bool,
    /// What a yes is a yes to besides, before a watch.
    pub ahead: Option<Ahead>,
    /// When all of this is stopped, in a sentence, if not now.
    pub later: Option<&'a str>,
    /// Where the run is carried out, in a sentence, if not by this command.
    pub place: Option<&'a str>,
    /// What else is to be said of the run.
    pub remark: Option<&'a str>,
    /// Whether the command can run against the simulator instead.
    pub can_rehearse: bool,
}

impl Question<'_> {
    /// Returns what would be stopped, in numbers, and the reason.
    #[cfg(feature = "terminal")]
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.targets();
        if let Some(ahead) = &self.ahead {
            text.push_str(if text.ends_with('\n') { "" } else { " " });
            text.push_str(&ahead.text());
            text.push_str(if self.selections.is_empty() { "\n" } else { "" });
        }
        text
    }

    #[cfg(feature = "terminal")]
    fn targets(&self) -> String {
        use crate::base::escape::Escaped;
        use crate::report::{FoundPreview, Preview, warnings, whose};
        let (plan, overview) = (self.listing.plan(), self.overview);
        let warnings = whose(self.accounts).into_iter().chain(warnings(plan, overview));
        let warnings: Vec<_> = warnings.chain(self.remark.into_iter().chain(self.place).map(str::to_owned)).collect();
        if !self.selections.is_empty() {
            let Self { listing, overview, selections, reason, .. } = *self;
            return FoundPreview { listing, overview, selections, warnings: &warnings, reason }.to_string();
        }
        let mut text = Preview { plan, overview, selects: &[], warnings: &warnings }.to_string();
        if let Some(reason) = self.reason {
            text.push_str(&format!("Reason: {}\n", Escaped(reason)));
        }
        text
    }

    /// Returns the error of a user interface that cannot ask.
    #[must_use]
    pub fn unasked(&self) -> SessionError {
        unasked(self.can_rehearse)
    }
}

/// Returns the error of a run that nobody can be asked about.
pub(super) fn unasked(can_rehearse: bool) -> SessionError {
    let message = "cannot prompt for confirmation: standard input or standard error is not a terminal, or is used \
                   for machine-readable output";
    let hint = match can_rehearse {
        true => "pass --yes to skip the prompt, or --rehearse to run against the simulator first; nothing was sent",
        false => "pass --yes to skip the prompt; nothing was sent",
    };
    SessionError::input(message, hint)
}
