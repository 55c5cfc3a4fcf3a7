//! The file of metrics that an earlier run wrote.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::family::Label;
use super::text::{LAST_SUCCESS, MARK, live, series};

/// So much of a file has what later runs need of it: it comes first.
const BEGINNING: u64 = 64 * 1024;

/// The beginning of a file of metrics.
#[derive(Debug)]
pub(super) struct Standing(String);

/// What is at the place of a file of metrics.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing, or an empty file.
    Nothing,
    /// A file of metrics.
    Metrics(Standing),
    /// Something else.
    Other,
}

impl Found {
    /// Looks at a path.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::Nothing),
            Err(error) => return Err(error),
        };
        let mut beginning = Vec::new();
        file.take(BEGINNING).read_to_end(&mut beginning)?;
        if beginning.is_empty() {
            return Ok(Self::Nothing);
        }
        let text = String::from_utf8_lossy(&beginning).into_owned();
        let is_own = text.lines().next() == Some(MARK);
        Ok(if is_own { Self::Metrics(Standing(text)) } else { Self::Other })
    }
}

impl Standing {
    /// Returns when the last live run that succeeded ended, of the plan of the run with these labels.
    pub(super) fn last_success(&self, labels: &[Label]) -> Option<f64> {
        let series = series(LAST_SUCCESS, &live(labels));
        self.0.lines().find_map(|line| line.strip_prefix(&*series))?.parse().ok()
    }

    /// Tells whether it is of the plan, and of the shard, of the run with these labels.
    pub(super) fn is_of_plan(&self, labels: &[Label]) -> bool {
        self.last_success(labels).is_some()
    }

    /// Tells whether it is of a live run.
    pub(super) fn is_live(&self) -> bool {
        self.0.lines().any(|line| line.starts_with("allstop_run_success{mode=\"live\","))
    }
}
