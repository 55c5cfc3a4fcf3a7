//! What a terminal shows of a run's selections: what could not be listed, how much matches, and what to know of it.

use std::io::{self, Write};

use super::json::SelectionSummary;
use super::palette::Palette;
use super::remarks::{UNITS, counts, left_out, missing, remarks};
use super::text::Escaped;
use crate::base::count::{HumanCount, counted};

/// How many selections are shown.
const SHOWN: usize = 10;

/// Writes it, and then what else there is to remark; nothing of a run without selections.
pub(super) fn write(
    selections: &[SelectionSummary],
    more: Option<String>,
    palette: Palette,
    out: &mut dyn Write,
) -> io::Result<()> {
    if selections.is_empty() {
        return Ok(());
    }
    not_listed(selections, palette, out)?;
    let heading = palette.heading;
    writeln!(out, "\n{heading}Selected{heading:#}")?;
    for selection in selections.iter().take(SHOWN) {
        let others = left_out(selection);
        let others = if others.is_empty() { others } else { format!(" ({others})") };
        writeln!(out, "  {}", Escaped(&format!("{}{others}", counts(selection))))?;
    }
    match selections.len().saturating_sub(SHOWN) {
        0 => {}
        more => writeln!(out, "  and {}: see the report", counted(more as u64, "more selection"))?,
    }
    remarks(selections).iter().chain(&more).try_for_each(|remark| writeln!(out, "  {}", Escaped(remark)))
}

fn not_listed(selections: &[SelectionSummary], palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    let Palette { heading, bad, hint, .. } = palette;
    let units = missing(selections);
    if !units.is_empty() {
        writeln!(out, "\n{heading}Not listed{heading:#}")?;
    }
    for unit in units.iter().take(UNITS) {
        writeln!(out, "  {bad}{}{bad:#}", Escaped(&unit.line()))?;
        if let Some(text) = &unit.error.hint {
            writeln!(out, "    {hint}hint: {}{hint:#}", Escaped(text))?;
        }
    }
    match units.len().saturating_sub(UNITS) {
        0 => Ok(()),
        more => writeln!(out, "  and {} more: see the report", HumanCount(more as u64)),
    }
}
