//! What listings show of a resource, or of what resources are part of, besides its name and state.

use std::time::Duration;

/// What a listing shows besides names and states.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Values of fields, by the names that plans use, such as `job_type`; each name once.
    pub fields: Vec<(Box<str>, Box<str>)>,
    /// Tags in the order that they are shown; a key may come twice.
    pub tags: Tags,
    /// When it began; `None` if the service does not tell.
    pub start: Option<Start>,
    /// The service's word for its state at the start, where that is not the usual one.
    pub status: Option<Box<str>>,
    /// The word that a listing shows once a listing has shown the first one.
    pub later: Option<Box<str>>,
}

/// What is known of tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tags {
    /// These are all.
    Known(Vec<(Box<str>, Box<str>)>),
    /// The service does not show them.
    Hidden,
}

/// When something began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At a moment, as the service writes it.
    At(Box<str>),
    /// So long ago at whatever moment it is shown: it moves along with the clock.
    Ago(Duration),
}

impl Default for Tags {
    fn default() -> Self {
        Self::Known(Vec::new())
    }
}

impl Tags {
    /// Returns the tags, or `None` if they are not shown.
    #[must_use]
    pub fn known(&self) -> Option<&[(Box<str>, Box<str>)]> {
        match self {
            Self::Known(tags) => Some(tags),
            Self::Hidden => None,
        }
    }
}

impl Facts {
    /// States nothing.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { fields: Vec::new(), tags: Tags::Known(Vec::new()), start: None, status: None, later: None }
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value)
    }

    /// Sets a field.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(key, _)| &**key == name) {
            Some((_, old)) => *old = value.into(),
            None => self.fields.push((name.into(), value.into())),
        }
    }
}
