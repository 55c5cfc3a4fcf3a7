//! What a query says of a resource.

/// What a query says of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// All conditions are true: it is selected.
    Selected,
    /// A condition is false.
    Other,
    /// It is in no state that is asked for, such as one that has ended.
    NotRunning,
    /// A mapping of `except` takes it away.
    Excepted,
    /// It is not known whether it matches. The text says why, such as `status onlyPublished`; texts for the same reason are equal.
    Unclear(Box<str>),
    /// It is a part of another resource, and those are not asked for.
    Child,
}

impl Judgement {
    /// It is not known what its status means.
    pub(super) fn of_status(status: &str) -> Self {
        /// Longer words are cut: they are a service's, and there is one for each that is counted.
        const LONGEST: usize = 60;
        Self::Unclear(match status.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("status {}…", status.get(..cut).unwrap_or_default()).into(),
            None => format!("status {status}").into(),
        })
    }
}
