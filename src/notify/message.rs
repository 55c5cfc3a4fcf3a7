//! What a message says, without any markup.

use std::fmt::Display;

use serde::Serialize;

use super::event::Event;
use super::markup::{LONGEST, Line, Span};
use crate::base::count::{HumanCount, counted};
use crate::plan::{Notification, Plan, When};
use crate::report::{Brief, OutputLine, RunMode};

/// How serious it is: chats that have colours show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// All is well.
    Good,
    /// Something is not stopped.
    Bad,
    /// Neither.
    Neutral,
}

/// What a message says of a run.
#[derive(Debug, Clone)]
pub struct Message {
    pub(super) event: Event,
    pub(super) tone: Tone,
    /// The most important, in a line.
    pub(super) title: Line,
    /// What comes next.
    pub(super) head: Vec<Line>,
    /// What may be left out, from its end: what each stands for.
    pub(super) items: Vec<(Left, Line)>,
    /// What there is besides the items.
    pub(super) more: Left,
    /// What comes last.
    pub(super) tail: Vec<Line>,
    pub(super) facts: Facts,
}

/// What a message leaves out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) listings: u64,
    pub(super) accounts: u64,
    pub(super) targets: u64,
}

impl Left {
    const LISTING: Self = Self { listings: 1, accounts: 0, targets: 0 };
    const ACCOUNT: Self = Self { listings: 0, accounts: 1, targets: 0 };

    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            listings: self.listings + other.listings,
            accounts: self.accounts + other.accounts,
            targets: self.targets + other.targets,
        }
    }

    /// Says what is left out; nothing if that is nothing.
    pub(super) fn said(self) -> Option<String> {
        let told = [
            (self.targets, "more target", " with other causes"),
            (self.listings, "more listing", " that failed"),
            (self.accounts, "more account", " that nothing more was sent for"),
        ];
        let told = told.into_iter().filter(|(number, ..)| *number > 0);
        let told: Vec<_> = told.map(|(number, one, end)| format!("{}{end}", counted(number, one))).collect();
        (!told.is_empty()).then(|| format!("… and {}: see the report", told.join(", ")))
    }
}

/// What programs get to know.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) plan: String,
    pub(super) run_id: String,
    /// What the run is for, by its name: `live`.
    pub(super) mode: String,
    pub(super) reason: Option<String>,
    pub(super) targets: Option<u64>,
    pub(super) done: Option<u64>,
    pub(super) not_stopped: Option<u64>,
    /// How the run ended, once it has.
    pub(super) line: Option<Box<OutputLine>>,
}

fn words(words: impl Into<String>) -> Span {
    Span::Words(words.into())
}

fn said(text: impl Into<String>) -> Span {
    Span::Said(text.into())
}

impl Message {
    /// Says that the first stop is about to be sent.
    #[must_use]
    pub fn started(brief: &Brief, line: OutputLine) -> Self {
        let targets = counted(brief.targets, "target");
        let doing = match line.mode {
            Some(RunMode::Rehearsal) => format!("Rehearsal, no cloud is touched: stopping {targets} in the simulator"),
            Some(RunMode::DryRun) => format!("Dry run, nothing is stopped: reading the states of {targets}"),
            Some(RunMode::Live) | None => format!("stopping {targets}"),
        };
        let title = vec![said(&brief.plan), words(format!(": {doing}."))];
        Self {
            tone: Tone::Neutral,
            title,
            head: vec![about(brief)],
            facts: Facts { targets: Some(brief.targets), ..Facts::of(brief, &line) },
            ..Self::empty(Event::Start)
        }
    }

    /// Says how a run ended.
    #[must_use]
    pub fn ended(brief: &Brief, line: OutputLine) -> Self {
        let is_bad = brief.open > 0 || !brief.missing.is_empty() || !matches!(line.exit_code, 0 | 4);
        let mut head = vec![about(brief)];
        match &brief.refusal {
            Some(_) => head.push(vec![words(format!("Nothing was sent to the {}.", counted(brief.targets, "target")))]),
            None => head.extend(result(brief)),
        }
        let mut tail = vec![vec![words(format!("Took {}, exit status {}.", brief.took, line.exit_code))]];
        tail.extend(brief.report.iter().map(|path| vec![words("Report: "), said(path)]));
        tail.extend(next(brief));
        // A command that is cut short is none.
        tail.extend(brief.command.iter().map(|command| match command.chars().count() > LONGEST {
            true => vec![words("The command is too long for a message: see the end of the summary.")],
            false => vec![Span::Command(command.clone())],
        }));
        Self {
            tone: if is_bad { Tone::Bad } else { Tone::Good },
            title: match &brief.refusal {
                Some(cause) => refused(brief, cause),
                None => vec![said(&brief.plan), words(format!(": {}", brief.verdict))],
            },
            head,
            items: items(brief),
            more: Left { listings: brief.more_missing, accounts: brief.more_closed, targets: brief.more_targets },
            tail,
            facts: Facts {
                targets: Some(brief.targets),
                done: Some(brief.done),
                not_stopped: Some(brief.open),
                line: Some(Box::new(line.clone())),
                ..Facts::of(brief, &line)
            },
            ..Self::empty(if brief.refusal.is_some() { Event::Refused } else { Event::End })
        }
    }

