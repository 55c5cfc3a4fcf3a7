//! The runs as JSON.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::runs::{History, HistoryRun, Unread};

impl Serialize for History {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut history = serializer.serialize_struct("History", 3)?;
        history.serialize_field("version", &1)?;
        history.serialize_field("runs", &self.runs)?;
        history.serialize_field("not_read", &self.unread)?;
        history.end()
    }
}

impl Serialize for HistoryRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { path, run, counts } = self;
        let mut row = serializer.serialize_struct("HistoryRun", 13)?;
        row.serialize_field("report", &path.to_string_lossy())?;
        row.serialize_field("run", &run.id)?;
        row.serialize_field("mode", &run.mode)?;
        row.serialize_field("plan", &run.plan.name)?;
        row.serialize_field("reason", &run.reason)?;
        row.serialize_field("retry_of", &run.retry_of)?;
        row.serialize_field("shard", &run.shard)?;
        row.serialize_field("started_at", &run.started_at)?;
        row.serialize_field("finished_at", &run.finished_at)?;
        row.serialize_field("duration_ms", &run.duration_ms)?;
        row.serialize_field("status", &run.status)?;
        row.serialize_field("exit_code", &run.exit_code)?;
        row.serialize_field("summary", counts)?;
        row.end()
    }
}

impl Serialize for Unread {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Unread", 2)?;
        row.serialize_field("report", &self.path.to_string_lossy())?;
        row.serialize_field("error", &self.error.to_string())?;
        row.end()
    }
}
