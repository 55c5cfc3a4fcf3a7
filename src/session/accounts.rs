//! Whose credentials the accounts of a plan have: asked for its own sake, without a run.

use std::io::{self, Write};
use std::sync::Arc;

use futures::future::join_all;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::asked_once::AskedOnce;
use super::context::Context;
use super::error::SessionError;
use super::input::Input;
use super::plan::SelectedPlan;
use super::sign_in::denied;
use crate::base::ExitStatus;
use crate::base::clock::SystemClock;
use crate::credentials::CredentialProvider;
use crate::engine::{Keyring, SignedAccount};
use crate::plan::{AccountId, Filters, Pattern, Plan};
use crate::provider::Credentials;
use crate::report::{AccountRow, AccountsTable};

/// Which accounts are asked about.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AccountsOptions {
    /// The plan that has them.
    pub plan: Input,
    /// The variables that are set, before those of the environment.
    pub set: Vec<(String, String)>,
    /// Which accounts of the plan; all of them if there are none.
    pub accounts: Vec<Pattern>,
}

impl AccountsOptions {
    /// Asks about all accounts of a plan.
    #[must_use]
    pub const fn new(plan: Input) -> Self {
        Self { plan, set: Vec::new(), accounts: Vec::new() }
    }
}

/// The accounts of a plan, to be asked about.
#[derive(Debug)]
pub struct Accounts {
    plan: Arc<Plan>,
    asked: Vec<AccountId>,
    context: Context,
}

/// Whose credentials the accounts of a plan have.
#[derive(Debug)]
pub struct Verified {
    rows: Vec<AccountRow>,
    errors: Vec<SessionError>,
    at: Timestamp,
}

impl Accounts {
    /// Reads a plan.
    ///
    /// # Errors
    ///
    /// Fails when the plan is wrong, and when none of its accounts is asked about.
    pub fn new(options: AccountsOptions, context: &Context) -> Result<Self, SessionError> {
        let AccountsOptions { plan, set, accounts } = options;
        let filters = Filters { accounts, ..Filters::default() };
        let selected = SelectedPlan::read(&plan, set, context)?.with_filters(filters);
        let selection = selected.selection()?;
        let asked = (0..).zip(selected.plan.account_ids()).filter(|(number, _)| selection.takes_account(*number));
        let asked: Vec<_> = asked.map(|(_, id)| id).collect();
        if asked.is_empty() {
            return Err(selected.no_such_account());
        }
        Ok(Self { plan: selected.plan, asked, context: context.clone() })
    }

    /// Gets the credentials of each account, and asks with one request for each source whose they are, side by side.
    /// An account without usable ones does not keep the others from being asked about. Nothing is stopped.
    ///
    /// Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// Fails when `drain` is cancelled meanwhile.
    pub async fn verify(self, drain: CancellationToken) -> Result<Verified, SessionError> {
        let Self { plan, asked, context } = &self;
        let provider = Arc::new(AskedOnce::new(Arc::clone(&context.credentials)));
        let denied = denied(context)?;
        let verified = join_all(asked.iter().map(|id| verify(plan, *id, &provider, &denied)));
        let verified = tokio::select! {
            biased;
            () = drain.cancelled() => {
                let hint = "nothing was stopped; run it again";
                return Err(SessionError::new(ExitStatus::Interrupt, "a signal ended the sign-in", hint));
            }
            verified = verified => verified,
        };
        let (mut rows, mut errors, mut told) = (Vec::new(), Vec::new(), Vec::new());
        for Looked { row, error, warnings, notes } in verified {
            rows.push(row);
            for note in notes {
                once(&mut told, &note).then(|| context.ui.note(&note));
            }
            for warning in warnings {
                once(&mut told, &warning).then(|| context.ui.warning(&warning));
            }
            errors.extend(error.filter(|error| once(&mut told, &error.text())));
        }
        Ok(Verified { rows, errors, at: context.now() })
    }
}

