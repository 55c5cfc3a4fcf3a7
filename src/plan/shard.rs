//! A part of a plan that one of several runs has. A pure rule: the same target is in the same shard on every machine.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::target::Target;

/// One of the shards of a plan, written `I/N`: the first of four is `1/4`.
///
/// A target's shard follows from what it is and from nothing else: the first eight bytes of the SHA-256 of its
/// made id (`fnf_execution:flow/run`), read as a big-endian number, modulo N, plus 1. So a target that is added or
/// removed moves no other one, and targets that name one resource are in one shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: NonZeroU32,
    of: NonZeroU32,
}

impl Shard {
    /// Builds the shard `number` of `of`; `None` unless `number` is from 1 to `of`.
    #[must_use]
    pub fn new(number: u32, of: u32) -> Option<Self> {
        if number > of {
            return None;
        }
        Some(Self { number: NonZeroU32::new(number)?, of: NonZeroU32::new(of)? })
    }

    /// Returns which one it is, from 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number.get()
    }

    /// Returns how many shards there are.
    #[must_use]
    pub const fn of(self) -> u32 {
        self.of.get()
    }

    /// Tells whether a target is in this shard.
    #[must_use]
    pub fn takes(self, target: &Target) -> bool {
        let hash = Sha256::digest(target.made_id());
        let first = hash.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        first % u64::from(self.of()) + 1 == u64::from(self.number())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// The text is not a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShardError {
    /// It is not `I/N`.
    #[error("expected I/N, such as `1/4` for the first of four")]
    Form,
    /// `I` is 0.
    #[error("shards are numbered from 1: the first of {0} is `1/{0}`")]
    Zero(u32),
    /// There are fewer.
    #[error("shard {0} does not exist: there are {1}")]
    Beyond(u32, u32),
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (number, of) = text.split_once('/').ok_or(ShardError::Form)?;
        let parse = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u32>().ok().filter(|_| is_plain).ok_or(ShardError::Form)
        };
        let (number, of) = (parse(number)?, parse(of)?);
        match (number, of) {
            (0, 1..) => Err(ShardError::Zero(of)),
            _ => Self::new(number, of).ok_or(ShardError::Beyond(number, of)),
        }
    }
}

#[cfg(test)]
mod tests;
