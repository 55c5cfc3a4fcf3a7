//! Files with profiles, keys and tokens: short regular files in UTF-8.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::keys::{KeysFault, keys_json};
use super::machine::{absolute, shown_path};
use crate::base::environment::Environment;
use crate::credentials::error::{Nature, SourceError};
use crate::provider::{Cloud, Credentials};

/// The longest file that is read.
const MOST_BYTES: u64 = 1 << 20;

/// The place of standard input among the files.
const STDIN: &str = "/dev/stdin";

/// Whether standard input was read: what was read once is not there a second time.
static STDIN_IS_READ: AtomicBool = AtomicBool::new(false);

/// A file that was read.
pub(super) struct Content {
    text: SecretString,
    /// What is odd about who may read or write it.
    pub(super) warning: Option<String>,
}

impl Content {
    /// Returns the text without a byte order mark.
    pub(super) fn text(&self) -> &str {
        let text = self.text.expose_secret();
        text.strip_prefix('\u{feff}').unwrap_or(text)
    }
}

/// Reads a file; `None` where none is there. `shown` is the path as messages show it.
pub(super) fn read(path: &Path, shown: &str) -> Result<Option<Content>, SourceError> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(shown, &error)),
    };
    let found = file.metadata().map_err(|error| unreadable(shown, &error))?;
    if !found.is_file() {
        let what = if found.is_dir() { "is a directory" } else { "is no regular file" };
        return Err(SourceError::new(Nature::Final, format!("{shown} {what}"), ""));
    }
    let text = text_of(file, found.len(), shown)?;
    Ok(Some(Content { text, warning: warning(&found, shown) }))
}

/// Reads a file that holds a secret and nothing else, such as an OIDC token or a password, without the blanks around it.
///
/// # Errors
///
/// Fails where it is not there, cannot be read or is empty.
pub(in crate::credentials) fn secret_of_file(
    path: &Path,
    environment: &Environment,
) -> Result<SecretString, SourceError> {
    let (path, shown) = (absolute(environment, path)?, shown_path(environment, path));
    let content = read(&path, &shown)?.ok_or_else(|| missing(&shown))?;
    match content.text().trim() {
        "" => Err(SourceError::new(Nature::Final, format!("{shown} is empty"), "")),
        text => Ok(text.into()),
    }
}

/// Reads a JSON file with keys; `/dev/stdin` once.
///
/// # Errors
///
/// Fails where it is not there, cannot be read or has no keys, and says where it is broken without showing what is there.
pub(in crate::credentials) async fn keys_of_file(
    path: &Path,
    cloud: Cloud,
    environment: &Environment,
) -> Result<(Credentials, Option<Timestamp>), SourceError> {
    let (path, shown) = (absolute(environment, path)?, shown_path(environment, path));
    let of_text = |text: &str| keys_json(text.as_bytes(), cloud).map_err(|fault| broken(&shown, &fault));
    if path == Path::new(STDIN) {
        of_text(stdin(&shown).await?.expose_secret())
    } else {
        of_text(read(&path, &shown)?.ok_or_else(|| missing(&shown))?.text())
    }
}

/// Says what is odd about who may read or write a file, without reading it.
pub(super) fn warning_of(path: &Path, shown: &str) -> Option<String> {
    // A missing file is told where it is read.
    let found = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
    warning(&found, shown)
}

/// Says that a file is not there.
pub(super) fn missing(shown: &str) -> SourceError {
    SourceError::new(Nature::Final, format!("{shown} is not there"), "")
}

fn broken(shown: &str, fault: &KeysFault) -> SourceError {
    let message = match fault {
        KeysFault::NoJson { line, column, expected } => format!("{shown}:{line}:{column}: {expected}"),
        other => format!("{shown} has {other}"),
    };
    let hint = "expected {\"access_key_id\": …, \"access_key_secret\": …}, or a saved response of STS";
    SourceError::new(Nature::Final, message, hint)
}

fn unreadable(shown: &str, error: &io::Error) -> SourceError {
    SourceError::new(Nature::Final, format!("{shown} cannot be read: {error}"), "")
}

/// Reads text to its end, as long as it may be.
fn text_of(from: impl Read, length: u64, shown: &str) -> Result<SecretString, SourceError> {
    let fault = |what: String| SourceError::new(Nature::Final, format!("{shown}{what}"), "");
    // Made long enough at once, so that no copy is left behind where it grows.
    let capacity = usize::try_from(length.min(MOST_BYTES)).unwrap_or_default() + 1;
    let mut bytes = SecretBox::new(Box::new(Vec::with_capacity(capacity)));
    let buffer = secrecy::ExposeSecretMut::expose_secret_mut(&mut bytes);
    from.take(MOST_BYTES + 1).read_to_end(buffer).map_err(|error| unreadable(shown, &error))?;
    if u64::try_from(buffer.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(fault(" is longer than 1 MiB".to_owned()));
    }
    match std::str::from_utf8(buffer) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            let (line, column) = place(buffer.get(..error.valid_up_to()).unwrap_or_default());
            Err(fault(format!(":{line}:{column}: expected UTF-8")))
        }
    }
}

