//! What is wrong with a file, and where.

/// Something in the file that cannot be used, and its line, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct Problem {
    pub(in crate::plan) line: u32,
    pub(in crate::plan) title: String,
    pub(in crate::plan) hint: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(line: u32, title: impl Into<String>) -> Self {
        Self { line, title: title.into(), hint: None }
    }

    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }
}
