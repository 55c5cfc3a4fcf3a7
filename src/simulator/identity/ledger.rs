//! What really happened to credentials, to compare with what was reported.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::super::resource::Id;

/// The truth about credentials, up to a moment. It has no secret and no token.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CredentialLedger {
    /// The calls, by operation, such as `ali:AssumeRole`; refused and failed ones included.
    pub calls: BTreeMap<&'static str, u64>,
    /// The most calls at once, by operation.
    pub most_at_once: BTreeMap<&'static str, u64>,
    /// The calls in their order; the first 20,000.
    pub log: Vec<Arc<CredentialCall>>,
    /// What was issued, in its order.
    pub issued: Vec<IssuedCredentials>,
    /// The permanent keys, and the simulator's own temporary ones, that requests were signed with.
    pub keys: Vec<UsedKey>,
    /// The keys that are locked.
    pub locked: Vec<String>,
    /// What stop requests that passed the checks were signed with; the first 2,000.
    pub stops: Vec<Arc<SignedStop>>,
}

/// One call of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CredentialCall {
    /// When it came.
    pub at: Timestamp,
    /// The operation.
    pub op: &'static str,
    /// The `Host` header.
    pub host: String,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The key id that it is signed with, or the name of the token.
    pub key: Option<Arc<str>>,
    /// The HTTP status of the response; 0 if none comes.
    pub status: u16,
    /// The code of a refusal.
    pub code: Option<String>,
}

/// Credentials that were issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuedCredentials {
    /// The key id, or the name of a token.
    pub key: Arc<str>,
    /// The operation that issued them.
    pub op: &'static str,
    /// The id of the account.
    pub account_id: Arc<str>,
    /// Whose they are, as the cloud writes it; the session's name is a part of it.
    pub identity: String,
    /// The key or token that asked for them.
    pub by: Option<Arc<str>>,
    /// When they were issued, by the simulator's clock.
    pub issued_at: Timestamp,
    /// When their time is over.
    pub expires_at: Timestamp,
    /// The requests that were signed with them.
    pub uses: u64,
    /// Those of them that came after their end.
    pub late_uses: u64,
    /// Those of them that were refused.
    pub refused: u64,
    /// Whether they were revoked.
    pub revoked: bool,
}

/// A key that was not issued by an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsedKey {
    /// The key id, or the name of a token.
    pub key: Arc<str>,
    /// The id of the account; `None` if the key is unknown.
    pub account_id: Option<Arc<str>>,
    /// The requests that named it.
    pub uses: u64,
    /// Those of them that were refused.
    pub refused: u64,
}

/// What a stop request was signed with.
#[derive(Debug, Clone, Serialize)]
pub struct SignedStop {
    /// When it came.
    pub at: Timestamp,
    /// The resource.
    #[serde(flatten)]
    pub id: Id,
    /// The id of the account whose key it was.
    pub account_id: Arc<str>,
    /// The key id, or the name of the token.
    pub key: Arc<str>,
    /// The operation that issued it; `None` for a permanent key.
    pub op: Option<&'static str>,
}

impl CredentialLedger {
    /// Returns how often an operation was called.
    #[must_use]
    pub fn count(&self, op: &str) -> u64 {
        self.calls.get(op).copied().unwrap_or_default()
    }

    /// Returns what an operation issued.
    pub fn issued_by(&self, op: &str) -> impl Iterator<Item = &IssuedCredentials> {
        self.issued.iter().filter(move |issued| issued.op == op)
    }

    /// Returns how many requests were signed with what was over.
    #[must_use]
    pub fn late_uses(&self) -> u64 {
        self.issued.iter().map(|issued| issued.late_uses).sum()
    }

    /// Returns how many requests were refused for what they were signed with.
    #[must_use]
    pub fn refused(&self) -> u64 {
        let issued: u64 = self.issued.iter().map(|issued| issued.refused).sum();
        issued + self.keys.iter().map(|key| key.refused).sum::<u64>()
    }
}
