//! A lane with few requests, drawn as one track for each target: every request, every wait.

use super::super::super::json::{Row, RowAttempt};
use super::super::super::text::Escaped;
use super::axis::{Axis, offset};
use crate::error::ErrorClass;

/// How wide a track is, in units of its own; it is stretched to the room that there is.
const WIDTH: f64 = 1000.0;

/// The least width of a request, so that it is seen.
const LEAST: f64 = 5.0;

/// What happened to one target.
#[derive(Debug)]
pub(super) struct Track {
    /// The target's id.
    pub(super) id: String,
    /// Its requests and waits, from left to right.
    pub(super) marks: Vec<Mark>,
}

/// One request, or the wait after it.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) class: &'static str,
    pub(super) x: String,
    pub(super) width: String,
    pub(super) title: String,
}

impl Track {
    /// Draws a target's requests.
    pub(super) fn of(row: &Row, axis: &Axis) -> Self {
        let marks = row.attempts.iter().flat_map(|attempt| marks(attempt, axis)).collect();
        Self { id: Escaped(&row.id).to_string(), marks }
    }
}

/// Draws a request and, under its end, the wait that followed.
fn marks(attempt: &RowAttempt, axis: &Axis) -> Vec<Mark> {
    let unit = WIDTH / axis.span() as f64;
    let sent = axis.sent(attempt);
    let mark = |class, from: u64, lasted: u64, title| Mark {
        class,
        x: format!("{:.1}", from as f64 * unit),
        width: format!("{:.1}", (lasted as f64 * unit).max(LEAST)),
        title,
    };
    let wait = attempt.retry_in_ms.map(|wait| {
        mark("wait", sent.saturating_add(attempt.duration_ms), wait, format!("waited {wait} ms for the next attempt"))
    });
    let (class, said) = match attempt.class {
        None => ("fine", "fine"),
        Some(ErrorClass::Throttled) => ("throttled", "throttled"),
        Some(class) => ("wrong", class.name()),
    };
    let title = format!("{}, attempt {}: {said}, {} ms", offset(sent), attempt.n, attempt.duration_ms);
    wait.into_iter().chain([mark(class, sent, attempt.duration_ms, title)]).collect()
}
