//! The text where no credentials are configured.

use crate::credentials::error::{Nature, SourceError};

/// Says that nothing is configured, with a line for each source that was looked for and why it does not serve.
pub(in crate::credentials) fn nothing_found(tried: &[String]) -> SourceError {
    let mut message = "Tried:".to_owned();
    for line in tried {
        message.push_str("\n  ");
        message.push_str(line);
    }
    SourceError::new(Nature::Absent, message, "or name one: credentials: {…}")
}
