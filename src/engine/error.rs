//! Why a run could not begin.

use std::borrow::Cow;
use std::error::Error;

use crate::credentials::{CredentialError, Nature};
use crate::transport::TransportError;

/// A run that could not begin. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Accounts lack credentials; all of them are listed.
    #[error("{}", lines(.0))]
    Credentials(Vec<CredentialError>),
    /// The credentials of accounts are not those of the account that the plan pins; all of them are listed.
    #[error("{}", .0.join("\n"))]
    Pinned(Vec<String>),
    /// Accounts are ones that are denied; all of them are listed.
    #[error("{}", .0.join("\n"))]
    Denied(Vec<String>),
    /// It could not be learnt whose the credentials of accounts are, which may be known a moment later. What it contains says
    /// what depends on that: [`Pinned`](Self::Pinned) or [`Denied`](Self::Denied).
    #[error(transparent)]
    Unidentified(Box<Self>),
    /// Huawei Cloud accounts lack a project; all of them are listed.
    #[error("no project id for {}", .0.join(", "))]
    Projects(Vec<String>),
    /// A selection would list one place of the cloud twice: two of its accounts have the same key in the same region.
    #[error("{selection}: {twice}")]
    SamePlace {
        /// The selection's id.
        selection: String,
        /// What names the two accounts.
        twice: String,
    },
    /// The HTTP client could not be built.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The journal could not be opened.
    #[error("{0}")]
    Journal(Box<dyn Error + Send + Sync>),
    /// The plan selects targets, and nobody listed them.
    #[error("the plan selects targets that were not listed")]
    Unlisted,
    /// A selection, or what an earlier part of the run left, names a target that the plan does not have.
    #[error("no target has the number {target}: the plan has {targets} targets")]
    NoSuchTarget {
        /// The number, from 0.
        target: u32,
        /// How many targets the plan has.
        targets: usize,
    },
}

impl RunError {
    /// Tells whether the vendors have refused the credentials: with the same ones, no other attempt ends better.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let is_refused = |error: &CredentialError| matches!(error.nature(), Nature::Refused | Nature::Locked);
        matches!(self, Self::Credentials(errors) if errors.iter().all(is_refused))
    }

    /// Tells whether it may pass by itself: with the same credentials, another attempt may end better.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Credentials(errors) => errors.iter().all(|error| error.nature() == Nature::Passing),
            Self::Unidentified(_) => true,
            Self::Pinned(_)
            | Self::Denied(_)
            | Self::Projects(_)
            | Self::SamePlace { .. }
            | Self::Transport(_)
            | Self::Journal(_)
            | Self::Unlisted
            | Self::NoSuchTarget { .. } => false,
        }
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        let text = match self {
            Self::Credentials(errors) => {
                return errors.first().map_or_else(Cow::default, |error| error.hint().to_owned().into());
            }
            Self::Unidentified(depends) => return depends.hint(),
            Self::Pinned(_) => "use the credentials of the account that the plan names; nothing was sent",
            Self::Denied(_) => {
                "guards.accounts.deny and ALLSTOP_DENY_ACCOUNTS name accounts that are never touched; nothing was sent"
            }
            Self::Projects(_) => "set `project_id` in the account, or HUAWEICLOUD_SDK_PROJECT_ID",
            Self::SamePlace { .. } => "leave one of the two out of the selection; nothing was sent",
            Self::Transport(error) => error.hint(),
            Self::Journal(_) => "",
            Self::Unlisted => "list them first, and run the plan that has them as targets",
            Self::NoSuchTarget { .. } => "use the plan that the numbers were made for",
        };
        text.into()
    }
}

fn lines(errors: &[CredentialError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
