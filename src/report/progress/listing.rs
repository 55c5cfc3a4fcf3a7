//! How far the listings of a plan's selections are, in lines for a terminal and for logs. Pure: facts in, text out.

use std::time::Duration;

use super::json::Line;
use super::layout::LANES;
use super::plain::interval;
use crate::base::count::{HumanCount, agreed, counted};
use crate::engine::ListingProgress;
use crate::report::json::millis;
use crate::report::text::{Escaped, to_come};
use crate::report::width::clipped;

/// Before that, and before so many units are listed, nobody can tell how long it takes.
const LEAST: (Duration, usize) = (Duration::from_secs(3), 3);

/// Returns the lines for a terminal `width` columns wide; none when all is listed.
#[must_use]
pub fn listing_screen(progress: &[ListingProgress], width: usize) -> Vec<String> {
    let lines: Vec<_> = progress.iter().filter(|listing| !listing.is_done).map(line).collect();
    let more = lines.len().saturating_sub(LANES) as u64;
    let more = (more > 0).then(|| format!("and {}", counted(more, "more account")));
    lines.into_iter().take(LANES).chain(more).map(|line| clipped(&line, width).into_owned()).collect()
}

/// Returns the lines of JSON: one for each listing that goes on, and one for each when all is over.
pub fn listing_json(progress: &[ListingProgress]) -> impl Iterator<Item = Line<'_>> {
    let is_over = progress.iter().all(|listing| listing.is_done);
    progress.iter().filter(move |listing| is_over || !listing.is_done).map(|listing| Line::Listing {
        account: &listing.account,
        kind: listing.kind,
        units: listing.units as u64,
        of_units: listing.of_units as u64,
        matched: listing.matched as u64,
        done: listing.is_done,
        elapsed_ms: millis(listing.elapsed),
        left_ms: left(listing).map(millis),
    })
}

/// The lines for a log: some every few seconds.
#[derive(Debug, Default)]
pub struct ListingLog {
    /// When lines were printed last, since the listings began.
    printed: Duration,
}

impl ListingLog {
    /// Returns the lines that are due. Listings that take a moment have none.
    pub fn due(&mut self, progress: &[ListingProgress]) -> Vec<String> {
        let elapsed = progress.iter().map(|listing| listing.elapsed).max().unwrap_or_default();
        let is_over = progress.iter().all(|listing| listing.is_done);
        let is_due = match is_over {
            true => self.printed > Duration::ZERO,
            false => elapsed.saturating_sub(self.printed) >= interval(elapsed),
        };
        if !is_due {
            return Vec::new();
        }
        self.printed = elapsed;
        progress.iter().filter(|listing| is_over || !listing.is_done).map(line).collect()
    }
}

/// Says how far a listing is: `listing ali-prod: 312 of 1,000 fnf_execution listings, 41 match, about 6 min left`.
fn line(listing: &ListingProgress) -> String {
    let ListingProgress { account, kind, units, of_units, matched, is_done, .. } = listing;
    let what = match of_units {
        0 | 1 => (*kind).to_owned(),
        _ => format!("{} of {} {kind} listings", HumanCount(*units as u64), HumanCount(*of_units as u64)),
    };
    let matched = agreed(*matched as u64, "matches", "match");
    let left = left(listing).map(|left| format!(", about {} left", to_come(left))).unwrap_or_default();
    let verb = if *is_done { "listed" } else { "listing" };
    format!("{verb} {}: {what}, {matched}{left}", Escaped(account))
}

/// Estimates how long it goes on, as fast as it was so far.
fn left(listing: &ListingProgress) -> Option<Duration> {
    let ListingProgress { units, of_units, elapsed, is_done, .. } = *listing;
    let (least_time, least_units) = LEAST;
    if is_done || elapsed < least_time || units < least_units {
        return None;
    }
    Some(elapsed.mul_f64(of_units.saturating_sub(units) as f64 / units as f64)).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(account: &str, units: usize, of_units: usize, matched: usize, seconds: u64) -> ListingProgress {
        ListingProgress {
            account: account.to_owned(),
            kind: "fnf_execution",
            units,
            of_units,
            matched,
            is_done: units == of_units,
            elapsed: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn a_line_says_how_far_a_listing_is() {
        for (listing, expected) in [
            (
                progress("ali-prod", 312, 1000, 41, 156),
                "listing ali-prod: 312 of 1,000 fnf_execution listings, 41 match, about 5 min 44 s left",
            ),
            // Nobody can tell yet.
            (progress("a", 2, 1000, 1, 156), "listing a: 2 of 1,000 fnf_execution listings, 1 matches"),
            (progress("a", 100, 1000, 0, 2), "listing a: 100 of 1,000 fnf_execution listings, 0 match"),
            (progress("a", 0, 1, 0, 9), "listing a: fnf_execution, 0 match"),
            (progress("a", 7, 7, 3, 9), "listed a: 7 of 7 fnf_execution listings, 3 match"),
            (progress("a\u{1b}", 0, 1, 0, 0), "listing a\\u{1b}: fnf_execution, 0 match"),
        ] {
            assert_eq!(line(&listing), expected);
        }
    }

    #[test]
    fn a_terminal_shows_what_goes_on_as_far_as_there_is_room() {
        let all: Vec<_> = (0..14).map(|number| progress(&format!("a-{number}"), number.min(1), 2, 0, 9)).collect();
        let shown = listing_screen(&all, 200);
        assert_eq!(shown.len(), LANES + 1);
        assert_eq!(shown.last().unwrap(), "and 4 more accounts");
        assert!(listing_screen(&all, 20).iter().all(|line| line.chars().count() <= 20));
        assert_eq!(listing_screen(&[progress("a", 2, 2, 0, 9)], 80), Vec::<String>::new());
    }

    #[test]
    fn a_log_has_a_line_now_and_then_and_one_at_the_end() {
        let mut log = ListingLog::default();
        let at = |log: &mut ListingLog, seconds, units| log.due(&[progress("a", units, 9, 0, seconds)]).len();
        let lines: Vec<_> = (0..12).map(|seconds| at(&mut log, seconds, 1)).collect();
        assert_eq!(lines, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
        assert_eq!(at(&mut log, 12, 9), 1);
        // What takes a moment needs no log.
        assert_eq!(at(&mut ListingLog::default(), 2, 9), 0);
    }

    #[test]
    fn programs_hear_of_what_goes_on_and_of_the_end() {
        let going = [progress("a", 3, 9, 4, 6), progress("b", 2, 2, 0, 6)];
        assert_eq!(listing_json(&going).count(), 1);
        assert_eq!(listing_json(&[progress("a", 9, 9, 4, 6), progress("b", 2, 2, 0, 6)]).count(), 2);
        let line = serde_json::to_value(listing_json(&going).next().unwrap()).unwrap();
        let expected = serde_json::json!({
            "event": "listing", "account": "a", "kind": "fnf_execution", "units": 3, "of_units": 9, "matched": 4,
            "done": false, "elapsed_ms": 6000, "left_ms": 12000,
        });
        assert_eq!(line, expected);
    }
}
