//! What a resource does by itself while listings page.

/// What a resource does by itself; by default nothing.
///
/// Nothing depends on the time: it is counted in the listing requests that its account has sent for its kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Course {
    /// After how many listing requests it is there; `None` if it is there from the start.
    pub comes: Option<u32>,
    /// When and how it leaves; `None` if it stays.
    pub leaves: Option<(When, Leaving)>,
}

/// When a resource leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// After so many listing requests.
    After(u32),
    /// Once a listing has shown it.
    Shown,
}

/// How a resource leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// It comes to its own end.
    Ends,
    /// It is not there any more.
    Goes,
}
