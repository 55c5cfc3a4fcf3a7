//! All targets of several reports, taken in one report after the other.

use indexmap::IndexMap;

use super::course::{Course, OwnKey, own_key};
use super::reports::{MixedModes, ReportRef};
use crate::report::json::{Report, RunMode};

/// What became of the targets of several reports. A target takes the same memory in a hundred reports as in one.
///
/// Serializes as `allstop report diff A B C --json` prints it.
#[derive(Debug, Default)]
pub struct Drift {
    pub(super) reports: Vec<ReportRef>,
    courses: IndexMap<OwnKey, Course>,
}

impl Drift {
    /// Takes in the next report. Reports come in the order of their runs.
    ///
    /// # Errors
    ///
    /// Fails when it is of a rehearsal and the others are not, or the other way round.
    pub fn add(&mut self, report: &Report) -> Result<(), MixedModes> {
        let is_rehearsal = |mode: RunMode| mode == RunMode::Rehearsal;
        if self.reports.first().is_some_and(|first| is_rehearsal(first.mode) != is_rehearsal(report.run.mode)) {
            return Err(MixedModes);
        }
        let number = self.reports.len();
        self.reports.push(ReportRef::of(report));
        for row in &report.targets {
            self.courses.entry(own_key(row)).or_insert_with(|| Course::of(row)).add(row.outcome, number);
        }
        Ok(())
    }

    /// Returns whether something that was stopped in an earlier report is not known to be stopped in the last one.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.no_longer_stopped().next().is_some()
    }

    /// Returns the targets that came back, the most frequent first.
    pub(super) fn came_back(&self) -> Vec<&Course> {
        let mut found: Vec<_> = self.courses().filter(|course| course.came_back > 0).collect();
        found.sort_by_key(|course| std::cmp::Reverse(course.came_back));
        found
    }

    /// Returns the targets that were stopped and are not known to be stopped in the last report.
    pub(super) fn no_longer_stopped(&self) -> impl Iterator<Item = &Course> {
        let last = self.reports.len().saturating_sub(1);
        self.courses().filter(move |course| course.is_no_longer_stopped(last))
    }

    /// Returns how many targets were stopped and never came back.
    pub(super) fn stayed(&self) -> usize {
        self.courses().filter(|course| course.came_back == 0 && course.is_stopped()).count()
    }

    pub(super) fn courses(&self) -> impl Iterator<Item = &Course> {
        self.courses.values()
    }
}
