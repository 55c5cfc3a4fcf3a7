//! Who sent a request.

/// Who sent a request that passed.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::simulator) struct Caller {
    /// The number of the account.
    pub(in crate::simulator) account: u16,
    /// What the request carries so that it cannot be sent twice, where its signature has that.
    pub(in crate::simulator) nonce: Option<String>,
}
