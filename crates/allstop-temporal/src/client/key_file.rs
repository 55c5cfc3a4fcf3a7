//! The file with the payload keys.
//!
//! `(umask 077; openssl rand -base64 32 > payload.key)` makes one that nobody else can read. The first key encrypts; further
//! lines are older keys, which only decrypt. To change keys without an interruption, first add the new key as the last
//! line on all machines, then move it to the top.

use std::fs;
use std::path::{Path, PathBuf};

use allstop::session::quoted;
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::cipher::PayloadKey;

/// The keys of a file: the first one encrypts, all of them decrypt.
#[derive(Debug, Clone)]
pub struct PayloadKeys {
    pub(super) first: PayloadKey,
    pub(super) older: Vec<PayloadKey>,
}

impl PayloadKeys {
    /// Reads a key file: each line is a key of 32 bytes, as base64 or hexadecimal digits; blank lines and lines that
    /// begin with `#` are skipped.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, has no key, or a line is no key. The error does not contain the line.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let text = fs::read_to_string(path)
            .map_err(|error| KeyFileError::Unreadable { path: path.to_owned(), error: error.to_string() })?;
        Self::parse(&text, path)
    }

    /// Parses the text of the key file at `path`.
    fn parse(text: &str, path: &Path) -> Result<Self, KeyFileError> {
        let mut keys = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bytes =
                decoded(line).ok_or_else(|| KeyFileError::NoKeyInLine { path: path.to_owned(), line: number })?;
            keys.push(PayloadKey::new(&bytes));
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or_else(|| KeyFileError::Empty { path: path.to_owned() })?;
        Ok(Self { first, older: keys.collect() })
    }

    /// Returns all keys, the one that encrypts first.
    pub fn iter(&self) -> impl Iterator<Item = &PayloadKey> {
        std::iter::once(&self.first).chain(&self.older)
    }
}

/// Decodes a key. Hexadecimal digits of 32 bytes are 64 characters, base64 44, so no text is both.
fn decoded(text: &str) -> Option<[u8; 32]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).or_else(|_| BASE64.decode(text.as_bytes())).ok()?;
    bytes.try_into().ok()
}

/// Returns a warning if users other than its owner may read the file.
pub(super) fn warning(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).ok()?.permissions().mode();
        if mode & 0o077 != 0 {
            let path = path.to_string_lossy();
            let quoted = quoted(&path);
            return Some(format!("other users may read the payload key file {path}: run `chmod 600 {quoted}`"));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    None
}

/// Why there are no payload keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read.
    #[error("cannot read the payload key file {}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: String,
    },
    /// The file has no key.
    #[error("the payload key file {} is empty", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A line is no key. The text of the line stays secret.
    #[error("line {line} of the payload key file {} is not a key", .path.display())]
    NoKeyInLine {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: usize,
    },
}

impl KeyFileError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "check --payload-key-file and ALLSTOP_PAYLOAD_KEY_FILE",
            Self::Empty { .. } | Self::NoKeyInLine { .. } => {
                "a key is 32 bytes as base64 or hexadecimal digits: `(umask 077; openssl rand -base64 32 > payload.key)` makes one"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<String>, KeyFileError> {
        PayloadKeys::parse(text, Path::new("k")).map(|keys| keys.iter().map(|key| key.id().to_owned()).collect())
    }

    #[test]
    fn base64_and_hexadecimal_are_the_same_key() {
        let base64 = parse(&BASE64.encode(&[0xab; 32])).unwrap();
        assert_eq!(parse(&"ab".repeat(32)).unwrap(), base64);
        assert_eq!(parse(&format!("# made today\n\n  {}\r\n", "AB".repeat(32))).unwrap(), base64);
        assert_eq!(base64[0].len(), 16);
    }

    #[test]
    fn the_first_key_encrypts_and_the_order_is_kept() {
        let [new, old] = ["01", "02"].map(|byte| byte.repeat(32));
        let [ids, turned] = [format!("{new}\n{old}\n"), format!("{old}\n{new}\n")].map(|text| parse(&text).unwrap());
        assert_eq!(ids, [turned[1].clone(), turned[0].clone()]);
    }

    #[test]
    fn what_is_no_key_is_told_without_its_text() {
        assert_eq!(parse(" \n# nothing\n"), Err(KeyFileError::Empty { path: "k".into() }));
        for bad in ["hushhush", &"ab".repeat(31), &BASE64.encode(&[1; 33]), "-----BEGIN PRIVATE KEY-----"] {
            let error = parse(&format!("\n{bad}\n")).unwrap_err();
            assert_eq!(error, KeyFileError::NoKeyInLine { path: "k".into(), line: 2 });
            assert!(!format!("{error} {error:?} {}", error.hint()).contains(bad), "{error}");
        }
        let error = PayloadKeys::read(Path::new("absent/key")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read the payload key file absent/key: "), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_gives_a_warning() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, warns) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(warning(file.path()).is_some(), warns, "{mode:o}");
        }
    }
}
