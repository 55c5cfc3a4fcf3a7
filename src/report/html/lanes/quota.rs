//! The stated rate in a drawing of bars: a line where it fits, and only words where it would flatten the bars.

use super::rate::{number, rate};

/// How high a drawing is.
pub(super) const HEIGHT: f64 = 100.0;

/// So many times as high as its tallest bar a drawing may become, for the line to be in it.
const ROOM: f64 = 2.0;

/// The least distance of the line from the edges, so that its whole stroke is seen.
const EDGE: f64 = 2.0;

/// The stated rate of a lane that is drawn.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Quota {
    /// What it is called.
    pub(super) title: String,
    /// How far below the upper edge its line is; `None` where it is so far above the bars that there is no line.
    pub(super) y: Option<String>,
}

/// How high a drawing is, in requests a step, and the stated rate in it.
#[derive(Debug)]
pub(super) struct Scale {
    /// The value at the upper edge.
    pub(super) top: f64,
    /// The stated rate, where it is known.
    pub(super) quota: Option<Quota>,
}

impl Scale {
    /// Makes room for the tallest bar, of `most` requests, and for the line of a rate stated in requests a second,
    /// where the bars stay high enough beside it; a step lasts `seconds`.
    pub(super) fn of(most: f64, stated: Option<f64>, seconds: f64) -> Self {
        let Some(stated) = stated.filter(|stated| stated.is_finite() && *stated > 0.0) else {
            return Self { top: most, quota: None };
        };
        let title = format!("stated {}", rate(stated));
        let quota = stated * seconds;
        if quota > most * ROOM {
            return Self { top: most, quota: Some(Quota { title, y: None }) };
        }
        let top = most.max(quota);
        let y = (HEIGHT - quota / top * HEIGHT).clamp(EDGE, HEIGHT - EDGE);
        Self { top, quota: Some(Quota { title, y: Some(number(y)) }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the value at the upper edge, and where the line is.
    fn drawn(most: f64, stated: f64, seconds: f64) -> (f64, Option<String>) {
        let scale = Scale::of(most, Some(stated), seconds);
        (scale.top, scale.quota.unwrap().y)
    }

    #[test]
    fn the_line_is_in_the_drawing_unless_it_would_flatten_the_bars() {
        let at = |y: &str| Some(y.to_owned());
        let table = [
            // Below what was reached, in steps of a second, of less and of more.
            ((10.0, 2.0, 1.0), (10.0, at("80"))),
            ((10.0, 20.0, 0.1), (10.0, at("80"))),
            ((10.0, 0.1, 60.0), (10.0, at("40"))),
            // Reached, or a little above: the drawing grows, and the line stays off the edge.
            ((10.0, 10.0, 1.0), (10.0, at("2"))),
            ((10.0, 15.0, 1.0), (15.0, at("2"))),
            ((10.0, 20.0, 1.0), (20.0, at("2"))),
            // Far above: no line, and bars as high as without it.
            ((10.0, 20.1, 1.0), (10.0, None)),
            ((100.0, 2000.0, 1.0), (100.0, None)),
            // Far below.
            ((1000.0, 0.01, 1.0), (1000.0, at("98"))),
        ];
        for ((most, stated, seconds), expected) in table {
            assert_eq!(drawn(most, stated, seconds), expected, "{stated}/s against {most} in {seconds} s");
        }
    }

    #[test]
    fn the_rate_is_told_whether_or_not_it_is_drawn() {
        for (stated, title) in
            [(2.0, "stated 2/s"), (1.333, "stated 1.3/s"), (2000.0, "stated 2,000/s"), (1e9, "stated 1,000,000,000/s")]
        {
            assert_eq!(Scale::of(10.0, Some(stated), 1.0).quota.unwrap().title, title);
        }
    }

    #[test]
    fn without_a_rate_there_is_nothing_to_draw() {
        for stated in [None, Some(0.0), Some(-1.0), Some(f64::NAN), Some(f64::INFINITY)] {
            let scale = Scale::of(10.0, stated, 1.0);
            assert_eq!((scale.top, scale.quota), (10.0, None), "{stated:?}");
        }
    }
}
