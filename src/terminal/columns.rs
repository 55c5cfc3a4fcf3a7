//! How wide a terminal is.

use console::Term;

/// Returns how many columns a stream has; `None` where it is no terminal, or one that does not know.
pub(crate) fn columns(stream: &Term) -> Option<usize> {
    stream.size_checked().map(|(_, columns)| usize::from(columns))
}
