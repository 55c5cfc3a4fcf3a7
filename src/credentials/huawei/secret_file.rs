//! Files that hold one secret and nothing else: tokens and passwords.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use secrecy::SecretString;

use crate::credentials::error::{Nature, SourceError};

/// The longest secret.
const MOST_BYTES: u64 = 64 << 10;

/// Reads the secret in a file; `what` names it, such as `the OIDC token`. The line break at the end of a file is no part
/// of it, nor is a byte order mark.
pub(super) fn read(path: &Path, what: &str) -> Result<SecretString, SourceError> {
    let fails = |why: &str| {
        let message = format!("{what} in {} {why}", path.display());
        SourceError::new(Nature::Final, message, "check the file; it is read again each time")
    };
    let unreadable = |error: &std::io::Error| fails(&format!("cannot be read: {}", error.kind()));
    let is_file = std::fs::metadata(path).map_err(|error| unreadable(&error))?.is_file();
    if !is_file {
        return Err(fails("cannot be read: it is no file"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(fails(&format!("is longer than {} KiB", MOST_BYTES >> 10)));
    }
    let Ok(text) = String::from_utf8(bytes) else { return Err(fails("is not UTF-8")) };
    match without_ends(text.strip_prefix('\u{feff}').unwrap_or(&text)) {
        "" => Err(fails("is empty")),
        secret => Ok(secret.into()),
    }
}

/// Returns a secret without the line breaks that files and variables end in.
pub(super) fn without_ends(text: &str) -> &str {
    text.trim_end_matches(['\r', '\n'])
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_secret_has_no_line_break_at_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        for (text, secret) in [("hush", "hush"), ("hush\r\n", "hush"), ("\u{feff}hu sh \n", "hu sh ")] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(&path, "the token").unwrap().expose_secret(), secret);
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_without_its_contents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let told = |path: &Path| read(path, "the token").unwrap_err().message().to_owned();
        assert!(told(&path).ends_with("token cannot be read: entity not found"), "{}", told(&path));
        assert!(told(folder.path()).ends_with(" cannot be read: it is no file"), "{}", told(folder.path()));
        for (bytes, why) in [
            (&b"\n"[..], "is empty"),
            (b"hush\xff", "is not UTF-8"),
            (&[b'x'; (64 << 10) + 1], "is longer than 64 KiB"),
        ] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(told(&path), format!("the token in {} {why}", path.display()));
        }
    }
}
