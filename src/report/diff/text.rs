//! A difference in words, for people.

use std::io::{self, Write};

use crate::base::count::{HumanCount, counted};

use super::{Change, Diff, Side, Sight};
use crate::engine::{Outcome, SkipReason};
use crate::report::place::{Places, beside};
use crate::report::text::Escaped;
use crate::report::words::{mode_words, plain, times, why};

impl Diff<'_> {
    /// Writes the difference, one line for each target that changed. Text from plans and services is made harmless for
    /// terminals.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        side("old", &self.old, out)?;
        side("new", &self.new, out)?;
        let are_several = [&self.old, &self.new].iter().any(|side| Places::of_report(side.report).are_several);
        let places = Places { are_several };
        let changes = |of: &[Change<'_>]| of.iter().map(|change| change.line(places)).collect::<Vec<_>>();
        let sights = |of: &[Sight<'_>]| of.iter().map(|sight| sight.line(places)).collect::<Vec<_>>();
        let groups = [
            ("stopped before, not known to be stopped now", changes(&self.no_longer_stopped)),
            ("newly stopped", changes(&self.newly_stopped)),
            ("other changes", changes(&self.changed)),
            ("only in the new report", sights(&self.added)),
            ("only in the old report", sights(&self.gone)),
        ];
        for (heading, lines) in groups.iter().filter(|(_, lines)| !lines.is_empty()) {
            writeln!(out, "\n{} {heading}", HumanCount(lines.len() as u64))?;
            lines.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        }
        let (unchanged, not_tried) = (HumanCount(self.unchanged), HumanCount(self.not_tried));
        match self.not_tried {
            0 => writeln!(out, "\n{unchanged} unchanged"),
            _ => writeln!(out, "\n{unchanged} unchanged, {not_tried} not attempted by the new run"),
        }
    }
}

fn side(name: &str, side: &Side<'_>, out: &mut dyn Write) -> io::Result<()> {
    let plan = Escaped(side.plan);
    writeln!(out, "{name}: {} of plan {plan}: {}", mode_words(side.mode), times(&side.report.run))?;
    match side.not_listed {
        0 => Ok(()),
        failed => {
            let failed = counted(failed as u64, "listing");
            writeln!(out, "{name}: NOT COMPLETE, because {failed} failed: what it does not have may run")
        }
    }
}

impl Change<'_> {
    fn line(&self, places: Places) -> String {
        let why = why(self.row);
        let why = if why.is_empty() { why } else { format!(": {why}") };
        format!(
            "{}: {} -> {}{why}",
            beside(self.id, places.of(self.row).as_deref()),
            fact(self.old, self.old_reason),
            plain(self.new)
        )
    }
}

impl Sight<'_> {
    fn line(&self, places: Places) -> String {
        let why = self.row.error.as_ref().map(|_| format!(": {}", why(self.row))).unwrap_or_default();
        format!("{}: {}{why}", beside(self.id, places.of(self.row).as_deref()), fact(self.outcome, self.reason))
    }
}

fn fact(outcome: Outcome, reason: Option<SkipReason>) -> String {
    match reason {
        Some(reason) => format!("{} ({})", plain(outcome), reason.name()),
        None => plain(outcome),
    }
}