/// Returns the line and the column, in bytes, of what follows a text.
fn place(before: &[u8]) -> (usize, usize) {
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    (lines + 1, column + 1)
}

/// Reads standard input, once.
///
/// A thread of its own waits for its end, which may never come: nothing else waits for the thread.
async fn stdin(shown: &str) -> Result<SecretString, SourceError> {
    if STDIN_IS_READ.swap(true, Ordering::Relaxed) {
        let message = format!("{shown} was read before, and can be read once");
        return Err(SourceError::new(Nature::Final, message, "name a file, or a program with `process`"));
    }
    let (send, receive) = tokio::sync::oneshot::channel();
    let name = shown.to_owned();
    std::thread::spawn(move || send.send(text_of(io::stdin().lock(), MOST_BYTES, &name)));
    receive.await.unwrap_or_else(|_| Err(SourceError::new(Nature::Final, format!("{shown} cannot be read"), "")))
}

/// Opens a file without waiting for the other end of a pipe.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    // Only Unix opens a directory as a file.
    if path.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { File::open(path) }
}

#[cfg(unix)]
fn warning(found: &Metadata, shown: &str) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let mode = found.mode() & 0o777;
    let what = match (mode & 0o044 != 0, mode & 0o022 != 0) {
        (true, true) => "read and write",
        (true, false) => "read",
        (false, true) => "write",
        (false, false) => return None,
    };
    Some(format!("others may {what} {shown} (mode {mode:04o}): run chmod 600 {shown}"))
}

#[cfg(not(unix))]
const fn warning(_found: &Metadata, _shown: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(path: &Path) -> String {
        match read(path, "f") {
            Ok(_) => panic!("it was read"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_short_regular_file_in_utf_8_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert!(read(&path, "f").unwrap().is_none());
        assert!(read(&path.join("below"), "f").unwrap().is_none());
        std::fs::write(&path, "\u{feff}text ü").unwrap();
        assert_eq!(read(&path, "f").unwrap().unwrap().text(), "text ü");
        std::fs::write(&path, b"one\ntwo \xff").unwrap();
        assert_eq!(fault(&path), "f:2:5: expected UTF-8");
        std::fs::write(&path, vec![b'x'; 1 << 20]).unwrap();
        assert_eq!(read(&path, "f").unwrap().unwrap().text().len(), 1 << 20);
        std::fs::write(&path, vec![b'x'; (1 << 20) + 1]).unwrap();
        assert_eq!(fault(&path), "f is longer than 1 MiB");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_but_regular_files_is_read_and_nobody_waits_for_a_pipe() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(fault(folder.path()), "f is a directory");
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        assert_eq!(fault(&pipe), "f is no regular file");
        assert_eq!(fault(Path::new("/dev/zero")), "f is no regular file");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_use_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "text").unwrap();
        for (mode, warning) in [
            (0o600, None),
            (0o400, None),
            (0o640, Some("others may read f (mode 0640): run chmod 600 f")),
            (0o602, Some("others may write f (mode 0602): run chmod 600 f")),
            (0o666, Some("others may read and write f (mode 0666): run chmod 600 f")),
        ] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&path, "f").unwrap().unwrap().warning.as_deref(), warning);
            assert_eq!(warning_of(&path, "f").as_deref(), warning);
        }
    }

    #[test]
    fn a_token_is_read_without_the_blanks_around_it() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_str().unwrap();
        let environment: Environment = [("HOME", home)].into_iter().collect();
        let token = || secret_of_file(Path::new("~/jwt"), &environment);
        assert_eq!(token().unwrap_err().to_string(), "~/jwt is not there");
        std::fs::write(folder.path().join("jwt"), " \n").unwrap();
        assert_eq!(token().unwrap_err().to_string(), "~/jwt is empty");
        std::fs::write(folder.path().join("jwt"), "good.id.token\r\n").unwrap();
        assert_eq!(token().unwrap().expose_secret(), "good.id.token");
    }

    #[tokio::test]
    async fn keys_are_read_of_a_file_and_a_fault_shows_its_place_and_no_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.json");
        let environment = Environment::default();
        let keys = || keys_of_file(&path, Cloud::Alibaba, &environment);
        std::fs::write(&path, r#"{"access_key_id": "LTAI5t", "access_key_secret": "hush"}"#).unwrap();
        let (credentials, expires_at) = keys().await.unwrap();
        assert!(matches!(credentials, Credentials::AccessKey { id, .. } if id == "LTAI5t") && expires_at.is_none());
        std::fs::write(&path, "{\"access_key_id\": \"LTAI5t\",\n \"access_key_secret\" hush}").unwrap();
        let error = keys().await.unwrap_err().to_string();
        assert!(error.ends_with("k.json:2:22: expected `:`") && !error.contains("hush"), "{error}");
        std::fs::write(&path, r#"{"access_key_id": "LTAI5t"}"#).unwrap();
        let error = keys().await.unwrap_err().to_string();
        assert!(error.ends_with("k.json has JSON without access_key_secret"), "{error}");
        std::fs::remove_file(&path).unwrap();
        let error = keys().await.unwrap_err();
        assert!(error.message().ends_with("k.json is not there") && error.nature() == Nature::Final);
    }
}