/// Takes note of a text; tells whether it is a new one. All regions of an account have the same errors.
fn once(told: &mut Vec<String>, text: &str) -> bool {
    let is_new = !told.iter().any(|known| known == text);
    if is_new {
        told.push(text.to_owned());
    }
    is_new
}

impl Verified {
    /// Writes a table for people.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
        self.table(width).write(out)
    }

    /// Writes one line of JSON for programs.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        self.table(None).write_json(self.exit_code(), out)
    }

    /// Returns why accounts are not usable.
    #[must_use]
    pub fn errors(&self) -> &[SessionError] {
        &self.errors
    }

    /// Returns the exit status: 0 if a run may use each account, 3 if what it would be refused for is that an account is
    /// denied.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let mut statuses = self.errors.iter().map(SessionError::status);
        let is_unknown = self.rows.iter().any(|row| row.signed.identity.is_none());
        let status = if is_unknown || statuses.any(|status| status == ExitStatus::BadInput) {
            ExitStatus::BadInput
        } else {
            self.errors.first().map_or(ExitStatus::Done, SessionError::status)
        };
        status.code()
    }

    fn table(&self, width: Option<usize>) -> AccountsTable<'_> {
        AccountsTable { rows: &self.rows, now: self.at, width }
    }
}

/// What was learnt of an account.
struct Looked {
    row: AccountRow,
    /// Why a run would not use it.
    error: Option<SessionError>,
    warnings: Vec<String>,
    /// What is good to know of its source.
    notes: Vec<String>,
}

/// Signs one account in.
async fn verify(plan: &Arc<Plan>, id: AccountId, provider: &Arc<AskedOnce>, denied: &[String]) -> Looked {
    let in_use: Vec<_> = plan.account_ids().map(|other| other == id).collect();
    let asked = Arc::clone(provider);
    let signed = Keyring::sign_in(Arc::clone(plan), asked, &in_use, Arc::new(SystemClock), denied).await;
    let account = plan[id].clone();
    let issued = provider.known(&account);
    let is_temporary = issued.as_ref().is_some_and(|issued| is_temporary(&issued.credentials));
    let mut notes = Vec::new();
    let (mut signed, error, warnings) = match signed {
        Ok(keyring) => {
            notes.extend_from_slice(keyring.notes());
            let signed = keyring.accounts().into_iter().next().unwrap_or_else(|| SignedAccount::unknown(&account));
            match signed.identity {
                Some(_) => (signed, None, keyring.warnings().to_vec()),
                None => {
                    let error = unknown(&account.name, keyring.warnings());
                    (SignedAccount { closed: Some(error.to_string()), ..signed }, Some(error), Vec::new())
                }
            }
        }
        Err(error) => {
            let closed = Some(error.to_string());
            let signed = SignedAccount { closed, ..SignedAccount::unknown(&account) };
            (signed, Some(SessionError::from(error)), Vec::new())
        }
    };
    // A run is refused without an account that is not usable; here it is told what is known of it.
    if let (Some(_), Some(issued)) = (&error, issued) {
        (signed.identity, signed.expires_at) = (issued.identity, issued.expires_at);
        signed.is_renewable = issued.is_renewable;
    }
    if signed.source.is_none() {
        signed.source = provider.source(&account);
    }
    Looked { row: AccountRow { account, signed, is_temporary }, error, warnings, notes }
}

/// Returns the error of an account whose keys are not refused, and nobody says whose they are.
fn unknown(name: &str, warnings: &[String]) -> SessionError {
    let message = match warnings {
        [] => format!("it is not known which account {name} is: nobody says whose its credentials are"),
        warnings => warnings.join("\n"),
    };
    SessionError::input(message, "")
}

fn is_temporary(credentials: &Credentials) -> bool {
    match credentials {
        Credentials::AccessKey { security_token, .. } => security_token.is_some(),
        Credentials::AuthToken(_) => true,
    }
}

#[cfg(test)]
mod tests;
