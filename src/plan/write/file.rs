//! The whole file of a plan.

use std::io::{self, Write};
use std::iter;

use super::account::accounts;
use super::comment::Comment;
use super::notify::notify;
use super::reviewed::reviewed;
use super::scalar::Text;
use super::settings;
use super::target::target;
use crate::plan::model::Plan;
use crate::plan::stage::Stage;
use crate::plan::target::Target;

/// Returns the comment behind a target.
pub(super) type Note<'n> = dyn Fn(&Target) -> Option<String> + 'n;

/// The comments of a plan's file, each on a line of its own whatever it names.
#[derive(Default)]
pub struct Notes<'n> {
    /// Those before everything else.
    pub head: Vec<String>,
    /// The comment behind a target.
    pub target: Option<&'n Note<'n>>,
    /// Those after everything else.
    pub tail: Vec<String>,
    /// Whether labels, selections and what was seen are left out.
    pub is_bare: bool,
}

impl Plan {
    /// Returns the guards as plans write them, where they are not those that were reviewed.
    #[must_use]
    pub fn changed_guards(&self) -> Option<String> {
        let reviewed = &self.reviewed.as_ref()?.guards;
        let now = settings::guards(&self.guards).to_string();
        (!reviewed.is_empty() && now != *reviewed).then_some(now)
    }

    /// Writes the plan as YAML that loads as it is: without variables and other files, each target on one line. What is
    /// as it is by default is left out. Its selections are not written; those of a reviewed plan are.
    ///
    /// # Errors
    ///
    /// Fails when `out` does.
    pub fn write(&self, notes: &Notes<'_>, out: &mut dyn Write) -> io::Result<()> {
        comments(&notes.head, out)?;
        writeln!(out, "version: 1\nname: {}", Text(&self.name))?;
        write_accounts(self, out)?;
        let sections = [
            ("limits", settings::limits(&self.limits)),
            ("retry", settings::retry(&self.retry)),
            ("verify", settings::verify(&self.verify)),
            ("guards", settings::guards(&self.guards)),
            ("notify", notify(&self.notify)),
        ];
        for (key, section) in sections.iter().filter(|(_, section)| !section.is_empty()) {
            writeln!(out, "{key}: {section}")?;
        }
        if let Some(review) = &self.reviewed {
            reviewed(self, review, out)?;
        }
        if self.stages.is_empty() {
            writeln!(out, "targets:")?;
            self.targets.iter().try_for_each(|target| write_target(self, target, "  ", notes, out))?;
        } else {
            writeln!(out, "stages:")?;
            (0..).zip(&self.stages).try_for_each(|(number, stage)| write_stage(self, (number, stage), notes, out))?;
        }
        comments(&notes.tail, out)
    }
}

fn comments(texts: &[String], out: &mut dyn Write) -> io::Result<()> {
    texts.iter().try_for_each(|text| writeln!(out, "{}", Comment(text)))
}

fn write_accounts(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    use super::scalar::Key;
    match accounts(&plan.accounts).as_slice() {
        [(name, account)] => writeln!(out, "accounts: {{{}: {account}}}", Key(name)),
        several => {
            writeln!(out, "accounts:")?;
            several.iter().try_for_each(|(name, account)| writeln!(out, "  {}: {account}", Key(name)))
        }
    }
}

fn write_stage(plan: &Plan, (number, stage): (u16, &Stage), notes: &Notes<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (lead, (key, value)) in iter::once("  - ").chain(iter::repeat("    ")).zip(settings::stage(stage)) {
        writeln!(out, "{lead}{key}: {value}")?;
    }
    writeln!(out, "    targets:")?;
    let mut targets = plan.targets.iter().filter(|target| target.stage == Some(number));
    targets.try_for_each(|target| write_target(plan, target, "      ", notes, out))
}

fn write_target(plan: &Plan, one: &Target, indent: &str, notes: &Notes<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{indent}- {}", target(one, plan.account_of(one), notes.is_bare))?;
    match notes.target.and_then(|note| note(one)) {
        Some(note) => writeln!(out, "  {}", Comment(&note)),
        None => writeln!(out),
    }
}
