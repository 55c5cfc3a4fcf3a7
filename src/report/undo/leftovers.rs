//! The end of the script: the targets that have no command because this run did not stop them, or is not known to have.

use std::io::{self, Write};

use crate::base::count::HumanCount;
use crate::engine::Outcome;
use crate::report::json::Report;
use crate::report::text::Escaped;
use crate::report::words::plain;
use crate::wording;

/// The outcomes whose targets are named: whoever undoes a run may miss them.
const NAMED: [Outcome; 3] = [Outcome::AlreadyStopped, Outcome::Accepted, Outcome::Unknown];

/// Writes the comments.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for outcome in NAMED {
        if report.summary.of_outcome(outcome) == 0 {
            continue;
        }
        let why = wording::outcome(outcome).short;
        writeln!(out, "\n# Not started, because the outcome is {} ({why}):", plain(outcome))?;
        let rows = report.targets.iter().filter(|row| row.outcome == outcome);
        for row in rows {
            writeln!(out, "#   {}", Escaped(&format!("{} ({} {})", row.id, row.account, row.region)))?;
        }
    }
    let others = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Stopped && !NAMED.contains(outcome));
    let others = others.map(|outcome| (outcome, report.summary.of_outcome(outcome))).filter(|(_, rows)| *rows > 0);
    let others: Vec<_> = others.map(|(outcome, rows)| format!("{} {}", HumanCount(rows), plain(outcome))).collect();
    if others.is_empty() { Ok(()) } else { writeln!(out, "\n# Not stopped by this run: {}.", others.join(", ")) }
}
