//! Whose credentials some are.

use std::sync::Arc;

use crate::provider::Cloud;

/// Whose credentials some are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) struct Holder {
    /// The cloud.
    pub(super) cloud: Cloud,
    /// The id of the account.
    pub(super) account: Arc<str>,
    /// What they are in it.
    pub(super) rank: Rank,
}

/// What somebody is in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rank {
    /// The account itself.
    Root,
    /// A user.
    User(Box<str>),
    /// A session of a role or an agency.
    Session { role: Box<str>, session: Box<str> },
}

/// Whose credentials a request is signed with.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct Signer {
    /// The key id, or the name of the token.
    pub(super) id: Arc<str>,
    /// Whose they are.
    pub(super) holder: Holder,
    /// Whether they were issued for a time.
    pub(super) is_temporary: bool,
}

impl Holder {
    /// Names a user.
    pub(super) fn user(cloud: Cloud, account: &str, name: &str) -> Self {
        Self { cloud, account: account.into(), rank: Rank::User(name.into()) }
    }

    /// Names a session of a role or an agency.
    pub(super) fn session(cloud: Cloud, account: &str, role: &str, session: &str) -> Self {
        Self { cloud, account: account.into(), rank: Rank::Session { role: role.into(), session: session.into() } }
    }

    /// Returns the name as the cloud's own services write it.
    pub(super) fn resource_name(&self) -> String {
        let account = &self.account;
        match (self.cloud, &self.rank) {
            (Cloud::Alibaba, Rank::Root) => format!("acs:ram::{account}:root"),
            (Cloud::Alibaba, Rank::User(name)) => format!("acs:ram::{account}:user/{name}"),
            (Cloud::Alibaba, Rank::Session { role, session }) => {
                format!("acs:ram::{account}:assumed-role/{role}/{session}")
            }
            (Cloud::Huawei, Rank::Root) => format!("iam::{account}:root"),
            (Cloud::Huawei, Rank::User(name)) => format!("iam::{account}:user:{name}"),
            (Cloud::Huawei, Rank::Session { role, session }) => {
                format!("sts::{account}:assumed-agency:{role}/{session}")
            }
        }
    }

    /// Returns what tells it from others, whatever the session is called.
    pub(super) fn key(&self) -> String {
        format!("{}/{}/{}", self.cloud.name(), self.account, self.name())
    }

    /// Returns the name of the user, or of the role or agency.
    pub(super) fn name(&self) -> &str {
        match &self.rank {
            Rank::Root => "root",
            Rank::User(name) => name,
            Rank::Session { role, .. } => role,
        }
    }
}
