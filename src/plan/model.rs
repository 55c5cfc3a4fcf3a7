//! A validated plan.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::guards::Guards;
use super::limits::{Limits, Retry, Verify};
use super::notification::Notification;
use super::reviewed::Reviewed;
use super::select::Select;
use super::shard::Shard;
use super::stage::Stage;
use super::target::Target;

/// A plan that was checked as a whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Plan {
    /// The plan's name; the file's stem if it states none.
    pub name: String,
    /// Where it was read from.
    pub path: PathBuf,
    /// The SHA-256 of the file, 64 hexadecimal digits; if it names other files, that of its bytes followed
    /// by the SHA-256 (32 bytes) of each of them.
    pub sha256: String,
    /// The accounts that targets refer to by number.
    pub accounts: Vec<Account>,
    /// Rate and concurrency limits.
    pub limits: Limits,
    /// When and how often to retry.
    pub retry: Retry,
    /// Whether to read states back.
    pub verify: Verify,
    /// Safety limits.
    pub guards: Guards,
    /// Who is told of its runs, in the file's order.
    #[serde(default)]
    pub notify: Vec<Notification>,
    /// The stages, in the file's order; none if the plan has `targets` in place of them.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// The targets, in the file's order, and so in that of their stages; at least one,
    /// unless the plan selects.
    pub targets: Vec<Target>,
    /// The selections, in the file's order. They have no targets before their resources are listed.
    #[serde(default)]
    pub selects: Vec<Select>,
    /// What was reviewed, if `allstop plan` wrote it.
    #[serde(default)]
    pub reviewed: Option<Arc<Reviewed>>,
    /// The shard of it to run; all of it if `None`. No plan's file states it.
    pub shard: Option<Shard>,
}
