//! Writes the lines, each with the wall time.

use std::sync::Arc;

use super::line::{Line, Stamped};
use crate::base::clock::Clock;
use crate::base::escape::write_json_line;
use crate::report::progress::options::Print;

/// Writes lines of JSON; several may share one place to write to.
#[derive(Clone)]
pub struct JsonWriter {
    clock: Arc<dyn Clock>,
    print: Print,
}

impl JsonWriter {
    /// Builds a scribe that takes the time from `clock` and writes to `print`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, print: Print) -> Self {
        Self { clock, print }
    }

    /// Writes one line.
    pub fn write(&self, line: &Line<'_>) {
        (self.print)(&self.text(line));
    }

    /// Returns one line as text.
    #[must_use]
    pub fn text(&self, line: &Line<'_>) -> String {
        let stamped = Stamped { at: self.clock.now().into(), line };
        // Texts, numbers and flat objects always have a form in JSON.
        let mut text = Vec::new();
        let _ = write_json_line(&mut text, &stamped);
        String::from_utf8_lossy(text.trim_ascii_end()).into_owned()
    }
}
