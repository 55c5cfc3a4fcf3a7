//! The page around the rows.

use askama::Template;

use super::super::json::{Report, RowSource, RunMode, Tool};
use super::super::place::Places;
use super::super::tally::Tally;
use super::super::text::Escaped;
use super::super::verdict::{Step, next_step_of, sentence};
use super::super::words::{ended, mode_words};
use super::assets;
use super::causes::Causes;
use super::chip::chip;
use super::facts::{Fact, facts};
use super::lanes::{Lanes, Span};
use super::selections::Selections;
use super::verdict::{exit, tone};
use crate::base::count::{HumanCount, counted};
use crate::engine::{Outcome, SkipReason};
use crate::wording::{self, capitalised, label};

/// Everything before the rows.
#[derive(Template)]
#[template(path = "head.html", config = ".askama.toml")]
pub(super) struct Head<'a> {
    policy: String,
    style: &'static str,
    plan: String,
    mode: &'static str,
    is_real: bool,
    tone: &'static str,
    sentence: String,
    /// Why the run ended early, where it did.
    ended: Option<String>,
    exit_code: u8,
    /// What the exit status means.
    exit: &'static str,
    step: Option<Step<'a>>,
    facts: Vec<Fact>,
    disagreements: Vec<String>,
    selections: Selections,
    tiles: Vec<Tile>,
    causes: &'a Causes,
    lanes: Lanes,
    targets: String,
    /// Whether the targets are of several accounts.
    has_places: bool,
}

/// Everything after the rows.
#[derive(Template)]
#[template(path = "foot.html", config = ".askama.toml")]
pub(super) struct Foot {
    tool: String,
    script: &'static str,
}

/// How many rows have one outcome.
#[derive(Debug)]
struct Tile {
    name: &'static str,
    label: String,
    count: String,
    note: String,
    /// Its share of the bar over the counts, in thousandths: where it begins and how wide it is.
    x: u64,
    width: u64,
}

impl<'a> Head<'a> {
    pub(super) fn new(
        report: &'a Report<impl RowSource>,
        again: Option<&'a str>,
        causes: &'a Causes,
        span: Span,
    ) -> Self {
        let tally = report.tally();
        let harmless = |text: &String| Escaped(text).to_string();
        let disagreements = report.rehearsal.iter().flat_map(|rehearsal| &rehearsal.disagreements);
        let step = next_step_of(&report.run, &tally, again);
        Self {
            policy: assets::policy(),
            style: assets::STYLE,
            plan: harmless(&report.run.plan.name),
            mode: mode_words(report.run.mode),
            is_real: report.run.mode == RunMode::Live,
            tone: tone(report, &tally),
            sentence: sentence(&tally, report.run.mode, report.run.status),
            ended: ended(&report.run),
            exit_code: report.run.exit_code,
            exit: exit(&report.run, &tally),
            step: step.map(|step| Step { words: capitalised(&step.words), ..step }),
            facts: facts(report),
            disagreements: disagreements.map(harmless).collect(),
            selections: Selections::of(report),
            tiles: tiles(&tally),
            causes,
            lanes: Lanes::of(report, span),
            targets: counted(report.summary.targets, "target"),
            has_places: Places::of_report(report).are_several,
        }
    }
}

impl Foot {
    pub(super) fn new(tool: &Tool) -> Self {
        let tool = Escaped(&format!("{} {}", tool.name, tool.version)).to_string();
        Self { tool, script: assets::SCRIPT }
    }
}

/// Returns the counts by outcome, of skipped targets by what that means; those without rows are left out.
fn tiles(tally: &Tally) -> Vec<Tile> {
    let own = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Skipped).map(|outcome| {
        let note = wording::outcome(outcome).short.to_owned();
        (chip(outcome, None), tally.counts().of_outcome(outcome), note)
    });
    let skipped = [SkipReason::Interrupted, SkipReason::Filtered].map(|like| {
        let reasons = SkipReason::ALL.into_iter().filter(move |reason| reason.is_chosen() == like.is_chosen());
        let rows = reasons.clone().map(|reason| tally.skipped(reason)).sum();
        (chip(Outcome::Skipped, Some(like)), rows, counted_by_reason(reasons, tally))
    });
    let mut before = 0;
    let thousandths = |rows: u64| rows.saturating_mul(1000) / tally.counts().targets.max(1);
    let tile = |(name, rows, note): (&'static str, u64, String)| {
        let x = thousandths(before);
        before += rows;
        let (label, count) = (label(name), HumanCount(rows).to_string());
        Tile { name, label, count, note, x, width: thousandths(before) - x }
    };
    own.chain(skipped).filter(|(_, rows, _)| *rows > 0).map(tile).collect()
}

/// Says why rows were skipped; how many there are for each reason, where there is more than one.
fn counted_by_reason(reasons: impl Iterator<Item = SkipReason>, tally: &Tally) -> String {
    let counted: Vec<_> = reasons.map(|reason| (reason, tally.skipped(reason))).filter(|(_, rows)| *rows > 0).collect();
    let said = |(reason, rows): &(_, u64)| format!("{} {}", HumanCount(*rows), wording::reason(*reason).short);
    match counted.as_slice() {
        [(reason, _)] => wording::reason(*reason).short.to_owned(),
        several => several.iter().map(said).collect::<Vec<_>>().join(", "),
    }
}
