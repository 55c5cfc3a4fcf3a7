//! A validated plan.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::guards::Guards;
use super::limits::{Limits, Retry, Verify};
use super::shard::Shard;
use super::target::Target;

/// A plan that was checked as a whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Plan {
    /// The plan's name; the file's stem where it has none.
    pub name: String,
    /// Where it was read from.
    pub path: PathBuf,
    /// The SHA-256 of the file, 64 hexadecimal digits; where it names other files with `from`, that of its bytes followed
    /// by the SHA-256 (32 bytes) of each of them.
    pub sha256: String,
    /// The accounts that targets refer to by number.
    pub accounts: Vec<Account>,
    /// Rates and concurrency.
    pub limits: Limits,
    /// When and how often to try again.
    pub retry: Retry,
    /// Whether to read states back.
    pub verify: Verify,
    /// What must not happen.
    pub guards: Guards,
    /// The targets, in the file's order; at least one.
    pub targets: Vec<Target>,
    /// Which part of it to carry out; all of it where it is `None`. No plan's file says so.
    pub shard: Option<Shard>,
}
