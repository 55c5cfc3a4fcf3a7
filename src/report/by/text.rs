//! Counts as a table, for people.

use std::io::{self, Write};
use std::time::Duration;

use super::counts::CountsBy;
use super::group::Numbers;
use super::key::CountKey;
use super::running::RunningFor;
use crate::base::count::{HumanCount, counted};
use crate::engine::Outcome;
use crate::report::json::RunMode;
use crate::report::preview::grid;
use crate::report::text::{Escaped, spoken};
use crate::report::verdict;
use crate::report::words::{mode_words, plain, times};

/// The most keys that a table has columns for.
const KEYS: usize = 2;

/// The columns: the keys, the number of targets, that of each outcome, how long they ran together, and the median.
const COLUMNS: usize = KEYS + 1 + Outcome::ALL.len() + 2;

/// The columns with numbers.
const NUMBERS: [usize; COLUMNS - KEYS] = {
    let mut columns = [0; COLUMNS - KEYS];
    let mut at = 0;
    while at < columns.len() {
        columns[at] = KEYS + at;
        at += 1;
    }
    columns
};

impl CountsBy<'_> {
    /// The most keys that targets can be counted by.
    pub const MOST_KEYS: usize = KEYS;

    /// Writes the verdict and the table. Text from plans is escaped.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let run = self.run;
        writeln!(out, "{}", verdict::sentence(&self.tally, run.mode, run.status))?;
        writeln!(out, "{} of plan {}: {}\n", mode_words(run.mode), Escaped(&run.plan.name), times(run))?;
        let header = self.keys.iter().map(title);
        let mut rows =
            vec![self.line(header, |outcome| plain(outcome).to_uppercase(), "TARGETS", ["RAN FOR", "MEDIAN"])];
        let shown = |value: &Option<&str>| value.map_or_else(|| "-".to_owned(), |value| Escaped(value).to_string());
        rows.extend(self.groups.iter().map(|(values, numbers)| self.numbers(values.iter().map(shown), numbers)));
        if self.groups.len() > 1 {
            rows.push(self.numbers(std::iter::once("total".to_owned()), &self.total));
        }
        out.write_all(grid(&rows, &NUMBERS).as_bytes())?;
        match &self.total.running {
            None => Ok(()),
            Some(running) => writeln!(out, "\n{}", about(running, run.mode)),
        }
    }

    fn numbers(&self, values: impl Iterator<Item = String>, numbers: &Numbers) -> [String; COLUMNS] {
        let of = |wanted: Outcome| {
            let count = numbers.outcomes().find(|(outcome, _)| *outcome == wanted).map_or(0, |(_, count)| count);
            if count == 0 { "-".to_owned() } else { HumanCount(count).to_string() }
        };
        let ran = numbers.running.map_or(["-", "-"].map(str::to_owned), |running| {
            let mark = if running.at_least > 0 { "at least " } else { "" };
            [running.total_ms, running.median_ms].map(|ms| format!("{mark}{}", hours(ms)))
        });
        let ran = if self.total.running.is_some() { ran } else { Default::default() };
        self.line(values, of, &HumanCount(numbers.targets()).to_string(), ran)
    }

    /// Makes a line; outcomes that no target has are left out.
    fn line(
        &self,
        values: impl Iterator<Item = String>,
        of: impl Fn(Outcome) -> String,
        targets: &str,
        ran: [impl Into<String>; 2],
    ) -> [String; COLUMNS] {
        let ran = if self.total.running.is_some() { ran.map(Into::into) } else { Default::default() };
        let outcomes = self.total.outcomes().map(|(outcome, all)| if all > 0 { of(outcome) } else { String::new() });
        let values = values.chain(std::iter::repeat_with(String::new)).take(KEYS);
        let mut cells = values.chain([targets.to_owned()]).chain(outcomes).chain(ran);
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    }
}

/// Returns the title of a key's column; the key of a label is as it is.
fn title(key: &CountKey) -> String {
    match key {
        CountKey::Kind | CountKey::Account | CountKey::Region => key.to_string().to_uppercase(),
        CountKey::Label(_) => Escaped(&key.to_string()).to_string(),
    }
}

/// Says what the last two columns are, and of how many targets they are known.
fn about(running: &RunningFor, mode: RunMode) -> String {
    let RunningFor { known, unknown, at_least, total_ms, .. } = *running;
    let mark = if at_least > 0 { "at least " } else { "" };
    let all = counted(known + unknown, "target");
    let of = if unknown > 0 { format!("{} of {all}, as far as their services tell", HumanCount(known)) } else { all };
    let is_dry = mode == RunMode::DryRun;
    let what = if is_dry { "What would be stopped has been running" } else { "What was stopped had been running" };
    format!("{what} for {mark}{} in total ({of}).", hours(total_ms))
}

/// Returns a duration in hours from one hour on, such as `1,234 h`.
fn hours(ms: u64) -> String {
    match ms / 3_600_000 {
        0 => spoken(Duration::from_secs(ms / 1000)),
        hours => format!("{} h", HumanCount(hours)),
    }
}
