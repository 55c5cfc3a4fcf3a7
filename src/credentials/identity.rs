//! Whose credentials these are.

/// Whose credentials these are, as the vendor says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The id of the account: the number of an Alibaba Cloud account, the domain id of a Huawei Cloud account.
    pub account_id: String,
    /// Who it is in that account, in words, such as `user ops` or `role stopper, session allstop-1`.
    pub name: String,
    /// The name of the account, where the vendor tells.
    pub account_name: Option<String>,
}

impl Identity {
    /// Creates an identity without a name of the account.
    pub fn new(account_id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { account_id: account_id.into(), name: name.into(), account_name: None }
    }
}
