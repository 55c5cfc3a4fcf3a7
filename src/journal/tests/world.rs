//! Journals in memory: a disk that does as it is told, and the stories to write on it.

use std::io::{self, Cursor};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use crate::engine::{Attempt, Evidence, Outcome, SkipReason, TargetResult};
use crate::journal::commit::Sink;
use crate::journal::read::Lines;
use crate::journal::seal::Seal;
use crate::journal::{Header, Mode, PlanMark, ReadError, Replay, Writer};

/// The name of every journal in memory.
pub(super) const PATH: &str = "run.journal";

/// The id of the run that every journal in memory is of.
pub(super) const RUN: &str = "019ab0c2-7e5f-7000-8000-000000000001";

/// A disk in memory, shared with the test.
#[derive(Clone, Default)]
pub(super) struct Disk(Arc<Mutex<Content>>);

#[derive(Default)]
struct Content {
    bytes: Vec<u8>,
    syncs: usize,
    /// How many bytes it takes before it is full.
    room: Option<usize>,
    /// How many syncs succeed.
    good_syncs: Option<usize>,
}

impl Disk {
    pub(super) fn with_room(room: usize) -> Self {
        let disk = Self::default();
        disk.0.lock().unwrap().room = Some(room);
        disk
    }

    pub(super) fn with_good_syncs(syncs: usize) -> Self {
        let disk = Self::default();
        disk.0.lock().unwrap().good_syncs = Some(syncs);
        disk
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().bytes.clone()
    }

    pub(super) fn syncs(&self) -> usize {
        self.0.lock().unwrap().syncs
    }

    /// Begins a journal of `targets` targets; the header always fits.
    pub(super) fn begin(&self, targets: u32) -> Writer {
        let mut seal = Seal::default();
        let mut line = Vec::new();
        seal.write(&mut line, &header(targets)).unwrap();
        let mut content = self.0.lock().unwrap();
        content.room = content.room.map(|room| room + line.len());
        content.bytes = line;
        drop(content);
        Writer::start(self.clone(), seal, Duration::ZERO, Path::new(PATH)).unwrap()
    }
}

impl Sink for Disk {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut content = self.0.lock().unwrap();
        let fits = content.room.map_or(lines.len(), |room| lines.len().min(room - content.bytes.len()));
        content.bytes.extend_from_slice(&lines[..fits]);
        if fits < lines.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut content = self.0.lock().unwrap();
        content.syncs += 1;
        if content.good_syncs.is_some_and(|good| content.syncs > good) {
            return Err(io::Error::other("the disk is gone"));
        }
        Ok(())
    }
}

/// Replays a journal in memory.
pub(super) fn replay(bytes: &[u8]) -> Result<Replay, ReadError> {
    replay_sealed(bytes).map(|(replay, _)| replay)
}

/// Replays a journal in memory, to go on in it.
pub(super) fn replay_sealed(bytes: &[u8]) -> Result<(Replay, Seal), ReadError> {
    let mut lines = Lines::new(Cursor::new(bytes), Path::new(PATH));
    let header = lines.header()?;
    lines.replay(header)
}

/// Replays a journal in memory that must be refused, and returns why.
pub(super) fn refusal(bytes: &[u8]) -> String {
    replay(bytes).unwrap_err().to_string()
}

pub(super) fn header(targets: u32) -> Header {
    Header {
        version: Header::VERSION,
        tool: "allstop 0.1.0".to_owned(),
        run: RUN.to_owned(),
        mode: Mode::Live,
        plan: PlanMark {
            path: "/plans/incident.yaml".into(),
            name: "incident".to_owned(),
            sha256: "aa".repeat(32),
            fingerprint: "bb".repeat(32),
        },
        targets,
        selects: false,
        reason: Some("incident 4711".to_owned()),
        started_at: at(0),
        report: Some("incident.report.json".into()),
        set: vec!["REGION".to_owned()],
        options: [("only".to_owned(), vec!["etl-*".to_owned()])].into(),
    }
}

/// A moment in nanoseconds after the run's beginning.
pub(super) fn at(nanos: i64) -> Timestamp {
    Timestamp::from_nanosecond(1_795_323_600_000_000_000 + i128::from(nanos)).unwrap()
}

pub(super) fn attempt(n: u32) -> Attempt {
    Attempt {
        n,
        at: at(i64::from(n) * 1_000_000_007),
        duration: std::time::Duration::from_nanos(41_700_003),
        http_status: Some(429),
        code: Some("ResourceThrottled".into()),
        message: Some("Too many \"requests\".\n".into()),
        request_id: None,
        class: Some(crate::error::ErrorClass::Throttled),
        retry_in: Some(std::time::Duration::from_nanos(312_000_001)),
        batch: None,
    }
}

pub(super) fn stopped() -> TargetResult {
    TargetResult {
        outcome: Outcome::Stopped,
        evidence: Some(Evidence::Answer),
        reason: None,
        state: Some("Stopped".into()),
        started_at: Some(at(5)),
        finished_at: Some(at(46)),
        attempts: vec![attempt(1), attempt(2)],
        ..TargetResult::skipped(SkipReason::Filtered)
    }
}
