//! Which targets of a plan a run leaves out, and how a journal's header says so.

use crate::engine::SkipReason;
use crate::plan::{Choice, Plan, Target};

/// Why each target of a plan is left out, by number; `None` for those that are selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LeftOut(Vec<Option<SkipReason>>);

impl LeftOut {
    /// Leaves out the targets that `selected` does not take.
    pub(super) fn of(plan: &Plan, selected: impl Fn(usize, &Target) -> bool) -> Self {
        let targets = plan.targets.iter().enumerate();
        Self(targets.map(|(number, target)| (!selected(number, target)).then_some(SkipReason::Filtered)).collect())
    }

    /// Leaves out a target that is selected; tells whether it was.
    pub(super) fn leave_out(&mut self, number: usize, reason: SkipReason) -> bool {
        if self.0.len() <= number {
            self.0.resize(number + 1, None);
        }
        let slot = self.0.get_mut(number).filter(|slot| slot.is_none());
        slot.map(|slot| *slot = Some(reason)).is_some()
    }

    /// Tells whether a target is selected.
    pub(super) fn is_selected(&self, number: usize) -> bool {
        self.0.get(number).is_none_or(Option::is_none)
    }

    /// Returns the numbers of the targets that are left out, with the reasons.
    pub(super) fn numbered(&self) -> Vec<(u32, SkipReason)> {
        (0..).zip(&self.0).filter_map(|(number, reason)| Some((number, (*reason)?))).collect()
    }

    /// Returns why a target is skipped that is not chosen to be stopped; `None` for one that is.
    pub(super) fn skip(&self, number: usize, choice: Choice) -> Option<SkipReason> {
        let own = self.0.get(number).copied().flatten().filter(|_| choice == Choice::Unselected);
        own.or(SkipReason::of_choice(choice))
    }

    /// Returns the reasons as ranges of target numbers: `filtered 0-4`.
    pub(super) fn ranges(&self) -> Vec<String> {
        let numbered: Vec<_> = self.0.iter().enumerate().collect();
        let runs = numbered.chunk_by(|(_, one), (_, next)| one == next);
        runs.filter_map(|run| {
            let ((from, reason), (to, _)) = (run.first()?, run.last()?);
            reason.map(|reason| format!("{} {from}-{to}", reason.name()))
        })
        .collect()
    }

    /// Reads the ranges of a plan with so many targets; returns the first one that is none.
    pub(super) fn of_ranges(ranges: &[String], targets: usize) -> Result<Self, &str> {
        let mut reasons = vec![None; targets];
        for range in ranges {
            let (reason, from, to) = parse(range).ok_or(range.as_str())?;
            reasons.get_mut(from..=to).ok_or(range.as_str())?.fill(Some(reason));
        }
        Ok(Self(reasons))
    }
}

fn parse(range: &str) -> Option<(SkipReason, usize, usize)> {
    let (reason, numbers) = range.split_once(' ')?;
    let (from, to) = numbers.split_once('-')?;
    let reason = [SkipReason::Filtered, SkipReason::Shard, SkipReason::Stale, SkipReason::Aborted]
        .into_iter()
        .find(|known| known.name() == reason)?;
    Some((reason, from.parse().ok()?, to.parse().ok()?)).filter(|(_, from, to)| from <= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_come_back() {
        let (out, taken) = (Some(SkipReason::Filtered), None);
        let left_out = LeftOut(vec![out, out, taken, taken, out, taken]);
        let text = left_out.ranges();
        assert_eq!(text, ["filtered 0-1", "filtered 4-4"]);
        assert_eq!(LeftOut::of_ranges(&text, 6), Ok(left_out));
    }

    #[test]
    fn a_range_that_cannot_be_read_is_an_error() {
        for range in ["filtered 0-6", "filtered 4-3", "stopped 0-1", "filtered", "filtered 0-x"] {
            assert_eq!(LeftOut::of_ranges(&[range.to_owned()], 6), Err(range));
        }
    }
}
