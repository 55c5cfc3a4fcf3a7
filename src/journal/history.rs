//! What the lines of a journal add up to.

use std::sync::Arc;

use super::error::LineFault;
use super::frozen::{FrozenTargets, Gathered};
use super::head::Header;
use super::note::{End, Note};
use crate::engine::{AccountNote, KnownAccount, ResumeState, Status};

/// What the lines say so far: the history of the run, and whether it has ended.
pub(super) struct History {
    targets: u32,
    /// What is found so far, while the run lists.
    gathered: Option<Gathered>,
    pub(super) frozen: Option<FrozenTargets>,
    pub(super) run: crate::engine::History,
    pub(super) end: Option<End>,
    pub(super) resumptions: u32,
}

impl History {
    /// Begins with nothing done.
    pub(super) fn new(header: &Header) -> Self {
        let known = ResumeState {
            id: header.run.clone(),
            reason: header.reason.clone(),
            started_at: header.started_at,
            ..ResumeState::default()
        };
        Self {
            targets: header.targets,
            gathered: header.selects.then(Gathered::default),
            frozen: None,
            run: crate::engine::History::new(known),
            end: None,
            resumptions: 0,
        }
    }

    /// Takes in the next line.
    pub(super) fn take(&mut self, note: Note) -> Result<(), LineFault> {
        if self.end.is_some() && !matches!(note, Note::Resumed { .. }) {
            return Err(LineFault::AfterEnd);
        }
        match note {
            Note::Intent { b } => self.run.intent(self.check(b)?)?,
            Note::Sending { t, s, at } => self.run.sending(self.check(t)?, s, at)?,
            Note::Attempted { t, a, effect } => self.run.attempted(self.check(t)?, *a, effect)?,
            Note::Finished { t, f } => self.run.finished(self.check(t)?, &f)?,
            Note::Stage { stage, at } => self.run.stage(stage, at),
            Note::Account { account } => {
                let AccountNote { name, account_id, project_id, .. } = account;
                self.run.account(name, KnownAccount { account_id, project_id });
            }
            Note::Ended { end } => {
                self.end = Some(end);
                if end.status == Status::Paused {
                    self.run.paused();
                }
            }
            Note::Found { g } => {
                let gathered = self.gathered.as_mut().ok_or(LineFault::Meaningless)?;
                gathered.take(Arc::unwrap_or_clone(g))?;
            }
            Note::Frozen { frozen } => {
                let frozen = self.gathered.take().ok_or(LineFault::Meaningless)?.seal(*frozen)?;
                self.targets = self.targets.saturating_add(u32::try_from(frozen.count()).unwrap_or(u32::MAX));
                self.frozen = Some(frozen);
            }
            Note::Resumed { .. } => {
                self.end = None;
                self.resumptions = self.resumptions.saturating_add(1);
            }
        }
        Ok(())
    }

    fn check(&self, target: u32) -> Result<u32, LineFault> {
        if self.gathered.is_some() {
            // Nothing is sent before everything is found.
            return Err(LineFault::Meaningless);
        }
        if target < self.targets { Ok(target) } else { Err(LineFault::NoTarget { target, targets: self.targets }) }
    }
}
