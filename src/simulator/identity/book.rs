//! What was issued, and what became of it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::super::auth::Claim;
use super::holder::Holder;
use super::operation::Operation;
use super::storm::Fate;
use crate::provider::Cloud;

/// Temporary keys as they are handed out.
#[derive(Clone)]
pub(super) struct Keys {
    /// The key id.
    pub(super) id: Arc<str>,
    /// The secret.
    pub(super) secret: String,
    /// The security token.
    pub(super) security_token: String,
    /// When their time is over.
    pub(super) expires_at: Timestamp,
}

/// Credentials that were issued.
pub(super) struct Issued {
    /// The key id, or the name of a token.
    pub(super) id: Arc<str>,
    /// What must be shown.
    pub(super) proof: Proof,
    /// The operation that issued them.
    pub(super) operation: Operation,
    /// Whose they are.
    pub(super) holder: Holder,
    /// The key or token that asked for them.
    pub(super) by: Option<Arc<str>>,
    /// When they were issued.
    pub(super) issued_at: Timestamp,
    /// When their time is over.
    pub(super) expires_at: Timestamp,
    /// What a storm has in store for them.
    pub(super) fate: Fate,
    /// The requests that were signed with them.
    pub(super) uses: u64,
    /// Those of them that came after their end.
    pub(super) late_uses: u64,
    /// Those of them that were refused.
    pub(super) refused: u64,
    /// Whether somebody revoked them.
    pub(super) is_revoked: bool,
}

/// What must be shown.
pub(super) enum Proof {
    /// A signature and a security token.
    Key { secret: String, security_token: String },
    /// The token itself; it may be for one project, and IAM tells this of it.
    Token { value: String, project: Option<String>, body: Value },
}

/// What was issued, in its order.
#[derive(Default)]
pub(super) struct Book {
    issued: Vec<Issued>,
    index: HashMap<String, usize>,
    /// How many were issued, by operation and holder.
    numbers: HashMap<(Operation, String), u64>,
    /// The tokens of metadata services, and when their time is over.
    pub(super) metadata_tokens: HashMap<String, Timestamp>,
}

impl Book {
    /// Counts an issue, and returns its number, from 0.
    pub(super) fn count(&mut self, operation: Operation, holder: &Holder) -> u64 {
        let number = self.numbers.entry((operation, holder.key())).or_default();
        *number += 1;
        *number - 1
    }

    /// Returns how many were issued.
    pub(super) fn len(&self) -> usize {
        self.issued.len()
    }

    /// Writes down what is issued.
    pub(super) fn add(&mut self, issued: Issued) {
        let name = match &issued.proof {
            Proof::Key { .. } => issued.id.to_string(),
            Proof::Token { value, .. } => value.clone(),
        };
        self.index.insert(name, self.issued.len());
        self.issued.push(issued);
    }

    /// Finds what a request names.
    pub(super) fn find(&self, claim: Claim<'_>) -> Option<&Issued> {
        self.issued.get(self.position(claim)?)
    }

    /// Finds what a request names, to change it.
    pub(super) fn find_mut(&mut self, claim: Claim<'_>) -> Option<&mut Issued> {
        let position = self.position(claim)?;
        self.issued.get_mut(position)
    }

    fn position(&self, claim: Claim<'_>) -> Option<usize> {
        let (name, is_token, cloud) = match claim {
            Claim::Key(cloud, id) => (id, false, cloud),
            Claim::Token(token) => (token, true, Cloud::Huawei),
        };
        let position = *self.index.get(name)?;
        let issued = self.issued.get(position)?;
        let is_it = matches!(issued.proof, Proof::Token { .. }) == is_token && issued.holder.cloud == cloud;
        is_it.then_some(position)
    }

    /// Returns all that was issued.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Issued> {
        self.issued.iter()
    }

    /// Returns all that was issued, to change it.
    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Issued> {
        self.issued.iter_mut()
    }
}

impl Issued {
    /// Returns the only project that a token is for.
    pub(super) fn project(&self) -> Option<String> {
        match &self.proof {
            Proof::Token { project, .. } => project.clone(),
            Proof::Key { .. } => None,
        }
    }

    /// Returns keys as they were handed out; `None` for a token.
    pub(super) fn keys(&self) -> Option<Keys> {
        match &self.proof {
            Proof::Key { secret, security_token } => Some(Keys {
                id: Arc::clone(&self.id),
                secret: secret.clone(),
                security_token: security_token.clone(),
                expires_at: self.expires_at,
            }),
            Proof::Token { .. } => None,
        }
    }
}

/// Shows no secret.
impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book").field("issued", &self.issued.len()).finish_non_exhaustive()
    }
}
