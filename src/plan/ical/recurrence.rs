//! Repetitions of events, those replaced by other events left out.

use std::collections::{HashMap, HashSet};

use super::event::Event;
use super::problem::Problem;
use super::rule::{Ending, Rule};
use super::value::{Mark, When};
use crate::plan::except::{END, Exception};

/// The most repetitions of all events together.
const MOST: usize = 100_000;

/// The most intervals that are looked at for all events together: a rule may name days that no interval has.
const MOST_INTERVALS: usize = 1_000_000;

/// What may still be made and looked at.
struct Budget {
    repetitions: usize,
    intervals: usize,
}

/// Returns what the events except.
pub(super) fn expand(events: &[Event]) -> Result<Vec<Exception>, Problem> {
    let mut replaced: HashMap<&str, HashSet<Mark>> = HashMap::new();
    for event in events {
        if let (Some(uid), Some(mark)) = (&event.uid, event.replaces) {
            replaced.entry(uid).or_default().insert(mark);
        }
    }
    let mut budget = Budget { repetitions: MOST, intervals: MOST_INTERVALS };
    let mut all = Vec::new();
    for event in events.iter().filter(|event| !event.is_cancelled) {
        let replaced = event.uid.as_deref().filter(|_| event.replaces.is_none()).and_then(|uid| replaced.get(uid));
        let is_left_out = |when: &When| {
            let mark = when.mark();
            event.left_out.contains(&mark) || replaced.is_some_and(|replaced| replaced.contains(&mark))
        };
        let mut add = |when: &When, own| all.extend(event.exception(when, own));
        // The first one counts, whatever the rules say.
        if !is_left_out(&event.start) {
            add(&event.start, None);
        }
        event.dates.iter().filter(|(when, _)| !is_left_out(when)).for_each(|(when, own)| add(when, own.as_ref()));
        for (line, rule) in &event.rules {
            let too_many = |()| {
                let title =
                    format!("the events are repeated more than {MOST} times, or their rules choose too few days");
                Problem::new(*line, title).hint("give the rule an end: `COUNT` or `UNTIL`")
            };
            let repetitions = repetitions(rule, &event.start, &mut budget).map_err(too_many)?;
            repetitions.iter().filter(|when| !is_left_out(when)).for_each(|when| add(when, None));
        }
    }
    Ok(all)
}

/// Returns the days of a rule.
#[cfg(test)]
pub(super) fn days(rule: &Rule, start: &When) -> Vec<jiff::civil::Date> {
    let mut budget = Budget { repetitions: MOST, intervals: MOST_INTERVALS };
    repetitions(rule, start, &mut budget).unwrap().iter().map(When::day).collect()
}

/// Returns the repetitions of an event by one of its rules; fails where there are too many.
fn repetitions(rule: &Rule, start: &When, budget: &mut Budget) -> Result<Vec<When>, ()> {
    let mut made = Vec::new();
    for days in rule.intervals(start.day()) {
        budget.intervals = budget.intervals.checked_sub(1).ok_or(())?;
        // An interval without a day has no sign of when it is: the rule's next one has.
        for when in days.into_iter().filter(|day| *day >= start.day()).filter_map(|day| start.on(day)) {
            let has_ended = match &rule.ending {
                Ending::Never => when.day() > END,
                Ending::After(count) => made.len() as u64 >= *count,
                Ending::At(last) => when.mark() > last.mark(),
            };
            if has_ended {
                return Ok(made);
            }
            budget.repetitions = budget.repetitions.checked_sub(1).ok_or(())?;
            made.push(when);
        }
    }
    Ok(made)
}
