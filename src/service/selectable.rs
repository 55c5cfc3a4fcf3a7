//! What `select` can say of a kind: the fields that its listings show, and how far their times can be believed.

/// What a kind's listings show.
#[derive(Debug, PartialEq, Eq)]
pub struct Selectable {
    /// The fields: the identifying parameters in the order of the kind, then the others.
    pub fields: &'static [Field],
    /// The number of the field that has the name which people know it by; `None` if there is none besides the id.
    pub name: Option<usize>,
    /// Whether there are tags, or why not.
    pub tags: Result<(), &'static str>,
    /// What is known of the time at which it began.
    pub start: Start,
    /// Whether some of them are parts of others, which `children: include` selects.
    pub has_children: bool,
}

/// One field that a listing shows and `select` can name.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The key in `select`, such as `flow_name`.
    pub name: &'static str,
    /// The service's own name of it, such as `FlowName`.
    pub vendor: &'static str,
    /// One line for help texts and the plan reference.
    pub about: &'static str,
    /// A value to show.
    pub example: &'static str,
}

impl Field {
    /// Declares a field.
    pub(crate) const fn new(
        name: &'static str,
        vendor: &'static str,
        about: &'static str,
        example: &'static str,
    ) -> Self {
        Self { name, vendor, about, example }
    }
}

/// What a listing knows of the time at which something began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The exact time, with a zone, or as seconds or milliseconds since 1970.
    Exact,
    /// The exact time; some are written without a zone, and are then known to 26 hours.
    Bare,
    /// The latest time that it can be: it may have begun at any time before.
    Latest,
    /// Nothing, and why.
    Unknown(&'static str),
}

impl Selectable {
    /// Returns the number of the field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}
