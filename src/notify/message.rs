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
    /// What may be left out, from its end: for how many targets or listings each stands.
    pub(super) items: Vec<(u64, Line)>,
    /// How many more items there are than the message has.
    pub(super) more: u64,
    /// What comes last.
    pub(super) tail: Vec<Line>,
    pub(super) facts: Facts,
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
            Some(RunMode::Rehearsal) => format!("rehearsal, no cloud is touched: stopping {targets} in the simulator"),
            Some(RunMode::DryRun) => format!("dry run, nothing is stopped: reading the states of {targets}"),
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
        head.extend(brief.ending.iter().map(|ending| vec![said(ending)]));
        let counts: Vec<_> =
            brief.counts.iter().map(|(rows, words)| format!("{} {words}", HumanCount(*rows))).collect();
        if !counts.is_empty() {
            head.push(vec![words(counts.join(", "))]);
        }
        let mut tail = vec![vec![words(format!("Took {}, exit status {}.", brief.took, line.exit_code))]];
        tail.extend(brief.report.iter().map(|path| vec![words("Report: "), said(path)]));
        tail.extend(brief.next.iter().map(|next| vec![words(format!("Next: {next}"))]));
        // A command that is cut short is none.
        tail.extend(brief.command.iter().map(|command| match command.chars().count() > LONGEST {
            true => vec![words("The command is too long for a message: see the end of the summary.")],
            false => vec![Span::Command(command.clone())],
        }));
        let named: u64 = brief.causes.iter().map(|cause| cause.count).sum();
        let more = brief.open.saturating_sub(named) + brief.more_missing;
        Self {
            tone: if is_bad { Tone::Bad } else { Tone::Good },
            title: vec![said(&brief.plan), words(format!(": {}", brief.verdict))],
            head,
            items: items(brief),
            more: if brief.was_refused { 0 } else { more },
            tail,
            facts: Facts {
                targets: Some(brief.targets),
                done: Some(brief.done),
                not_stopped: Some(brief.open),
                line: Some(Box::new(line.clone())),
                ..Facts::of(brief, &line)
            },
            ..Self::empty(if brief.was_refused { Event::Refused } else { Event::End })
        }
    }

    /// Says that a run did not begin, and why; `is_refused` if it was a guard.
    #[must_use]
    pub fn not_begun(brief: &Brief, line: OutputLine, is_refused: bool, error: &dyn Display) -> Self {
        let verdict =
            if is_refused { ": the run was refused, and nothing was sent." } else { ": the run did not begin." };
        let cause: Vec<_> = error.to_string().lines().map(|line| vec![said(line)]).collect();
        Self {
            tone: Tone::Bad,
            title: vec![said(&brief.plan), words(verdict)],
            head: std::iter::once(about(brief)).chain(cause).collect(),
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
            more: 0,
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
    if let Some(reason) = &brief.reason {
        line.extend([words(", reason: "), said(reason)]);
    }
    line
}

/// Names what is not stopped, and what could not be listed. No item begins with what it names: that could be markup.
fn items(brief: &Brief) -> Vec<(u64, Line)> {
    let missing = brief.missing.iter().map(|unit| (1, vec![words("not listed: "), said(unit)]));
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
        (cause.count, line)
    });
    missing.chain(causes).collect()
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
