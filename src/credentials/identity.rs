//! Whose credentials these are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whose credentials these are, as the vendor says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identity {
    /// The id of the account: the number of an Alibaba Cloud account, the domain id of a Huawei Cloud account.
    pub account_id: String,
    /// Who it is in that account, in words, such as `user ops` or `role stopper, session allstop-1`.
    pub name: String,
    /// The name of the account, where the vendor tells.
    pub account_name: Option<String>,
    /// The time of the response that said so, by the vendor's clock, where it was asked for that alone. It is no part of
    /// the identity: two that differ in it are equal.
    pub told_at: Option<Timestamp>,
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        let parts = |of: &Self| (of.account_id.clone(), of.name.clone(), of.account_name.clone());
        parts(self) == parts(other)
    }
}

impl Eq for Identity {}

impl Identity {
    /// Creates an identity without a name of the account.
    pub fn new(account_id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { account_id: account_id.into(), name: name.into(), account_name: None, told_at: None }
    }
}
