//! What was sent, by lane: its numbers, and its stop requests over time.
//!
//! A report has the time of every stop request, but only the number of state reads: lanes that read states have numbers
//! and no drawing.

mod axis;
mod bars;
mod quota;
mod rate;
mod tracks;
mod view;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use askama::Template;

use self::axis::Axis;
pub(super) use self::axis::Span;
use self::bars::Tally;
use self::tracks::Track;
use self::view::{Drawing, LaneView};
use super::super::json::{LaneSummary, Report, Row, RowSource};
use crate::service::Kind;

/// Up to so many targets and requests, a lane is drawn target by target.
const FEW: (usize, usize) = (24, 240);

/// How many lanes are drawn at most; those with the most requests are.
const DRAWN: usize = 40;

/// All lanes of a report; shows as HTML.
#[derive(Debug, Template)]
#[template(path = "lanes.html", config = ".askama.toml")]
pub(super) struct Lanes {
    /// The lanes that are drawn, those with the most requests first.
    drawn: Vec<LaneView>,
    /// The lanes that are not.
    others: Vec<LaneView>,
    /// The labels below the drawings, from left to right.
    labels: [String; 3],
}

/// What is gathered of one lane before it is drawn.
struct Sketch {
    tally: Tally,
    requests: usize,
    /// The first rows, one more than are drawn one by one.
    rows: Vec<Row>,
}

impl Lanes {
    pub(super) fn of(report: &Report<impl RowSource>, span: Span) -> Self {
        let axis = Axis::of(span);
        let mut sketches: Vec<_> = report.lanes.iter().map(|_| Sketch::new(axis)).collect();
        let places = Places::of(&report.lanes);
        for row in report.targets.rows().filter(|row| !row.attempts.is_empty()) {
            if let Some(sketch) = places.of_row(&row).and_then(|place| sketches.get_mut(place)) {
                sketch.add(row);
            }
        }
        let mut list: Vec<_> = report.lanes.iter().zip(sketches).collect();
        list.sort_by_key(|(lane, sketch)| (sketch.rows.is_empty(), Reverse(lane.requests)));
        let view = |(number, (lane, sketch)): (usize, (&LaneSummary, Sketch))| {
            LaneView::of(lane, sketch.draw(&axis, lane.stated_per_second).filter(|_| number < DRAWN))
        };
        let (drawn, others) = list.into_iter().enumerate().map(view).partition(|lane| lane.drawing.is_some());
        Self { drawn, others, labels: axis.labels() }
    }

    /// Returns whether a stated rate is drawn.
    fn has_quota(&self) -> bool {
        self.drawn.iter().any(LaneView::has_line)
    }
}

impl Sketch {
    fn new(axis: Axis) -> Self {
        Self { tally: Tally::new(axis), requests: 0, rows: Vec::new() }
    }

    fn add(&mut self, row: Cow<'_, Row>) {
        self.requests += row.attempts.len();
        row.attempts.iter().for_each(|attempt| self.tally.add(attempt));
        if self.rows.len() <= FEW.0 {
            self.rows.push(row.into_owned());
        }
    }

    fn draw(&self, axis: &Axis, stated: Option<f64>) -> Option<Drawing> {
        match (self.rows.len(), self.requests) {
            (0, _) => None,
            (rows, requests) if rows <= FEW.0 && requests <= FEW.1 => {
                Some(Drawing::Tracks(self.rows.iter().map(|row| Track::of(row, axis)).collect()))
            }
            _ => Some(Drawing::Bars(self.tally.draw(stated))),
        }
    }
}

/// Finds the lane that a row's stop requests went through.
struct Places<'a> {
    exact: HashMap<(&'a str, &'a str, &'a str), usize>,
    lanes: &'a [LaneSummary],
}

impl<'a> Places<'a> {
    fn of(lanes: &'a [LaneSummary]) -> Self {
        let key = |lane: &'a LaneSummary| (lane.account.as_str(), lane.region.as_str(), lane.api.as_str());
        Self { exact: lanes.iter().zip(0..).map(|(lane, place)| (key(lane), place)).collect(), lanes }
    }

    /// Returns the place of the lane; `None` where several could be meant.
    ///
    /// Accounts that share an access key share their lanes, which have the first one's name.
    fn of_row(&self, row: &Row) -> Option<usize> {
        let api = Kind::named(&row.kind)?.stop_api.name();
        if let Some(place) = self.exact.get(&(row.account.as_str(), row.region.as_str(), api.as_str())) {
            return Some(*place);
        }
        let mut alike = (0..).zip(self.lanes).filter(|(_, lane)| lane.region == row.region && lane.api == api);
        match (alike.next(), alike.next()) {
            (Some((place, _)), None) => Some(place),
            _ => None,
        }
    }
}
