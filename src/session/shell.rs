//! Paths in a command line that somebody will paste into a shell.

use std::path::Path;

use crate::base::shell::quoted;

/// Writes a path so that a shell takes it for one word and a program for no option; `None` where it is not UTF-8.
pub(super) fn path(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    Some(if text.starts_with('-') { quoted(&format!("./{text}")).into_owned() } else { quoted(text).into_owned() })
}
