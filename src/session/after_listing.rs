//! What becomes of a session once its plan's selections were listed.

use std::time::Duration;

use jiff::Timestamp;

use crate::engine::{SelectionRecord, Status};

use super::begun::Opened;
use super::finish::Ran;
use super::ready::Ready;

/// What a session is after its plan's selections were listed.
pub enum AfterListing {
    /// Its targets are known, and it is to be confirmed.
    Ready(Box<Ready>),
    /// It has ended: something could not be listed, or a guard refused it.
    Ended(Box<Ran>),
}

impl Ready {
    /// Ends the session before anything is stopped.
    pub(super) fn end(
        self,
        status: Status,
        ended_by: Option<String>,
        selections: Vec<SelectionRecord>,
        started_at: Timestamp,
    ) -> AfterListing {
        let mut record = self.unsent(status.skip_reason());
        (record.status, record.ended_by, record.selections) = (status, ended_by, selections);
        record.started_at = started_at;
        record.duration = Duration::try_from(record.finished_at.duration_since(started_at)).unwrap_or_default();
        let Self { session, outputs, rehearsal, notices, .. } = self;
        let opened = Opened::default();
        AfterListing::Ended(Box::new(Ran {
            session,
            outputs,
            rehearsal,
            notices,
            record,
            opened,
            is_resumed: false,
            goes_on: false,
        }))
    }
}
