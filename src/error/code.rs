//! Error codes, explained: what vendors mean by them.

use super::class::ErrorClass;

/// An error code of a cloud or of a service, explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code as responses carry it.
    pub code: &'static str,
    /// The HTTP status that it comes with, usually.
    pub status: u16,
    /// What the vendor means by it, in a fragment.
    pub means: &'static str,
    /// What to do about it, in a fragment, if that is more than its class tells.
    pub advice: Option<&'static str>,
    /// Its class, if the vendor's common rules do not know it or a service means something else by it.
    pub class: Option<ErrorClass>,
}

impl Code {
    /// Explains a code whose class says what to do.
    pub(crate) const fn new(status: u16, code: &'static str, means: &'static str) -> Self {
        Self { code, status, means, advice: None, class: None }
    }

    /// Gives it a class of its own.
    pub(crate) const fn class(self, class: ErrorClass) -> Self {
        Self { class: Some(class), ..self }
    }

    /// Says what to do about it.
    pub(crate) const fn advice(self, advice: &'static str) -> Self {
        Self { advice: Some(advice), ..self }
    }
}
