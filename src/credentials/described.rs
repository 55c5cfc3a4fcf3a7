//! What is known of an account's credentials before anybody is asked for them.

use super::error::SourceError;

/// What is known of an account's credentials without a network, a program, or a file that the plan names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Described {
    /// Where they come from, in words: names, never values; empty where nothing is configured.
    pub words: String,
    /// What is set besides and not used, one sentence each.
    pub notes: Vec<String>,
    /// What is known to be wrong.
    pub problem: Option<SourceError>,
    /// Whether nothing is configured, so that only a metadata service could have credentials.
    pub is_guess: bool,
}

impl Described {
    /// Says where credentials come from, and no more.
    pub fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), ..Self::default() }
    }
}
