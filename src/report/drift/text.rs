//! Drift in words, for people.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::course::Course;
use super::reports::ReportRef;
use super::total::Drift;
use crate::base::count::{HumanCount, agreed, counted};
use crate::report::place::{Places, beside};
use crate::report::preview::grid;
use crate::report::text::Escaped;
use crate::report::words::plain;

/// The columns with numbers.
const NUMBERS: [usize; 3] = [1, 2, 3];

impl Drift {
    /// Writes which targets came back, with their numbers, and which are not stopped any more. Text from plans and
    /// services is escaped.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.about())?;
        let incomplete = self.reports.iter().filter(|report| report.not_listed.is_some()).count() as u64;
        if incomplete > 0 {
            let words = agreed(incomplete, "of them is NOT COMPLETE", "of them are NOT COMPLETE");
            writeln!(out, "{words}, because listings failed: what they do not have may run")?;
        }
        let (back, places) = (self.came_back(), self.places());
        if !back.is_empty() {
            writeln!(out, "\n{} came back after a stop", counted(back.len() as u64, "target"))?;
            let head = ["TARGET", "CAME BACK", "STOPPED", "STOPPED AGAIN", "LAST OUTCOME"].map(str::to_owned);
            let rows: Vec<_> =
                [head].into_iter().chain(back.into_iter().map(|course| self.cells(course, places))).collect();
            out.write_all(grid(&rows, &NUMBERS).as_bytes())?;
        }
        let lost: Vec<_> = self.no_longer_stopped().collect();
        if !lost.is_empty() {
            writeln!(
                out,
                "\n{} stopped before, not known to be stopped in the last report",
                HumanCount(lost.len() as u64)
            )?;
        }
        for course in lost {
            let last = course.last.map(|(outcome, _)| plain(outcome)).unwrap_or_default();
            writeln!(out, "  {}: {last}", name(course, places))?;
        }
        let [stayed, all] = [self.stayed(), self.courses().count()].map(|number| HumanCount(number as u64));
        writeln!(out, "\n{stayed} of {all} targets stopped without coming back")
    }

    /// Says how many reports there are, of which plans, and of which time.
    fn about(&self) -> String {
        let plans: BTreeSet<&str> = self.reports.iter().map(|report| report.plan.as_str()).collect();
        let plans = match plans.first() {
            Some(plan) if plans.len() == 1 => format!("plan {}", Escaped(plan)),
            _ => counted(plans.len() as u64, "plan"),
        };
        let at = |report: Option<&ReportRef>| {
            report.map(|report| report.started_at.timestamp().strftime("%F %T UTC").to_string()).unwrap_or_default()
        };
        let (first, last) = (at(self.reports.first()), at(self.reports.last()));
        format!("{} of {plans}: {first} to {last}", counted(self.reports.len() as u64, "report"))
    }

    fn cells(&self, course: &Course, places: Places) -> [String; 5] {
        let [back, stopped, again] =
            [course.came_back, course.stopped, course.stopped_again].map(|times| HumanCount(times.into()).to_string());
        let is_last = |report: usize| report + 1 == self.reports.len();
        let last = course.last.map(|(outcome, report)| match self.reports.get(report) {
            Some(seen) if !is_last(report) => {
                format!("{}, {}", plain(outcome), seen.started_at.timestamp().strftime("%F"))
            }
            Some(_) | None => plain(outcome),
        });
        [name(course, places), back, stopped, again, last.unwrap_or_default()]
    }

    /// Returns whether the targets are of several accounts or regions.
    fn places(&self) -> Places {
        let mut places = self.courses().map(|course| (&course.account, &course.region));
        let first = places.next();
        Places { are_several: places.any(|place| Some(place) != first) }
    }
}

/// Returns a target's id, with its place where there are several.
fn name(course: &Course, places: Places) -> String {
    let place = places.are_several.then(|| Escaped(&format!("{} {}", course.account, course.region)).to_string());
    beside(&course.id, place.as_deref())
}
