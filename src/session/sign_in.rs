//! Signing the accounts of a session in: before anything else is sent, it is known whose they are.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::base::clock::SystemClock;
use crate::base::escape::Escaped;
use crate::credentials::CredentialProvider;
use crate::engine::{Keyring, Status, foresee};
use crate::plan::value::is_account_id;

use super::after_listing::AfterListing;
use super::context::Context;
use super::error::SessionError;
use super::measure::Unbegun;
use super::ready::Ready;
use super::ui::unasked;

/// The variable that names accounts which are never touched, separated by commas.
const DENIED: &str = "ALLSTOP_DENY_ACCOUNTS";

impl Ready {
    /// Gets the keys of the accounts that the run uses, and learns whose they are, with one request for each. Without it,
    /// the run does so when it begins.
    ///
    /// When `drain` is cancelled meanwhile, the session ends as interrupted.
    ///
    /// # Errors
    ///
    /// Fails when an account has no credentials, when they belong to another account than the plan, the journal or the
    /// report that it goes on from says, when the account is denied, and when nobody can be asked about the run.
    pub async fn sign_in(self, drain: CancellationToken) -> Result<AfterListing, SessionError> {
        let unbegun = Unbegun::of(&self.session);
        self.sign_all_in(drain).await.map_err(|error| unbegun.failed(error))
    }

    async fn sign_all_in(mut self, drain: CancellationToken) -> Result<AfterListing, SessionError> {
        if !self.has_work() && !self.must_list() {
            return Ok(AfterListing::Ready(Box::new(self)));
        }
        self.demand_answer()?;
        let started_at = self.session.context.now();
        self.session.recall_projects();
        let plan = Arc::clone(&self.session.selected.plan);
        let in_use = self.session.selected.in_use(&self.overview);
        let (provider, denied) = self.provider()?;
        let signed_in = Keyring::sign_in(plan, provider, &in_use, Arc::new(SystemClock), &denied);
        let keyring = tokio::select! {
            biased;
            () = drain.cancelled() => return Ok(self.end(Status::Interrupted, None, Vec::new(), started_at)),
            keyring = signed_in => keyring?,
        };
        keyring.notes().iter().for_each(|note| self.session.context.ui.note(note));
        keyring.warnings().iter().for_each(|warning| self.session.context.ui.warning(warning));
        keyring.refuse_others(self.session.known_accounts())?;
        let plan = Arc::make_mut(&mut self.session.selected.plan);
        keyring.find_projects(plan);
        self.session.keyring = Some(Arc::new(keyring));
        Ok(AfterListing::Ready(Box::new(self)))
    }

    /// Refuses a run that nobody can confirm before anybody is asked for credentials.
    fn demand_answer(&self) -> Result<(), SessionError> {
        let session = &self.session;
        let is_nothing = self.overview.stops() == 0 && session.round.ahead.is_none() && !self.must_list();
        let is_free = session.options.yes || session.begin.rehearsal.is_some() || session.begin.dry_run;
        let is_refused = || foresee(&session.selected.plan, &self.overview, Some(session.context.now())).is_some();
        if is_nothing || is_free || session.context.ui.can_confirm() || is_refused() {
            return Ok(());
        }
        Err(unasked(session.can_rehearse()))
    }

    /// Returns who is asked for keys, and the accounts that are never touched.
    fn provider(&self) -> Result<(Arc<dyn CredentialProvider>, Vec<String>), SessionError> {
        if let Some(rehearsal) = &self.rehearsal {
            return Ok((rehearsal.provider(), Vec::new()));
        }
        let context = &self.session.context;
        Ok((context.provider_of(&self.session.id), denied(context)?))
    }
}

/// Returns the ids of the accounts that the environment says are never touched.
///
/// # Errors
///
/// Fails when one of them is no id: a list that protects nothing is worse than none.
pub(super) fn denied(context: &Context) -> Result<Vec<String>, SessionError> {
    let ids = context.environment.get(DENIED).unwrap_or_default().split(',').map(str::trim);
    let ids = ids.filter(|id| !id.is_empty()).map(|id| match is_account_id(id) {
        true => Ok(id.to_ascii_lowercase()),
        false => {
            let message = format!("{DENIED}: `{}` is no account id", Escaped(id));
            Err(SessionError::input(message, "separate the ids by commas, without quotes; nothing was sent"))
        }
    });
    ids.collect()
}
