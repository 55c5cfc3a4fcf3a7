//! Comments: one line each, whatever they name.

use std::fmt;

use crate::base::escape::Escaped;

/// A text behind a `#`.
pub(super) struct Comment<'a>(pub(super) &'a str);

impl fmt::Display for Comment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "# {}", Escaped(self.0))
    }
}
