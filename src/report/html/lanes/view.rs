//! What the page says of one lane.

use std::time::Duration;

use crate::base::count::HumanCount;

use super::super::super::json::LaneSummary;
use super::super::super::text::{Escaped, spoken};
use super::bars::Bars;
use super::quota::Quota;
use super::rate::rate;
use super::tracks::Track;

/// A lane's stop requests over time.
#[derive(Debug)]
pub(super) enum Drawing {
    /// Many, counted.
    Bars(Bars),
    /// Few, one by one.
    Tracks(Vec<Track>),
}

/// One lane.
#[derive(Debug)]
pub(super) struct LaneView<'a> {
    pub(super) lane: &'a LaneSummary,
    /// Its stop requests over time, where it has some.
    pub(super) drawing: Option<Drawing>,
}

impl LaneView<'_> {
    /// Returns the lane's name.
    pub(super) fn name(&self) -> String {
        Escaped(&self.lane.api).to_string()
    }

    /// Returns whose it is, and where.
    pub(super) fn place(&self) -> String {
        Escaped(&format!("{} {}", self.lane.account, self.lane.region)).to_string()
    }

    /// Returns how many requests were sent.
    pub(super) fn requests(&self) -> String {
        HumanCount(self.lane.requests).to_string()
    }

    /// Returns how many requests were throttled.
    pub(super) fn throttled(&self) -> String {
        HumanCount(self.lane.throttled).to_string()
    }

    /// Returns the rate that was reached.
    pub(super) fn reached(&self) -> String {
        rate(self.lane.requests_per_second)
    }

    /// Returns the rate that was stated, where the report knows it.
    pub(super) fn stated(&self) -> Option<String> {
        self.lane.stated_per_second.map(rate)
    }

    /// Returns the stated rate as it is drawn.
    fn quota(&self) -> Option<&Quota> {
        match &self.drawing {
            Some(Drawing::Bars(bars)) => bars.quota.as_ref(),
            Some(Drawing::Tracks(_)) | None => None,
        }
    }

    /// Returns whether the stated rate is a line in the drawing.
    pub(super) fn has_line(&self) -> bool {
        self.quota().is_some_and(|quota| quota.y.is_some())
    }

    /// Returns whether the stated rate is too far above the drawing for a line.
    pub(super) fn is_beyond(&self) -> bool {
        self.quota().is_some_and(|quota| quota.y.is_none())
    }

    /// Returns how long the lane was busy.
    pub(super) fn busy(&self) -> String {
        spoken(Duration::from_millis(self.lane.duration_ms))
    }

    /// Describes the drawing for those who do not see it.
    pub(super) fn description(&self) -> String {
        let stated = self.stated().map(|stated| format!(", {stated} stated")).unwrap_or_default();
        let beyond = if self.is_beyond() { ", above the chart" } else { "" };
        format!(
            "{}, {}: {} requests over {}, {} of them throttled, {} on average{stated}{beyond}",
            self.name(),
            self.place(),
            self.requests(),
            self.busy(),
            self.throttled(),
            self.reached()
        )
    }
}
