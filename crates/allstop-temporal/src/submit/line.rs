//! The line for programs of a run that was submitted and that nobody waits for: one JSON object, version 1.

use serde::Serialize;

/// A run that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Submitted<'a> {
    /// The version of the format: [`Submitted::VERSION`].
    pub version: u32,
    /// The run.
    pub run: SubmittedRun<'a>,
}

/// What is known of a run that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubmittedRun<'a> {
    /// Its id.
    pub id: &'a str,
}

impl<'a> Submitted<'a> {
    /// The version of the format.
    pub const VERSION: u32 = 1;

    /// Builds the line of a run with this id.
    #[must_use]
    pub const fn new(id: &'a str) -> Self {
        Self { version: Self::VERSION, run: SubmittedRun { id } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_run() {
        let line = serde_json::to_string(&Submitted::new("nightly-1")).unwrap();
        assert_eq!(line, r#"{"version":1,"run":{"id":"nightly-1"}}"#);
    }
}
