//! What a listing shows of one resource, and what it means.

use jiff::Timestamp;

/// What a listing shows of one resource, or as much of it as is known so far.
///
/// Of a response, nothing else is kept: not what the resource works on, and no address or error of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The values of the kind's [fields](super::Selectable::fields), in their order; `None` where one is not known.
    pub values: Vec<Option<Box<str>>>,
    /// The service's own word for the state.
    pub status: Option<Box<str>>,
    /// When it began, as the service writes it.
    pub since: Option<Box<str>>,
    /// Its tags, in the service's order; a key may occur twice. `None` where they were not read.
    pub tags: Option<Vec<(Box<str>, Box<str>)>>,
    /// Whether it is a part of another resource.
    pub is_child: bool,
    /// The region that the service states.
    pub region: Option<Box<str>>,
    /// When it was shown, by the service's clock where that is known.
    pub at: Timestamp,
}

impl Resource {
    /// Makes one of which nothing is known; it has so many fields.
    pub(crate) fn unknown(fields: usize) -> Self {
        Self {
            values: vec![None; fields],
            status: None,
            since: None,
            tags: None,
            is_child: false,
            region: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    /// Returns the value of field number `index`, if it is known.
    #[must_use]
    pub fn value(&self, index: usize) -> Option<&str> {
        self.values.get(index)?.as_deref()
    }

    /// Sets the value of field number `index`.
    pub(crate) fn with(mut self, index: usize, value: Option<Box<str>>) -> Self {
        if let Some(slot) = self.values.get_mut(index) {
            *slot = value;
        }
        self
    }
}

/// What a status in a listing means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// It runs, or it holds resources.
    Running,
    /// It is on its way to a stop.
    Stopping,
    /// It has ended, or was never started.
    Ended,
    /// No documentation explains the word, or there is none.
    Unclear,
}
