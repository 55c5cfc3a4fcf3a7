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

/// One lane; escaped.
#[derive(Debug)]
pub(super) struct LaneView {
    /// Its API.
    pub(super) name: String,
    /// Whose it is, and where.
    pub(super) place: String,
    pub(super) requests: String,
    pub(super) throttled: String,
    /// The rate that was reached.
    pub(super) reached: String,
    /// The rate that was stated, where the report knows it.
    pub(super) stated: Option<String>,
    /// How long it was busy.
    pub(super) busy: String,
    /// Its stop requests over time, where it has some.
    pub(super) drawing: Option<Drawing>,
}

impl LaneView {
    pub(super) fn of(lane: &LaneSummary, drawing: Option<Drawing>) -> Self {
        Self {
            name: Escaped(&lane.api).to_string(),
            place: Escaped(&format!("{} {}", lane.account, lane.region)).to_string(),
            requests: HumanCount(lane.requests).to_string(),
            throttled: HumanCount(lane.throttled).to_string(),
            reached: rate(lane.requests_per_second),
            stated: lane.stated_per_second.map(rate),
            busy: spoken(Duration::from_millis(lane.duration_ms)),
            drawing,
        }
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

    /// Describes the drawing for those who do not see it.
    pub(super) fn description(&self) -> String {
        let Self { name, place, requests, throttled, reached, busy, .. } = self;
        let stated = self.stated.as_ref().map(|stated| format!(", {stated} stated")).unwrap_or_default();
        let beyond = if self.is_beyond() { ", above the chart" } else { "" };
        format!(
            "{name}, {place}: {requests} requests over {busy}, {throttled} of them throttled, {reached} on \
             average{stated}{beyond}"
        )
    }
}
