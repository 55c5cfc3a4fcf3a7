//! How paths, addresses, lists and durations are shown in messages.

use std::path::Path;
use std::time::Duration;

use url::Url;

use crate::base::duration::spoken;
use crate::base::escape::Escaped;
use crate::credentials::error::{Nature, SourceError};

/// How long the keys of a role live where nobody says.
const ROLE_DURATION: Duration = Duration::from_secs(3600);

/// Returns a path with `~` for the home directory.
pub(super) fn path(path: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(below) => Escaped(&Path::new("~").join(below).to_string_lossy()).to_string(),
        None => Escaped(&path.to_string_lossy()).to_string(),
    }
}

/// Returns a URL without what may be secret in it: its query, its user and password. `None` if it is none.
pub(super) fn url(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(Url::has_host)?;
    let query = if url.query().is_some() { "?…" } else { "" };
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{}://{}{port}{}{query}", url.scheme(), url.host_str().unwrap_or_default(), url.path()))
}

/// Says that what stands in a variable or a field is no URL, without showing it.
pub(super) fn no_url(name: &str) -> SourceError {
    SourceError::new(Nature::Final, format!("{name} is no URL"), "write http://HOST/PATH or https://HOST/PATH")
}

/// Returns the time that the keys of a role live.
pub(super) fn lifetime(duration: Option<Duration>) -> String {
    spoken(duration.unwrap_or(ROLE_DURATION))
}

/// Puts a name between quotation marks.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", Escaped(name))
}

/// Joins names: `A`, `A and B`, `A, B and C`.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// Says that names are not: `A is not set`, `A and B are not set`.
pub(super) fn are_not<T: AsRef<str>>(names: &[T], what: &str) -> String {
    format!("{} {} not {what}", list(names), if names.len() == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        for (text, shown_url) in [
            ("http://127.0.0.1:8000/creds/uri", Some("http://127.0.0.1:8000/creds/uri")),
            ("https://user:hush@host/a?token=hush#hush", Some("https://host/a?…")),
            ("http://[::1]:1/", Some("http://[::1]:1/")),
            ("hush", None),
            ("file:///etc/hush", None),
        ] {
            assert_eq!(url(text).as_deref(), shown_url);
        }
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(list(&["A"]), "A");
        assert_eq!(list(&["A", "B", "C"]), "A, B and C");
        assert_eq!(are_not(&["A"], "set"), "A is not set");
        assert_eq!(are_not(&["A", "B"], "set"), "A and B are not set");
    }

    #[test]
    fn the_home_directory_is_a_tilde() {
        let home = Path::new("/home/me");
        assert_eq!(path(Path::new("/home/me/.aliyun/config.json"), Some(home)), "~/.aliyun/config.json");
        assert_eq!(path(Path::new("/home/meh/x"), Some(home)), "/home/meh/x");
        assert_eq!(path(Path::new("/a\n"), None), "/a\\n");
    }
}
