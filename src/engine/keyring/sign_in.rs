//! The sign-in of a plan's accounts: keys, whose they are, and their projects, before anything else is sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures::future::join_all;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::lease::{Both, is_expired};
use super::slot::Slot;
use super::{Keyring, SourceId, State};
use crate::base::clock::Clock;
use crate::credentials::{CredentialError, CredentialProvider, Identity, Issued, Nature, SourceError};
use crate::engine::attempt::ClockOffset;
use crate::engine::error::RunError;
use crate::plan::{Account, AccountId, Plan};
use crate::provider::Cloud;

/// What came of the sign-in of one source.
struct SignedIn {
    issued: Issued,
    /// Why it could not be learnt whose the keys are.
    unknown: Option<CredentialError>,
    was_expired: bool,
    /// When the keys came.
    at: Both,
    /// How far the vendor's clock is ahead of this machine's.
    offset: ClockOffset,
    /// Whether the keys have served a request already.
    is_proven: bool,
}

impl Keyring {
    /// Gets the keys of the accounts in use, and asks once for each whose they are, side by side. `denied` has the ids of
    /// accounts that are refused besides those of the plan's guards.
    ///
    /// # Errors
    ///
    /// Fails when an account has no keys, when they are those of another account than the plan pins, when they are those
    /// of an account that is denied, and when a project cannot be found; all accounts are listed. An account whose key
    /// is refused is no error while another one has signed in: nothing is sent for it.
    pub async fn sign_in(
        plan: Arc<Plan>,
        provider: Arc<dyn CredentialProvider>,
        in_use: &[bool],
        clock: Arc<dyn Clock>,
        denied: &[String],
    ) -> Result<Self, RunError> {
        let (sources, holders) = shared(&plan, &*provider, in_use);
        let signed = join_all(holders.iter().map(|holder| sign_in(&*provider, &plan[*holder], &*clock))).await;
        let mut outcome = Outcome::default();
        let notes = |holder: &AccountId| {
            let account = &plan[*holder];
            let notes = provider.describe(account).notes.into_iter();
            notes.map(|note| format!("{}: {note}", account.base_name())).collect::<Vec<_>>()
        };
        outcome.notes = holders.iter().flat_map(notes).collect();
        let mut kept: Vec<Option<SignedIn>> = Vec::new();
        for (holder, signed) in holders.iter().zip(signed) {
            kept.push(match signed {
                Ok(signed) => Some(signed),
                Err(error) => {
                    outcome.failed.push((*holder, with_hint(error, &plan[*holder], &*provider)));
                    None
                }
            });
        }
        for (id, source) in plan.account_ids().zip(&sources) {
            let Some(signed) = source.and_then(|source| kept.get(source.index())?.as_ref()) else { continue };
            outcome.check(&plan[id], signed, &*provider, &[&plan.guards.denied_accounts, denied]);
        }
        outcome.judge(&plan, &sources)?;
        let projects = projects(&plan, &*provider, &sources, &kept).await?;
        Ok(Self::of((plan, provider, clock), (in_use, sources, projects), kept, outcome))
    }

