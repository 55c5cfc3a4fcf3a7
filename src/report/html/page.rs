//! What stands in the page besides the rows.

use askama::Template;
use indicatif::HumanCount;

use super::super::text::Harmless;
use super::super::{Mode, Report};
use super::HtmlPage;
use super::causes::{Cause, Causes};
use super::census::Census;
use super::facts::{Fact, facts};
use super::lanes::Lanes;
use super::verdict::{Step, Verdict, next_step};
use super::{assets, words};
use crate::run::Outcome;

/// Everything before the rows.
#[derive(Template)]
#[template(path = "head.html", config = ".askama.toml")]
pub(super) struct Head<'a> {
    policy: String,
    style: &'static str,
    plan: String,
    mode: &'static str,
    is_real: bool,
    exit_code: u8,
    verdict: Verdict,
    step: Option<Step>,
    facts: Vec<Fact>,
    disagreements: Vec<String>,
    tiles: Vec<Tile>,
    causes: &'a [Cause<'a>],
    other_causes: Option<String>,
    lanes: Lanes<'a>,
    targets: String,
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
    label: &'static str,
    count: String,
    note: String,
    /// Its share of the bar over the counts, in thousandths: where it begins and how wide it is.
    x: u64,
    width: u64,
}

impl<'a> Head<'a> {
    pub(super) fn new(page: &HtmlPage<'a>, causes: &'a Causes<'a>) -> Self {
        let report = page.report;
        let census = Census::of(report);
        let harmless = |text: &String| Harmless(text).to_string();
        let disagreements = report.rehearsal.iter().flat_map(|rehearsal| &rehearsal.disagreements);
        Self {
            policy: assets::policy(),
            style: assets::STYLE,
            plan: harmless(&report.run.plan.name),
            mode: words::mode(report.run.mode),
            is_real: report.run.mode == Mode::Live,
            exit_code: report.run.exit_code,
            verdict: Verdict::of(report, &census),
            step: next_step(report, &census, page.again),
            facts: facts(report),
            disagreements: disagreements.map(harmless).collect(),
            tiles: tiles(report, &census),
            causes: causes.shown(),
            other_causes: causes.rest(),
            lanes: Lanes::of(report),
            targets: words::counted(report.summary.targets, "target"),
        }
    }
}

impl Foot {
    pub(super) fn new(report: &Report) -> Self {
        let tool = Harmless(&format!("{} {}", report.tool.name, report.tool.version)).to_string();
        Self { tool, script: assets::SCRIPT }
    }
}

/// Returns the counts by outcome; those without rows are left out.
fn tiles(report: &Report, census: &Census) -> Vec<Tile> {
    let told = Outcome::ALL.into_iter().map(|outcome| (outcome, report.summary.of_outcome(outcome)));
    let mut before = 0;
    let thousandths = |rows: u64| rows.saturating_mul(1000) / report.summary.targets.max(1);
    let tile = |(outcome, rows): (Outcome, u64)| {
        let x = thousandths(before);
        before += rows;
        let note = if outcome == Outcome::Skipped { skipped(census) } else { words::meaning(outcome).to_owned() };
        let (name, label) = (outcome.name(), words::outcome(outcome));
        Tile { name, label, count: HumanCount(rows).to_string(), note, x, width: thousandths(before) - x }
    };
    told.filter(|(_, rows)| *rows > 0).map(tile).collect()
}

/// Says why rows were skipped.
fn skipped(census: &Census) -> String {
    let said = |(reason, rows): &(_, u64)| format!("{} {}", HumanCount(*rows), words::skipped(*reason));
    census.skipped.iter().map(said).collect::<Vec<_>>().join(", ")
}
