//! Error codes, explained: what vendors mean by them.

/// An error code of a cloud or of a service, explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code as answers have it.
    pub code: &'static str,
    /// The HTTP status that it comes with, usually.
    pub status: u16,
    /// What the vendor means by it, in a fragment.
    pub means: &'static str,
    /// What to do about it, in a fragment, where that is more than its class tells.
    pub advice: Option<&'static str>,
}

impl Code {
    /// Explains a code about which its class says what to do.
    pub(crate) const fn new(status: u16, code: &'static str, means: &'static str) -> Self {
        Self { code, status, means, advice: None }
    }

    /// Says what to do about it.
    pub(crate) const fn advice(self, advice: &'static str) -> Self {
        Self { advice: Some(advice), ..self }
    }
}
