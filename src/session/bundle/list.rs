//! Listing what a bundled run selects, on the machine that has the credentials.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::data::{Bundle, Unlisted};
use super::open::BundledRun;
use crate::engine::Status;
use crate::journal::Header;
use crate::session::after_listing::AfterListing;
use crate::session::begun::Session;
use crate::session::context::Context;
use crate::session::error::SessionError;
use crate::session::finish::Ran;
use crate::session::notices::Notices;
use crate::session::outputs::Outputs;
use crate::session::ready::Ready;

/// What the listing of a bundled run came to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ListedBundle {
    /// The run with what was found; of a listing that ended early, with what became of the selections.
    pub bundle: Bundle,
    /// Why the run has ended, and in words what ended it, where nothing may be stopped.
    pub ended: Option<(Status, Option<String>)>,
}

impl Bundle {
    /// Signs in and lists what the plan selects, as a run of it does that nobody is asked about. Every guard that refuses
    /// such a run refuses this one. No file of this machine is read or written.
    ///
    /// The deadline counts from the beginning of the run. When `drain` is cancelled, the run ends as interrupted.
    ///
    /// # Errors
    ///
    /// Fails when this version of the library reads the plan otherwise than the one that made the bundle, when an account has
    /// no credentials, or those of another account than the plan pins, and when the account is denied.
    pub async fn list(
        &self,
        run: BundledRun,
        context: &Context,
        drain: CancellationToken,
    ) -> Result<ListedBundle, SessionError> {
        let Some(unlisted) = &self.unlisted else { return Ok(ListedBundle { bundle: self.clone(), ended: None }) };
        let (mut session, _) = self.session(&run, context)?;
        session.options.deadline = self.deadline.map(|deadline| {
            let passed = context.now().duration_since(run.started_at);
            deadline.saturating_sub(Duration::try_from(passed).unwrap_or_default())
        });
        let overview = session.selected.overview();
        let ready = Ready { session, outputs: Outputs::none(), rehearsal: None, notices: Notices::default(), overview };
        let ready = match ready.sign_in(drain.clone()).await? {
            AfterListing::Ready(ready) => *ready,
            AfterListing::Ended(ran) => return Ok(self.ended(*ran, unlisted)),
        };
        match ready.list(|listings| listings.drain_on(drain)).await? {
            AfterListing::Ready(ready) => {
                let ended = ready.refusal().map(|refusal| (Status::Aborted, Some(refusal)));
                Ok(ListedBundle { bundle: self.with(&ready.session, None), ended })
            }
            AfterListing::Ended(ran) => Ok(self.ended(*ran, unlisted)),
        }
    }

    /// Takes a session that ended before anything was stopped.
    fn ended(&self, ran: Ran, unlisted: &Unlisted) -> ListedBundle {
        let Ran { session, record, .. } = ran;
        let unlisted = session.listed.is_none().then(|| Unlisted { selections: record.selections, ..unlisted.clone() });
        ListedBundle { bundle: self.with(&session, unlisted), ended: Some((record.status, record.ended_by)) }
    }

    /// Takes what a session of the run has found.
    fn with(&self, session: &Session, unlisted: Option<Unlisted>) -> Self {
        let listed = Self::of(session, unlisted, self.copy.clone());
        let (report, set) = (self.header.report.clone(), self.header.set.clone());
        let header = Header { report, set, started_at: self.header.started_at, ..listed.header };
        Self { header, deadline: self.deadline, ..listed }
    }
}
