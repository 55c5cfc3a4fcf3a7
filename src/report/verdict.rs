//! The verdict on a run, which comes first, and what to do next, which comes last: never more than is known, never less.

use indicatif::HumanCount;

use super::{Mode, Report, Standing, standing};
use crate::plan::Plan;
use crate::run::{Outcome, Results, SkipReason, Status};

/// How the rows stand, counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Where the plan wants them.
    done: u64,
    /// Done because the service does not know them and the plan says that is fine.
    gone: u64,
    /// Done because the service took the stop and the plan asked for no more.
    accepted: u64,
    /// Dry run: running now.
    would_stop: u64,
    /// Surely not stopped.
    not_stopped: u64,
    /// Not known to be stopped.
    unsure: u64,
    /// Left to other shards.
    elsewhere: u64,
    /// Gone, where nobody can tell whether that is fine.
    missing: u64,
}

impl Tally {
    /// Counts the rows.
    pub(super) fn of(plan: &Plan, results: &Results) -> Self {
        let mut tally = Self::default();
        for result in results.iter() {
            tally.add(standing(plan, &result), result.outcome, result.reason);
        }
        tally
    }

    /// Counts the rows of a report.
    ///
    /// A report of a run that did not end well does not tell whether its plan takes what is gone for done; then such
    /// rows are told apart, unless they alone can be why it did not.
    pub(super) fn of_report(report: &Report) -> Self {
        let mut tally = Self::default();
        for row in &report.targets {
            match (report.standing(row), row.outcome) {
                (Standing::Open, Outcome::NotFound) => tally.missing += 1,
                (standing, outcome) => tally.add(standing, outcome, row.reason),
            }
        }
        if tally.open() == 0 {
            tally.unsure = std::mem::take(&mut tally.missing);
        }
        tally
    }

    fn add(&mut self, standing: Standing, outcome: Outcome, reason: Option<SkipReason>) {
        match standing {
            Standing::Done => self.add_done(outcome),
            Standing::Open if matches!(outcome, Outcome::Failed | Outcome::Skipped) => self.not_stopped += 1,
            Standing::Open => self.unsure += 1,
            Standing::LeftOut => self.elsewhere += u64::from(reason == Some(SkipReason::Shard)),
        }
    }

    fn add_done(&mut self, outcome: Outcome) {
        self.done += 1;
        self.gone += u64::from(outcome == Outcome::NotFound);
        self.accepted += u64::from(outcome == Outcome::Accepted);
        self.would_stop += u64::from(outcome == Outcome::WouldStop);
    }

    /// Returns how many targets are not where the plan wants them, as far as is known.
    pub(super) const fn open(&self) -> u64 {
        self.not_stopped + self.unsure
    }

    const fn selected(&self) -> u64 {
        self.done + self.open() + self.missing
    }
}

/// Returns the verdict on the whole run.
pub(super) fn sentence(tally: &Tally, mode: Mode) -> String {
    if tally.selected() == 0 {
        let what = if tally.elsewhere > 0 {
            "every target is in another shard"
        } else {
            "every target of the plan was left out"
        };
        return format!("Nothing to do: {what}.");
    }
    match mode {
        Mode::Live => format!("{}.", capitalised(&claim(tally))),
        Mode::Rehearsal => format!("Rehearsal, no cloud was touched: {}, in the simulator.", claim(tally)),
        Mode::DryRun => format!("Dry run, nothing was stopped: {}.", forecast(tally)),
    }
}

/// Says what a run achieved.
fn claim(tally: &Tally) -> String {
    let all = HumanCount(tally.selected());
    if tally.open() > 0 {
        let verb = if tally.open() == 1 { "is" } else { "are" };
        let words = if tally.unsure > 0 { "NOT known to be stopped" } else { "NOT stopped" };
        let claim = format!("{} of {all} {} {verb} {words}", HumanCount(tally.open()), targets(tally.selected()));
        return match tally.missing {
            0 => claim,
            missing => format!("{claim}, {} more cannot be found", HumanCount(missing)),
        };
    }
    let words = match (tally.accepted > 0, tally.gone > 0) {
        (false, false) => "stopped",
        (false, true) => "stopped or gone",
        (true, false) => "stopped or took the stop; whether it ended them was not checked",
        (true, true) => "stopped, gone, or took the stop; whether it ended them was not checked",
    };
    if tally.selected() == 1 { format!("the one target is {words}") } else { format!("all {all} targets are {words}") }
}

/// Says what a dry run found.
fn forecast(tally: &Tally) -> String {
    let (would, all) = (HumanCount(tally.would_stop), HumanCount(tally.selected()));
    let first = format!("{would} of {all} {} would be stopped", targets(tally.selected()));
    match tally.open() + tally.missing {
        0 => first,
        open => format!("{first}, {} could not be found or read", HumanCount(open)),
    }
}

/// Returns what to do next, where there is something; `command` takes up what is open.
pub(super) fn next_step(tally: &Tally, mode: Mode, status: Status, command: Option<&str>) -> Option<String> {
    const AGAIN: &str = "run the plan again; targets that are stopped answer so and stay as they are.";
    if tally.selected() == 0 && tally.elsewhere > 0 {
        return None;
    }
    if tally.selected() == 0 {
        return Some("look at guards.protect and at --only, --skip, --kind and --label.".to_owned());
    }
    let again = || command.map_or_else(|| AGAIN.to_owned(), |command| format!("run:\n  {command}"));
    match (mode, status, tally.open()) {
        (_, Status::Aborted, _) => Some(format!("find out why, then {}", again())),
        (Mode::DryRun, _, _) => (tally.would_stop > 0).then(|| "run without --dry-run to stop them.".to_owned()),
        (Mode::Live | Mode::Rehearsal, _, 0) => None,
        (Mode::Rehearsal, _, _) if command.is_none() => None,
        (Mode::Live | Mode::Rehearsal, Status::Interrupted | Status::Deadline, _) => Some(again()),
        (Mode::Live | Mode::Rehearsal, Status::Completed, _) => {
            Some(format!("deal with the causes above, then {}", again()))
        }
    }
}

/// Returns a next step whose command stands behind its words, for where lines are not folded.
pub(super) fn in_one_line(step: &str) -> String {
    step.replacen(":\n  ", ": ", 1)
}

const fn targets(number: u64) -> &'static str {
    if number == 1 { "target" } else { "targets" }
}

/// Returns the text with its first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
