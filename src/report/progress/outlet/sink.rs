//! Where the writing thread writes to.

use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use super::queue::{Batch, Entry};
use crate::report::progress::panel::Panel;

/// How long to wait before a pipe that is full and does not block is tried again.
const AGAIN: Duration = Duration::from_millis(5);

/// Says that lines are missing, and how many.
pub type Missing = Box<dyn Fn(u64) -> String + Send>;

/// Standard error: plain text, or text above bars while there are some.
pub(super) struct Sink {
    out: Box<dyn Write + Send>,
    panel: Panel,
    missing: Missing,
    /// Lines that could not be written since it was last said.
    lost: u64,
    /// Whether a failure left a line without its end.
    is_mid_line: bool,
}

impl Sink {
    pub(super) const fn new(out: Box<dyn Write + Send>, panel: Panel, missing: Missing) -> Self {
        Self { out, panel, missing, lost: 0, is_mid_line: false }
    }

    /// Writes a batch. What cannot be written is counted, and told before what comes next.
    pub(super) fn write(&mut self, batch: Batch) {
        let lines = u64::try_from(batch.entries.len()).unwrap_or_default();
        let lost = std::mem::take(&mut self.lost);
        let first = (lost > 0 && lines > 0).then_some(Entry::Dropped(lost));
        let texts: Vec<String> = first.into_iter().chain(batch.entries).map(|entry| self.text(entry)).collect();
        if let Some(frame) = batch.frame {
            self.panel.show(&texts, frame);
        } else if self.panel.is_shown() {
            self.panel.print(&texts);
        } else if self.write_text(&texts).is_err() {
            self.lost = lost + lines;
        } else if lines == 0 {
            self.lost = lost;
        }
    }

    fn text(&self, entry: Entry) -> String {
        match entry {
            Entry::Line(text) | Entry::Kept(text) => text,
            Entry::Dropped(count) => (self.missing)(count),
        }
    }

    fn write_text(&mut self, texts: &[String]) -> io::Result<()> {
        let mut text = if self.is_mid_line { "\n".to_owned() } else { String::new() };
        for line in texts {
            text.push_str(line);
            text.push('\n');
        }
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            match self.out.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    let (done, left) = rest.split_at_checked(written).unwrap_or((rest, &[]));
                    self.is_mid_line = done.last() != Some(&b'\n');
                    rest = left;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Somebody made the pipe non-blocking: that it is full is no failure.
                Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::park_timeout(AGAIN),
                Err(error) => return Err(error),
            }
        }
        self.out.flush()
    }
}
