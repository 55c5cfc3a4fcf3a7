//! What a program prints: keys, which are kept and wiped, and lines for a log, which are not kept.

use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest output that is read.
pub(super) const MOST_BYTES: usize = 64 << 10;

/// The longest line that is shown.
const LONGEST_LINE: usize = 1000;

/// More was printed than is read.
#[derive(Debug)]
pub(super) struct TooLong;

/// The standard output of a program.
pub(super) struct Output<P = tokio::process::ChildStdout> {
    pipe: Option<P>,
    bytes: SecretBox<Vec<u8>>,
}

/// The standard error of a program.
pub(super) struct Lines<P = tokio::process::ChildStderr> {
    pipe: Option<P>,
    line: Vec<u8>,
}

impl<P: AsyncRead + Unpin> Output<P> {
    pub(super) fn new(pipe: Option<P>) -> Self {
        // It never grows, so that no copy is left behind.
        Self { pipe, bytes: SecretBox::new(Box::new(Vec::with_capacity(MOST_BYTES + 1))) }
    }

    /// Reads to the end. Who drops the future loses nothing of what was read.
    pub(super) async fn read(&mut self) -> Result<(), TooLong> {
        let Some(pipe) = &mut self.pipe else { return Ok(()) };
        let bytes = self.bytes.expose_secret_mut();
        loop {
            let mut rest = pipe.take(u64::try_from(MOST_BYTES + 1 - bytes.len()).unwrap_or_default());
            match rest.read_buf(bytes).await {
                Ok(0) | Err(_) => return Ok(()),
                Ok(_) if bytes.len() > MOST_BYTES => return Err(TooLong),
                Ok(_) => {}
            }
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.expose_secret()
    }
}

impl<P: AsyncRead + Unpin> Lines<P> {
    pub(super) const fn new(pipe: Option<P>) -> Self {
        Self { pipe, line: Vec::new() }
    }

    /// Reads to the end, and shows each line; a long one is cut.
    pub(super) async fn read(&mut self, show: &(impl Fn(&str) + Sync)) -> Result<(), TooLong> {
        let Self { pipe: Some(pipe), line } = self else { return Ok(()) };
        let mut buffer = [0; 1024];
        loop {
            let count = pipe.read(&mut buffer).await.unwrap_or_default();
            for byte in buffer.get(..count).unwrap_or_default() {
                match byte {
                    b'\n' => flush(line, show),
                    byte if line.len() < LONGEST_LINE => line.push(*byte),
                    _ => {}
                }
            }
            if count == 0 {
                flush(line, show);
                return Ok(());
            }
        }
    }
}

fn flush(line: &mut Vec<u8>, show: impl Fn(&str)) {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    if !text.is_empty() {
        show(text);
    }
    line.clear();
}
