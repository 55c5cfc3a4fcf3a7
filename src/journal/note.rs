//! The lines after the header: one for each thing that a run must not forget.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fact;
use super::frozen::{Closing, Group};
use crate::engine::{Attempt, Effect, KnownAccount, SignedAccount, Status, TargetResult};

/// One line's content. Targets are named by their numbers in the plan, from 0.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Note {
    /// Target `b` will be sent soon for the first time.
    Intent { b: u32 },
    /// Attempt number `s` of target `t` leaves.
    Sending { t: u32, s: u32, at: Timestamp },
    /// Attempt `a` of target `t` is over and has not settled it.
    Attempted {
        t: u32,
        #[serde(with = "fact::attempt")]
        a: Box<Attempt>,
        #[serde(rename = "trace")]
        effect: Effect,
    },
    /// Target `t` has its final fact.
    Finished {
        t: u32,
        #[serde(with = "fact::result")]
        f: Arc<TargetResult>,
    },
    /// Stage number `stage` of the plan, from 0, begins.
    Stage { stage: u16, at: Timestamp },
    /// An account of the plan has signed in, or has newer keys.
    Account { account: AccountNote },
    /// Targets that a selection found.
    Found { g: Arc<Group> },
    /// All targets are found.
    Frozen { frozen: Box<Closing> },
    /// Another process goes on with the run.
    Resumed { resumed: Resumed },
    /// The run has ended by itself.
    Ended { end: End },
}

/// Which account of the cloud an account of the plan is. It tells nothing of its keys.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountNote {
    /// The account's name in the plan.
    pub(super) name: String,
    /// The account's id; null where that was not learnt.
    pub(super) account_id: Option<String>,
    /// Who it is in that account, in words.
    pub(super) identity: Option<String>,
    /// The project that was looked up.
    pub(super) project_id: Option<String>,
    /// How often newer keys have come.
    pub(super) refreshes: u32,
}

impl AccountNote {
    /// Returns the note of an account; `None` where nothing is known of it.
    pub(super) fn of(account: &SignedAccount) -> Option<Self> {
        let KnownAccount { account_id, project_id } = account.known();
        let identity = account.identity.as_ref().map(|identity| identity.name.clone());
        let is_known = account_id.is_some() || project_id.is_some();
        let (name, refreshes) = (account.name.clone(), account.refreshes);
        is_known.then_some(Self { name, account_id, identity, project_id, refreshes })
    }
}

/// That another process went on with the run.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resumed {
    pub(super) at: Timestamp,
}

/// How a run, or a part of it that could still report, came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Why it ended.
    pub status: Status,
    /// The exit status of the program.
    pub exit_code: u8,
    /// When.
    pub at: Timestamp,
}
