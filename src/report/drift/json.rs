//! Drift as JSON.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::course::Course;
use super::total::Drift;
use crate::engine::Outcome;
use crate::report::json::Moment;

/// A target with what became of it.
#[derive(Serialize)]
struct Sight<'a> {
    id: &'a str,
    kind: &'a str,
    account: &'a str,
    region: &'a str,
    stopped: u32,
    came_back: u32,
    stopped_again: u32,
    /// Its last outcome, other than `skipped`, and when that run began.
    last: Option<Outcome>,
    last_at: Option<Moment>,
}

impl Serialize for Drift {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut drift = serializer.serialize_struct("Drift", 6)?;
        drift.serialize_field("version", &1)?;
        drift.serialize_field("reports", &self.reports)?;
        drift.serialize_field("came_back", &self.sights(self.came_back().into_iter()))?;
        drift.serialize_field("no_longer_stopped", &self.sights(self.no_longer_stopped()))?;
        drift.serialize_field("stayed_stopped", &self.stayed())?;
        drift.serialize_field("targets", &self.courses().count())?;
        drift.end()
    }
}

impl Drift {
    fn sights<'a>(&'a self, courses: impl Iterator<Item = &'a Course>) -> Vec<Sight<'a>> {
        let sight = |course: &'a Course| Sight {
            id: &course.id,
            kind: &course.kind,
            account: &course.account,
            region: &course.region,
            stopped: course.stopped,
            came_back: course.came_back,
            stopped_again: course.stopped_again,
            last: course.last.map(|(outcome, _)| outcome),
            last_at: course.last.and_then(|(_, report)| Some(self.reports.get(report)?.started_at)),
        };
        courses.map(sight).collect()
    }
}
