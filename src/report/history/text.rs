//! The runs as a table, for people.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;

use super::runs::{History, HistoryRun};
use crate::base::count::{HumanCount, counted};
use crate::report::preview::grid;
use crate::report::text::{Escaped, shortened, spoken};
use crate::report::words::{counted_outcomes, mode_words};

/// How many characters of a reason are shown.
const REASON: usize = 40;

/// How many columns there are.
const COLUMNS: usize = 9;

/// The columns with numbers.
const NUMBERS: [usize; 2] = [5, 6];

impl History {
    /// Writes the table, the newest run last. Text from plans is escaped.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.runs.is_empty() {
            return writeln!(out, "No runs.");
        }
        let head = ["STARTED (UTC)", "PLAN", "MODE", "SHARD", "RESULT", "TOOK", "EXIT", "REASON", "REPORT"];
        let has_shards = self.runs.iter().any(|run| run.run.shard.is_some());
        let has_reasons = self.runs.iter().any(|run| run.run.reason.is_some());
        let head = head.map(|title| match title {
            "SHARD" if !has_shards => String::new(),
            "REASON" if !has_reasons => String::new(),
            title => title.to_owned(),
        });
        let rows: Vec<_> = [head].into_iter().chain(self.runs.iter().map(HistoryRun::cells)).collect();
        out.write_all(grid(&rows, &NUMBERS).as_bytes())?;
        writeln!(out, "\n{}.", self.sentence())
    }

    /// Says how many runs there are, and with which exit statuses they ended.
    pub(in crate::report) fn sentence(&self) -> String {
        let mut statuses: BTreeMap<u8, u64> = BTreeMap::new();
        self.runs.iter().for_each(|run| *statuses.entry(run.run.exit_code).or_default() += 1);
        let all = counted(self.runs.len() as u64, "run");
        match statuses.len() {
            0 => all,
            1 => format!("{all} with exit status {}", statuses.keys().next().copied().unwrap_or_default()),
            _ => {
                let parts =
                    statuses.iter().map(|(status, runs)| format!("{} with exit status {status}", HumanCount(*runs)));
                format!("{all}: {}", parts.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl HistoryRun {
    /// Writes old runs as a table in the order given, with how long ago each ended. Text from plans is escaped.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write_old(runs: &[&Self], now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
        let head = ["STARTED (UTC)", "PLAN", "MODE", "RESULT", "AGE", "REPORT"].map(str::to_owned);
        let rows = runs.iter().map(|run| {
            let [started, plan, mode, _, result, _, _, _, report] = run.cells();
            [started, plan, mode, result, run.age(now), report]
        });
        out.write_all(grid(&[head].into_iter().chain(rows).collect::<Vec<_>>(), &[]).as_bytes())?;
        writeln!(out)
    }

    /// Returns how long ago it ended, in whole days if that is a day or longer.
    fn age(&self, now: Timestamp) -> String {
        let ended = self.run.finished_at.timestamp();
        let age = Duration::try_from(now.duration_since(ended)).unwrap_or_default();
        match age.as_secs() / (24 * 60 * 60) {
            0 => spoken(age),
            days => counted(days, "day"),
        }
    }

    /// Returns when it began, in UTC; escaped like all the other texts about it.
    pub(in crate::report) fn started(&self) -> String {
        self.run.started_at.timestamp().strftime("%F %T").to_string()
    }

    /// Returns what became of its targets.
    pub(in crate::report) fn result(&self) -> String {
        if self.counts.targets == 0 { "no targets".to_owned() } else { counted_outcomes(&self.counts) }
    }

    /// Returns how long it took.
    pub(in crate::report) fn took(&self) -> String {
        spoken(Duration::from_millis(self.run.duration_ms))
    }

    fn cells(&self) -> [String; COLUMNS] {
        let run = &self.run;
        let escaped = |text: &str| Escaped(text).to_string();
        let optional = |text: &Option<String>| text.as_deref().map(|text| escaped(&shortened(text, REASON)));
        [
            self.started(),
            escaped(&run.plan.name),
            mode_words(run.mode).to_owned(),
            optional(&run.shard).unwrap_or_default(),
            self.result(),
            self.took(),
            run.exit_code.to_string(),
            optional(&run.reason).unwrap_or_default(),
            escaped(&self.path.to_string_lossy()),
        ]
    }
}
