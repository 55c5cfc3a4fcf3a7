//! What the lines of a journal add up to.

use std::collections::HashMap;

use jiff::Timestamp;

use super::error::LineFault;
use super::header::Header;
use super::note::{End, Note};
use crate::engine::{Attempt, Completed, Effect, InProgress, ResumeState, SkipReason, TargetResult};

/// The story so far, built line by line.
pub(super) struct History {
    targets: u32,
    pub(super) past: ResumeState,
    pub(super) end: Option<End>,
    pub(super) resumptions: u32,
}

impl History {
    /// Begins with nothing done.
    pub(super) fn new(header: &Header) -> Self {
        let past = ResumeState {
            id: header.run.clone(),
            reason: header.reason.clone(),
            started_at: header.started_at,
            done: Completed::default(),
            open: HashMap::new(),
        };
        Self { targets: header.targets, past, end: None, resumptions: 0 }
    }

    /// Takes in the next line.
    pub(super) fn take(&mut self, note: Note<'_>) -> Result<(), LineFault> {
        match note {
            Note::Resumed { .. } => {
                self.end = None;
                self.resumptions = self.resumptions.saturating_add(1);
                return Ok(());
            }
            _ if self.end.is_some() => return Err(LineFault::AfterEnd),
            Note::Boarding { b } => drop(self.open(b)?),
            Note::Sending { t, s, at } => sending(self.open(t)?, s, at),
            Note::Attempted { t, a, effect } => attempted(self.open(t)?, a.into_owned(), effect),
            Note::Finished { t, f } => self.finished(t, f.into_owned())?,
            Note::Ended { end } => self.end = Some(end),
        }
        Ok(())
    }

    fn check(&self, target: u32) -> Result<(), LineFault> {
        if target >= self.targets {
            return Err(LineFault::NoTarget { target, targets: self.targets });
        }
        if self.past.done.contains(target) { Err(LineFault::Finished(target)) } else { Ok(()) }
    }

    fn open(&mut self, target: u32) -> Result<&mut InProgress, LineFault> {
        self.check(target)?;
        let nothing = || InProgress { attempts: Vec::new(), effect: Effect::Nothing, sending: None };
        Ok(self.past.open.entry(target).or_insert_with(nothing))
    }

    /// Takes in a final fact. A target that was only left out because the run ended early is still to be done.
    fn finished(&mut self, target: u32, result: TargetResult) -> Result<(), LineFault> {
        self.check(target)?;
        if result.reason.is_none_or(SkipReason::is_chosen) {
            self.past.open.remove(&target);
            self.past.done.insert(target, &result);
        }
        Ok(())
    }
}

/// Adds that an attempt leaves. One that was before and has no end noted may have taken effect.
fn sending(open: &mut InProgress, n: u32, at: Timestamp) {
    if open.sending.replace((n, at)).is_some() {
        open.effect = open.effect.max(Effect::Lost);
    }
}

/// Adds the end of an attempt. An earlier one whose end is still not noted may have taken effect.
fn attempted(open: &mut InProgress, attempt: Attempt, effect: Effect) {
    open.effect = open.effect.max(effect);
    if let Some((n, _)) = open.sending
        && n <= attempt.n
    {
        open.sending = None;
        if n < attempt.n {
            open.effect = open.effect.max(Effect::Lost);
        }
    }
    open.attempts.push(attempt);
}
