//! The runs of many reports as one page, in the style of the page of a report. It needs no script.

use std::collections::BTreeSet;
use std::io::{self, Write};

use askama::Template;

use super::super::counts::OutcomeCounts;
use super::super::history::{History, HistoryRun, Unread};
use super::super::json::Tool;
use super::super::text::Escaped;
use super::super::words::mode_words;
use super::assets;
use super::chip::chip;
use crate::base::count::counted;
use crate::engine::{Outcome, SkipReason};

/// The most plans that the title names.
const PLANS: usize = 3;

/// A history about to be written as a page.
#[derive(Debug)]
pub struct HistoryPage<'a>(pub &'a History);

#[derive(Template)]
#[template(path = "history.html", config = ".askama.toml")]
struct Page {
    policy: String,
    style: &'static str,
    title: String,
    sentence: String,
    rows: Vec<PageRow>,
    unread: Vec<String>,
    tool: String,
}

/// One run; escaped.
struct PageRow {
    at: String,
    started: String,
    plan: String,
    mode: &'static str,
    shard: Option<String>,
    result: String,
    shares: Vec<Share>,
    took: String,
    exit_code: u8,
    reason: String,
    path: String,
}

/// The share of an outcome, in thousandths: where it begins and how wide it is.
struct Share {
    name: &'static str,
    x: u64,
    width: u64,
}

impl HistoryPage<'_> {
    /// Writes the page, in many small writes: give it a buffered writer.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Tool { name, version } = Tool::default();
        let page = Page {
            policy: assets::still_policy(assets::STYLE_OF_HISTORY),
            style: assets::STYLE_OF_HISTORY,
            title: title(self.0),
            sentence: self.0.sentence(),
            rows: self.0.runs.iter().rev().map(PageRow::of).collect(),
            unread: self.0.unread.iter().map(Unread::line).map(|line| Escaped(&line).to_string()).collect(),
            tool: format!("{name} {version}"),
        };
        page.write_into(out)
    }
}

/// Names the plans, or says how many there are.
fn title(history: &History) -> String {
    let plans: BTreeSet<&str> = history.runs.iter().map(|run| run.run.plan.name.as_str()).collect();
    match plans.len() {
        0 => "no plan".to_owned(),
        1..=PLANS => Escaped(&plans.into_iter().collect::<Vec<_>>().join(", ")).to_string(),
        many => counted(many as u64, "plan"),
    }
}

impl PageRow {
    fn of(run: &HistoryRun) -> Self {
        let escaped = |text: &str| Escaped(text).to_string();
        Self {
            at: run.run.started_at.to_string(),
            started: run.started(),
            plan: escaped(&run.run.plan.name),
            mode: mode_words(run.run.mode),
            shard: run.run.shard.as_deref().map(escaped),
            result: run.result(),
            shares: shares(&run.counts),
            took: run.took(),
            exit_code: run.run.exit_code,
            reason: escaped(run.run.reason.as_deref().unwrap_or_default()),
            path: escaped(&run.path.to_string_lossy()),
        }
    }
}

/// Returns the shares of the outcomes that occur. Why targets were skipped, the counts do not say.
fn shares(counts: &OutcomeCounts) -> Vec<Share> {
    let mut before = 0;
    let thousandths = |rows: u64| rows.saturating_mul(1000) / counts.targets.max(1);
    let share = |outcome: Outcome| {
        let x = thousandths(before);
        before += counts.of_outcome(outcome);
        Share { name: chip(outcome, Some(SkipReason::Filtered)), x, width: thousandths(before) - x }
    };
    Outcome::ALL.into_iter().map(share).filter(|share| share.width > 0).collect()
}
