//! The time that all lanes are drawn over, cut into steps.

use std::time::Duration;

use super::super::super::json::{Moment, Row, RowAttempt};
use super::super::super::text::spoken;

/// The most steps that a drawing has.
const STEPS: u64 = 96;

/// The lengths that a step can have, in milliseconds; the last one goes on doubling.
const LENGTHS: [u64; 20] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    1_800_000,
];

/// A time, cut into steps of one length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    /// When it begins, in milliseconds since 1970.
    start: i64,
    /// How long one step is, in milliseconds.
    pub(super) step: u64,
    /// How many steps there are.
    pub(super) steps: usize,
}

/// The time from the run's start, or the first stop request, to the last response or wait.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Span {
    start: i64,
    end: i64,
}

impl Span {
    /// Begins with the run.
    pub(in super::super) fn begin(start: Moment) -> Self {
        Self { start: millis(start), end: millis(start) }
    }

    /// Takes in the attempts of a row.
    pub(in super::super) fn add(&mut self, row: &Row) {
        for attempt in &row.attempts {
            self.start = self.start.min(millis(attempt.at));
            self.end = self.end.max(end(attempt));
        }
    }
}

impl Axis {
    /// Cuts a time into steps.
    pub(super) fn of(Span { start, end }: Span) -> Self {
        let span = end.abs_diff(start) + 1;
        let last = LENGTHS.last().copied().unwrap_or(1);
        let longer = std::iter::successors(Some(last), |length| length.checked_mul(2));
        let fits = |length: &u64| span.div_ceil(*length) <= STEPS;
        let step = LENGTHS.into_iter().chain(longer).find(fits).unwrap_or(span);
        Self { start, step, steps: usize::try_from(span.div_ceil(step)).unwrap_or(1) }
    }

    /// Returns how many milliseconds into the axis an attempt was sent.
    pub(super) fn sent(&self, attempt: &RowAttempt) -> u64 {
        u64::try_from(millis(attempt.at) - self.start).unwrap_or_default()
    }

    /// Returns how many milliseconds the axis spans.
    pub(super) const fn span(&self) -> u64 {
        self.step * self.steps as u64
    }

    /// Returns the moments that are written below a drawing, from left to right.
    pub(super) fn labels(&self) -> [String; 3] {
        [0, self.span() / 2, self.span()].map(offset)
    }
}

/// Writes a time since the start.
pub(super) fn offset(millis: u64) -> String {
    match millis {
        0 => "0".to_owned(),
        _ => format!("+{}", spoken(Duration::from_millis(millis))),
    }
}

/// Returns when the wait after an attempt, or else the attempt itself, was over.
fn end(attempt: &RowAttempt) -> i64 {
    let lasted = attempt.duration_ms.saturating_add(attempt.retry_in_ms.unwrap_or_default());
    millis(attempt.at).saturating_add(i64::try_from(lasted).unwrap_or(i64::MAX))
}

fn millis(at: Moment) -> i64 {
    at.timestamp().as_millisecond()
}
