//! A source that is configured, and what is said of it.

use crate::credentials::error::SourceError;
use crate::credentials::source::Source;

/// A source that is configured, and what is said of it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) source: Source,
    pub(super) words: String,
    pub(super) notes: Vec<String>,
}

/// What a step of a default chain comes to.
pub(super) enum Step {
    /// It is configured, and the one that is used.
    Serves(Box<Found>),
    /// It is not configured: why, one reason for each place.
    IsNot(Vec<String>),
}

impl Found {
    pub(super) fn new(source: Source, words: impl Into<String>) -> Self {
        Self { source, words: words.into(), notes: Vec::new() }
    }

    pub(super) fn with_notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Makes it the step that serves.
    pub(super) fn serves(self) -> Result<Step, SourceError> {
        Ok(Step::Serves(Box::new(self)))
    }
}

impl Step {
    /// Makes a step that is not configured.
    pub(super) fn is_not(why: impl Into<String>) -> Result<Self, SourceError> {
        Ok(Self::IsNot(vec![why.into()]))
    }
}
