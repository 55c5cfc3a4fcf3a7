//! Which source an account has, worked out without a network and without starting a program.

use super::error::{Nature, SourceError};
use super::source::Source;
use crate::base::environment::Environment;
use crate::plan::Account;

/// Which source an account has.
#[derive(Debug)]
pub(super) struct Resolution {
    /// The source, or why the one that is configured does not work, or that none is.
    pub(super) source: Result<Source, SourceError>,
    /// Where the credentials come from, in words, such as `CLI profile "ops" (~/.aliyun/config.json) → RamRoleArn …`.
    pub(super) words: String,
    /// What is set besides and not used, one sentence each.
    pub(super) notes: Vec<String>,
    /// The sources that are not configured, one line each, and why; said where the last one fails as well.
    pub(super) tried: Vec<String>,
}

/// Which files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// The usual files of the vendors' tools, and no file that the plan names.
    ProfilesOnly,
    /// Every file that it takes.
    Everything,
}

/// Works out which source an account has.
pub(super) fn resolve(_account: &Account, _environment: &Environment, _reads: Reads) -> Resolution {
    let source = Err(SourceError::new(Nature::Absent, "", ""));
    Resolution { source, words: String::new(), notes: Vec::new(), tried: Vec::new() }
}
