//! What a bundle has, and its bytes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::engine::{KnownAccount, SelectionRecord};
use crate::journal::{FrozenFacts, FrozenTargets, Header};
use crate::plan::{Account, Filters, FoundTargets, PlanCopy};
use crate::session::begun::Session;
use crate::session::options::SessionOptions;
use crate::session::ready::Ready;

/// A run that is prepared and confirmed: everything that another machine needs to carry it out, but for credentials.
///
/// It has the values of the variables that the plan uses. Its `Debug` does not show them.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub(super) copy: PlanCopy,
    /// The header that a journal of the run would have.
    pub(super) header: Header,
    pub(super) deadline: Option<Duration>,
    /// What its selections found, where it has any.
    pub(super) found: Option<FrozenTargets>,
    /// What it takes to list, where that has not been done.
    pub(super) unlisted: Option<Unlisted>,
    /// The projects that the plan or the environment states, by the account's name.
    pub(super) projects: BTreeMap<String, String>,
    /// Which accounts of the cloud have signed in, by name.
    pub(super) accounts: BTreeMap<String, KnownAccount>,
}

/// What it takes to list what a bundled run selects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Unlisted {
    /// What the command line selects.
    pub(super) filters: Filters,
    /// Whether the run goes on with what could be listed where something could not.
    pub(super) partial: bool,
    /// What became of each selection in a listing that ended early.
    pub(super) selections: Vec<SelectionRecord>,
}

/// Bytes that are no bundle, or one of another version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Another version of the library made it.
    #[error("the run was bundled in version {0} of the format, and this program reads version {version}", version = Bundle::VERSION)]
    Version(u32),
    /// They are something else.
    #[error("these bytes are no bundled run: {0}")]
    Other(String),
}

/// How a bundle is written. What a journal writes as JSON is JSON here, too.
#[derive(Serialize, Deserialize)]
struct Packed {
    copy: PlanCopy,
    header: String,
    deadline: Option<Duration>,
    found: Option<String>,
    unlisted: Option<String>,
    projects: BTreeMap<String, String>,
    accounts: BTreeMap<String, KnownAccount>,
}

impl Bundle {
    /// The version of the format that is read and written.
    pub const VERSION: u32 = 1;

    /// Returns the bytes of it.
    ///
    /// # Errors
    ///
    /// Fails when a part of it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BundleError> {
        let json = |text: serde_json::Result<String>| text.map_err(other);
        let packed = Packed {
            copy: self.copy.clone(),
            header: json(serde_json::to_string(&self.header))?,
            deadline: self.deadline,
            found: self.found.as_ref().map(|found| json(serde_json::to_string(found))).transpose()?,
            unlisted: self.unlisted.as_ref().map(|unlisted| json(serde_json::to_string(unlisted))).transpose()?,
            projects: self.projects.clone(),
            accounts: self.accounts.clone(),
        };
        postcard::to_stdvec(&(Self::VERSION, packed)).map_err(other)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) returned.
    ///
    /// # Errors
    ///
    /// Fails when the bytes are something else, or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        let (version, rest) = postcard::take_from_bytes::<u32>(bytes).map_err(other)?;
        if version != Self::VERSION {
            return Err(BundleError::Version(version));
        }
        let packed: Packed = postcard::from_bytes(rest).map_err(other)?;
        Ok(Self {
            copy: packed.copy,
            header: serde_json::from_str(&packed.header).map_err(other)?,
            deadline: packed.deadline,
            found: packed.found.map(|found| serde_json::from_str(&found).map_err(other)).transpose()?,
            unlisted: packed.unlisted.map(|unlisted| serde_json::from_str(&unlisted).map_err(other)).transpose()?,
            projects: packed.projects,
            accounts: packed.accounts,
        })
    }

    /// Returns the run's id.
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.header.run
    }

    /// Returns the plan's name.
    #[must_use]
    pub fn plan_name(&self) -> &str {
        &self.header.plan.name
    }

    /// Returns the operator's reason.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.header.reason.as_deref()
    }

    /// Returns the fingerprint of what the run stops, in hexadecimal: two bundles with the same one stop the same.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.header.plan.fingerprint
    }

    /// Returns the SHA-256 of the plan's file, in hexadecimal.
    #[must_use]
    pub fn plan_sha256(&self) -> &str {
        &self.header.plan.sha256
    }

    /// Returns how long the run may take, where it has a deadline.
    #[must_use]
    pub const fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Tells whether what its plan selects must be [listed](Self::list) before anything is stopped.
    #[must_use]
    pub const fn must_list(&self) -> bool {
        self.unlisted.is_some()
    }

    /// Returns the names of the variables whose values are in the bundle.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.copy.variables()
    }
}

impl Ready {
    /// Bundles the run, so that it can be carried out elsewhere; what its plan selects and is not listed yet is listed there.
    /// Nothing is sent, and no file is written.
    #[must_use]
    pub fn bundle(self, copy: PlanCopy) -> Bundle {
        let must_list = self.session.listed.is_none() && self.must_list();
        let Self { session, .. } = self;
        let unlisted = must_list.then(|| Unlisted {
            filters: session.selected.filters.clone(),
            partial: session.begin.partial,
            selections: Vec::new(),
        });
        Bundle::of(&session, unlisted, copy)
    }
}

impl Bundle {
    /// Takes a session as it is.
    pub(super) fn of(session: &Session, unlisted: Option<Unlisted>, copy: PlanCopy) -> Self {
        let (selected, listed) = (&session.selected, session.listed.as_deref());
        let mut header = session.header(listed.map_or(&session.id, |listed| &listed.id));
        // A deadline counts from the beginning of the run, which is elsewhere.
        let options = SessionOptions { deadline: None, ..session.options.clone() };
        header.options = session.header_options(&options, header.started_at);
        let found = listed.map(|listed| {
            let left_out = selected.left_out.ranges();
            let facts =
                FrozenFacts { selections: &listed.selections, left_out: &left_out, listed_at: listed.listed_at };
            FrozenTargets::of(FoundTargets { plan: &selected.plan, ranges: &listed.ranges }, &facts)
        });
        let stated = |account: &Account| Some((account.name.clone(), account.project_id.clone()?));
        let projects = selected.plan.accounts.iter().filter_map(stated).collect();
        let signed_in = session.keyring.as_ref().map(|keyring| keyring.accounts()).unwrap_or_default();
        let accounts = signed_in.iter().map(|account| (account.name.clone(), account.known())).collect();
        Self { copy, header, deadline: session.options.deadline, found, unlisted, projects, accounts }
    }
}

fn other(error: impl std::fmt::Display) -> BundleError {
    BundleError::Other(error.to_string())
}