    /// Says that a run did not begin, and why; `is_refused` if it was a guard.
    #[must_use]
    pub fn not_begun(brief: &Brief, line: OutputLine, is_refused: bool, error: &dyn Display) -> Self {
        let error = error.to_string();
        let (first, hint) = error.split_once('\n').unwrap_or((&error, ""));
        let (title, cause) = match is_refused {
            true => (refused(brief, first), hint),
            false => (vec![said(&brief.plan), words(": the run did not begin.")], &*error),
        };
        Self {
            tone: Tone::Bad,
            title,
            head: std::iter::once(about(brief)).chain(cause.lines().map(|line| vec![said(line)])).collect(),
            facts: Facts { line: Some(Box::new(line.clone())), ..Facts::of(brief, &line) },
            ..Self::empty(if is_refused { Event::Refused } else { Event::NotBegun })
        }
    }

    /// Tries whether messages of a plan arrive.
    #[must_use]
    pub fn test(plan: &Plan, notification: &Notification) -> Self {
        let title = vec![said(&plan.name), words(": this is a test. Nothing was stopped.")];
        let sent = vec![
            words("allstop sends the notification "),
            said(&notification.name),
            words(format!(" {}.", When::spoken(&notification.when))),
        ];
        let facts = Facts { plan: plan.name.clone(), ..Facts::default() };
        Self { title, head: vec![sent], facts, ..Self::empty(Event::Test) }
    }

    const fn empty(event: Event) -> Self {
        Self {
            event,
            tone: Tone::Neutral,
            title: Vec::new(),
            head: Vec::new(),
            items: Vec::new(),
            more: Left { listings: 0, accounts: 0, targets: 0 },
            tail: Vec::new(),
            facts: Facts {
                plan: String::new(),
                run_id: String::new(),
                mode: String::new(),
                reason: None,
                targets: None,
                done: None,
                not_stopped: None,
                line: None,
            },
        }
    }
}

impl Facts {
    fn of(brief: &Brief, line: &OutputLine) -> Self {
        let mode = serde_json::to_value(line.mode).ok();
        Self {
            plan: brief.plan.clone(),
            run_id: brief.run_id.clone(),
            mode: mode.as_ref().and_then(|mode| mode.as_str()).unwrap_or_default().to_owned(),
            reason: brief.reason.clone(),
            ..Self::default()
        }
    }
}

/// Says which run it is.
fn about(brief: &Brief) -> Line {
    let mut line = vec![words(format!("allstop, {} ", brief.mode)), said(&brief.run_id)];
    if let Some(host) = &brief.host {
        line.extend([words(" on "), said(host)]);
    }
    if let Some(reason) = &brief.reason {
        line.extend([words(", reason: "), said(reason)]);
    }
    line
}

/// Heads a message of a run that a guard refused.
fn refused(brief: &Brief, cause: &str) -> Line {
    vec![said(&brief.plan), words(": not run: "), said(cause.trim_end_matches('.')), words(".")]
}

/// Says how the run ended, and with which outcomes.
fn result(brief: &Brief) -> Vec<Line> {
    let counts: Vec<_> = brief.counts.iter().map(|(rows, words)| format!("{} {words}", HumanCount(*rows))).collect();
    let counts = (!counts.is_empty()).then(|| vec![words(counts.join(", "))]);
    brief.ending.iter().map(|ending| vec![said(ending)]).chain(counts).collect()
}

/// Says what to do next; a command works in the directory that it names.
fn next(brief: &Brief) -> Option<Line> {
    let next = brief.next.as_ref()?;
    Some(match (next.strip_suffix(':'), &brief.directory) {
        (Some(next), Some(directory)) => vec![words(format!("Next: {next} in ")), said(directory), words(":")],
        (Some(_) | None, _) => vec![words(format!("Next: {next}"))],
    })
}

/// Names what could not be listed, the accounts that nothing more was sent for, and what is not stopped. No item begins with
/// what it names: that could be markup.
fn items(brief: &Brief) -> Vec<(Left, Line)> {
    let missing = brief.missing.iter().map(|unit| (Left::LISTING, vec![words("not listed: "), said(unit)]));
    let closed = brief.closed.iter().map(|account| {
        let line = vec![words("Nothing more was sent for "), said(&account.name), words(": "), said(&account.reason)];
        (Left::ACCOUNT, line)
    });
    let causes = brief.causes.iter().map(|cause| {
        let mut line = vec![
            words(format!("{} ", HumanCount(cause.count))),
            said(cause.headline.trim_end_matches('.')),
            words(": "),
        ];
        for (number, id) in cause.ids.iter().enumerate() {
            line.extend([words(if number > 0 { ", " } else { "" }), said(id)]);
        }
        match cause.count.saturating_sub(cause.ids.len() as u64) {
            0 => {}
            more => line.push(words(format!(" and {} more", HumanCount(more)))),
        }
        (Left { targets: cause.count, ..Left::default() }, line)
    });
    missing.chain(closed).chain(causes).collect()
}

/// What programs get without a template.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    event: Event,
    notification: &'a str,
    plan: &'a str,
    reason: Option<&'a str>,
    title: String,
    text: String,
    #[serde(flatten)]
    run: Run<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Run<'a> {
    Ended(&'a OutputLine),
    Other { version: u32, run_id: Option<&'a str>, mode: Option<&'a str>, targets: Option<u64> },
}

impl Facts {
    pub(super) fn told<'a>(&'a self, event: Event, notification: &'a str, title: String, text: String) -> Told<'a> {
        let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let run = match &self.line {
            Some(line) => Run::Ended(line),
            None => Run::Other {
                version: OutputLine::VERSION,
                run_id: given(&self.run_id),
                mode: given(&self.mode),
                targets: self.targets,
            },
        };
        Told { event, notification, plan: &self.plan, reason: self.reason.as_deref(), title, text, run }
    }
}
