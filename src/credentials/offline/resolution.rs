//! Which source an account has, and what is said of it.

use crate::credentials::error::SourceError;
use crate::credentials::source::Source;

/// Which source an account has.
#[derive(Debug)]
pub(in crate::credentials) struct Resolution {
    /// The source, or why the one that is configured does not work, or that none is.
    ///
    /// A file that the plan names and that must not be read ([`Reads::ProfilesOnly`]) gives an error of the nature
    /// `Passing`: nothing is known to be wrong.
    pub(in crate::credentials) source: Result<Source, SourceError>,
    /// Where the credentials come from, in words, such as `CLI profile "ops" (~/.aliyun/config.json) → RamRoleArn …`.
    pub(in crate::credentials) words: String,
    /// What is set besides and not used, and what is odd about what is used, one sentence each.
    pub(in crate::credentials) notes: Vec<String>,
    /// The sources that are not configured, one line each, and why; said where the last one fails as well.
    pub(in crate::credentials) tried: Vec<String>,
}

/// Which files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::credentials) enum Reads {
    /// The usual files of the vendors' tools, and no file that the plan names.
    ProfilesOnly,
    /// Every file that it takes.
    Everything,
}

impl Resolution {
    /// Returns the words for somebody who asks without a run: a metadata service that nobody has configured is a guess.
    pub(in crate::credentials) fn outlook(&self) -> String {
        match &self.source {
            Ok(Source::Metadata { is_guess: true, .. }) => {
                format!("nothing configured here; a run would ask {}", self.words)
            }
            Ok(_) | Err(_) => self.words.clone(),
        }
    }
}