    fn of(
        (plan, provider, clock): (Arc<Plan>, Arc<dyn CredentialProvider>, Arc<dyn Clock>),
        (in_use, sources, projects): (&[bool], Vec<Option<SourceId>>, Vec<Option<String>>),
        kept: Vec<Option<SignedIn>>,
        outcome: Outcome,
    ) -> Self {
        let mut chance = fastrand::Rng::new();
        let (mut slots, mut numbers, mut offsets, mut unknown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for signed in kept {
            numbers.push(signed.map(|SignedIn { issued, at, offset, is_proven, unknown: why, .. }| {
                offsets.push(offset);
                unknown.push(why);
                slots.push(Slot::new(issued, is_proven, at, chance.f64()));
                SourceId(u16::try_from(slots.len() - 1).unwrap_or(u16::MAX))
            }));
        }
        let refused = plan.account_ids().zip(&sources).filter_map(|(id, source)| {
            let is_kept = numbers.get((*source)?.index()).copied().flatten().is_some();
            let why = outcome.failed.iter().find(|(holder, _)| sources.get(holder.index()) == Some(source));
            (!is_kept).then(|| (id, why.map_or_else(String::new, |(_, error)| error.cause().message().to_owned())))
        });
        let refused = refused.collect();
        let renumbered = |source: &Option<SourceId>| numbers.get((*source)?.index()).copied().flatten();
        let patience = plan.retry.credentials_wait;
        Self {
            patience,
            sources: sources.iter().map(renumbered).collect(),
            singles: slots.iter().map(|_| tokio::sync::Mutex::new(())).collect(),
            state: Mutex::new(State { slots, news: Vec::new(), chance, closed: Vec::new(), is_over: false }),
            changed: watch::Sender::new(0),
            poked: Notify::new(),
            turn: tokio::sync::Mutex::new(()),
            in_use: in_use.to_vec(),
            warnings: outcome.warnings,
            notes: outcome.notes,
            offsets,
            unknown,
            plan,
            provider,
            clock,
            projects,
            refused,
        }
    }

    /// Returns the projects that were looked up, by account.
    #[must_use]
    pub fn projects(&self) -> &[Option<String>] {
        &self.projects
    }

    /// Returns what is good to know of the sources, one sentence each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns what is odd, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// What the sign-ins came to.
#[derive(Default)]
struct Outcome {
    failed: Vec<(AccountId, CredentialError)>,
    pins: Vec<String>,
    denied: Vec<String>,
    /// How many of both are so because the vendor could not be asked, which may pass.
    unasked: usize,
    warnings: Vec<String>,
    notes: Vec<String>,
}

impl Outcome {
    /// Compares whose keys an account has with what the plan says.
    fn check(&mut self, account: &Account, signed: &SignedIn, provider: &dyn CredentialProvider, denied: &[&[String]]) {
        let name = &account.name;
        if signed.was_expired {
            self.warnings.push(format!("the credentials of {name} look expired: is the clock of this machine right?"));
        }
        let Some(identity) = &signed.issued.identity else {
            let why = signed.unknown.as_ref().map_or("nobody says whose they are", |error| error.cause().message());
            let before = self.pins.len() + self.denied.len();
            if let Some(pin) = &account.account_id {
                self.pins.push(format!("account {name} is pinned to {pin}, and its credentials are not known: {why}"));
            } else if denied.iter().any(|ids| !ids.is_empty()) {
                self.denied.push(format!("account {name} could be one that is denied: {why}"));
            } else if signed.unknown.is_some() {
                self.warnings.push(format!("it is not known which account {name} is: {why}"));
            }
            if signed.unknown.as_ref().is_some_and(|error| error.nature() == Nature::Passing) {
                self.unasked += self.pins.len() + self.denied.len() - before;
            }
            return;
        };
        let Identity { account_id: id, name: who, .. } = identity;
        if let Some(pin) = account.account_id.as_ref().filter(|pin| *pin != id) {
            let source = provider.source(account).unwrap_or_else(|| "its key".to_owned());
            self.pins.push(format!("account {name} is pinned to {pin}, but {source} belongs to {id} ({who})"));
        }
        if denied.iter().any(|ids| ids.contains(id)) {
            self.denied.push(format!("account {name} is {id} ({who}), which is denied"));
        }
    }

    /// Says whether the run may go on.
    fn judge(&mut self, plan: &Plan, sources: &[Option<SourceId>]) -> Result<(), RunError> {
        // What is known to be wrong comes first, and no other attempt changes it.
        let may_pass = self.unasked > 0 && self.unasked == self.pins.len() + self.denied.len();
        let told = |error: RunError| if may_pass { RunError::Unidentified(Box::new(error)) } else { error };
        if !self.pins.is_empty() {
            return Err(told(RunError::Pinned(std::mem::take(&mut self.pins))));
        }
        let in_use = sources.iter().flatten().collect::<std::collections::HashSet<_>>().len();
        let is_refusal = |error: &CredentialError| matches!(error.nature(), Nature::Refused | Nature::Locked);
        let is_pinned = |holder: AccountId| {
            let of = sources.get(holder.index());
            let mut accounts = plan.accounts.iter().zip(sources);
            accounts.any(|(account, source)| Some(source) == of && account.account_id.is_some())
        };
        let is_fatal = |(holder, error): &(AccountId, CredentialError)| !is_refusal(error) || is_pinned(*holder);
        if self.failed.len() == in_use || self.failed.iter().any(is_fatal) {
            let errors: Vec<_> = self.failed.drain(..).map(|(_, error)| error).collect();
            return if errors.is_empty() { Ok(()) } else { Err(RunError::Credentials(errors)) };
        }
        if !self.denied.is_empty() {
            return Err(told(RunError::Denied(std::mem::take(&mut self.denied))));
        }
        let said = |error: &CredentialError| error.to_string().trim_end_matches('.').to_owned();
        let closed = self.failed.iter().map(|(_, error)| format!("{}: nothing is sent for it", said(error)));
        self.warnings.extend(closed);
        Ok(())
    }
}

/// Gives each account in use the number of its source; returns the first account of each source besides.
fn shared(plan: &Plan, provider: &dyn CredentialProvider, in_use: &[bool]) -> (Vec<Option<SourceId>>, Vec<AccountId>) {
    let (mut known, mut holders) = (HashMap::new(), Vec::new());
    let number = |(id, is_used): (AccountId, &bool)| {
        let account = &plan[id];
        is_used.then(|| {
            *known.entry((account.cloud, provider.shared_by(account))).or_insert_with(|| {
                holders.push(id);
                SourceId(u16::try_from(holders.len() - 1).unwrap_or(u16::MAX))
            })
        })
    };
    let sources = plan.account_ids().zip(in_use).map(number).collect();
    (sources, holders)
}

/// Gets the keys of one source, and learns whose they are.
async fn sign_in(
    provider: &dyn CredentialProvider,
    account: &Account,
    clock: &dyn Clock,
) -> Result<SignedIn, CredentialError> {
    let mut again = true;
    loop {
        let mut issued = provider.issue(account).await?;
        let at = Both { instant: Instant::now(), wall: clock.now() };
        let was_expired = is_expired(&issued, at.wall);
        let offset = ClockOffset::of(issued.issued_at, at.wall);
        if issued.identity.is_some() {
            return Ok(SignedIn { issued, unknown: None, was_expired, at, offset, is_proven: false });
        }
        let unknown = match provider.identify(account, &issued.credentials).await {
            Ok(identity) => {
                issued.identity = identity;
                None
            }
            Err(error) if error.nature() == Nature::Refused => {
                // The source may have newer ones by now.
                if issued.is_renewable && std::mem::replace(&mut again, false) {
                    continue;
                }
                return Err(error);
            }
            Err(error) if matches!(error.nature(), Nature::Locked | Nature::Wrong) => return Err(error),
            Err(error) => Some(error),
        };
        let told_at = issued.identity.as_ref().and_then(|identity| identity.told_at);
        let offset = if told_at.is_some() { ClockOffset::of(told_at, clock.now()) } else { offset };
        let is_proven = issued.identity.is_some();
        return Ok(SignedIn { issued, unknown, was_expired, at, offset, is_proven });
    }
}

/// Says where refused keys come from, where nobody says what else to do.
fn with_hint(error: CredentialError, account: &Account, provider: &dyn CredentialProvider) -> CredentialError {
    let cause = error.cause();
    match provider.source(account).filter(|_| cause.hint().is_empty() && cause.nature() == Nature::Refused) {
        Some(source) => {
            let cause = SourceError::new(Nature::Refused, cause.message(), format!("check {source}"));
            CredentialError::new(error.account(), cause)
        }
        None => error,
    }
}

/// Finds the projects of the accounts that the plan gives none, once for each source and region.
async fn projects(
    plan: &Plan,
    provider: &dyn CredentialProvider,
    sources: &[Option<SourceId>],
    kept: &[Option<SignedIn>],
) -> Result<Vec<Option<String>>, RunError> {
    let mut asked = HashMap::new();
    let mut of_account = vec![None; plan.accounts.len()];
    for (id, source) in plan.account_ids().zip(sources) {
        let (account, Some(source)) = (&plan[id], *source) else { continue };
        let Some(signed) = kept.get(source.index()).and_then(Option::as_ref) else { continue };
        if account.cloud == Cloud::Huawei && account.project_id().is_none() {
            asked.entry((source, account.region.clone())).or_insert((id, signed));
            if let Some(of_account) = of_account.get_mut(id.index()) {
                *of_account = Some((source, account.region.clone()));
            }
        }
    }
    let found = join_all(
        asked
            .into_iter()
            .map(|(key, (id, signed))| async move { (key, id, provider.project(&plan[id], &signed.issued).await) }),
    );
    let (mut projects, mut failed, mut lacking) = (HashMap::new(), Vec::new(), Vec::new());
    for (key, id, project) in found.await {
        match project {
            Ok(Some(project)) => drop(projects.insert(key, project)),
            Ok(None) => lacking.push((id, plan[id].name.clone())),
            Err(error) => failed.push((id, error)),
        }
    }
    failed.sort_by_key(|(id, _)| id.index());
    lacking.sort();
    if !failed.is_empty() {
        return Err(RunError::Credentials(failed.into_iter().map(|(_, error)| error).collect()));
    }
    if !lacking.is_empty() {
        return Err(RunError::Projects(lacking.into_iter().map(|(_, name)| name).collect()));
    }
    Ok(of_account.into_iter().map(|key| projects.get(&key?).cloned()).collect())
}
