//! What stands in a report before its rows.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::report::counts::OutcomeCounts;
use crate::report::json::{Report, RunInfo, Tool};
use crate::report::read::ReportReadError;

/// A report that cannot be read, or is damaged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeadError {
    /// The file cannot be read.
    #[error("{0}")]
    Io(io::Error),
    /// It is a report, and something in it is wrong.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It is a report of a version that this program does not know.
    #[error("it is of version {0}, which this program does not support")]
    Version(u64),
}

/// Reads the run and the counts of a report; `None` if the file is no report.
///
/// # Errors
///
/// Fails when the file cannot be read, and when it is a report that is damaged, cut short or of another version.
pub fn head_of(path: &Path) -> Result<Option<(RunInfo, OutcomeCounts)>, HeadError> {
    // To open a pipe would wait for somebody who writes.
    if !path.metadata().map_err(HeadError::Io)?.is_file() {
        return Ok(None);
    }
    let file = File::open(path).map_err(HeadError::Io)?;
    let mut head = Head::default();
    let mut reader = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, &file));
    let read = reader.deserialize_map(HeadVisitor(&mut head)).and_then(|()| reader.end());
    match read {
        Err(error) if error.is_io() => return Err(HeadError::Io(error.into())),
        _ if !head.is_report => return Ok(None),
        _ => {}
    }
    if let Some(version) = head.version.filter(|version| *version != u64::from(Report::VERSION)) {
        return Err(HeadError::Version(version));
    }
    if head.is_enough {
        check_end(&file, path)?;
    } else {
        read.map_err(|error| HeadError::Damaged(error.to_string()))?;
    }
    match (head.run, head.summary) {
        (Some(run), Some(summary)) => Ok(Some((run, summary))),
        _ => Err(HeadError::Damaged("it has no run or no summary".to_owned())),
    }
}

/// Tells whether a report is JSON from its first to its last character. Memory does not depend on its length.
#[must_use]
pub fn is_whole(path: &Path) -> bool {
    let file = File::open(path).map(|file| BufReader::with_capacity(1 << 16, file));
    file.is_ok_and(|file| serde_json::from_reader::<_, IgnoredAny>(file).is_ok())
}

/// What is known of a report so far.
#[derive(Default)]
struct Head {
    is_report: bool,
    version: Option<u64>,
    run: Option<RunInfo>,
    summary: Option<OutcomeCounts>,
    /// Whether reading ended at the rows, with everything known.
    is_enough: bool,
}

/// Reads a report up to its rows.
struct HeadVisitor<'a>(&'a mut Head);

impl<'de> Visitor<'de> for HeadVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let head = self.0;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => head.version = Some(map.next_value()?),
                "tool" => head.is_report = map.next_value::<Tool>()?.name == Tool::default().name,
                // Another version may have another run.
                "run" if head.version.is_none_or(|version| version == u64::from(Report::VERSION)) => {
                    head.run = Some(map.next_value()?);
                }
                "summary" if head.version.is_none_or(|version| version == u64::from(Report::VERSION)) => {
                    head.summary = Some(map.next_value()?);
                }
                "targets" if head.is_report && head.run.is_some() && head.summary.is_some() => {
                    head.is_enough = true;
                    return Err(A::Error::custom("that is enough"));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// How many bytes of the end are looked at.
const END: u64 = 64;

/// Checks that a report of which the beginning was read has its end; one that does not end as usual is read whole.
fn check_end(mut file: &File, path: &Path) -> Result<(), HeadError> {
    let length = file.metadata().map_err(HeadError::Io)?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END))).map_err(HeadError::Io)?;
    let mut end = Vec::new();
    file.take(END).read_to_end(&mut end).map_err(HeadError::Io)?;
    let end = end.trim_ascii_end().strip_suffix(b"}").map(<[u8]>::trim_ascii_end);
    if end.is_some_and(|end| end.ends_with(b"]")) {
        return Ok(());
    }
    match Report::read(path) {
        Ok(_) => Ok(()),
        Err(ReportReadError::Truncated { line, .. }) => Err(HeadError::Damaged(format!("it ends in line {line}"))),
        Err(error) => Err(HeadError::Damaged(error.to_string())),
    }
}

#[cfg(test)]
mod tests;
