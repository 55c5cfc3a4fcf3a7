//! A run that has ended: its report, its exports, the end of its journal, and what is left to do.

use std::path::Path;
use std::sync::Arc;

use crate::base::ExitStatus;
use crate::engine::{Record, SkipReason, Status, TargetResult};
use crate::journal::End;
use crate::report::{About, OutputLine, Report, Rows, Signal, Summary, Tally, Unended};

use super::begun::{Opened, Session};
use super::error::SessionError;
use super::next;
use super::notices::Notices;
use super::outputs::{Outputs, Written};
use super::rehearsal::Rehearsal;

/// A run that has ended and is not reported yet.
pub struct Ran {
    pub(super) session: Session,
    pub(super) outputs: Outputs,
    pub(super) rehearsal: Option<Arc<Rehearsal>>,
    /// Who is told of the run.
    pub(super) notices: Notices,
    pub(super) record: Record,
    pub(super) opened: Opened,
    pub(super) is_resumed: bool,
    /// Whether somebody else goes on with the run.
    pub(super) goes_on: bool,
}

/// What a session leaves behind.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finished {
    /// The run's record.
    pub record: Record,
    /// The exit status of the program.
    pub exit_code: u8,
    /// How it ended, for programs.
    pub line: OutputLine,
    /// Why the report or exports could not be written; the last one is the report's, if that could not.
    pub unwritten: Vec<SessionError>,
    /// What is due to be told of the run, to be [delivered](Notices::deliver).
    pub notices: Notices,
}

impl Ran {
    /// Returns the run's record.
    #[must_use]
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// Writes the report and its exports, shows the summary, and ends the journal. `signal` is the one that ended the
    /// run, where one did.
    #[must_use]
    pub fn finish(mut self, signal: Option<Signal>) -> Finished {
        if let Some(signal) = signal.filter(|_| self.record.status == Status::Interrupted) {
            self.record.ended_by = Some(signal.cause().to_owned());
        }
        let context = &self.session.context;
        let tally = Tally::of(self.session.plan(), &self.record);
        let about = self.about(signal);
        let mut report = Report::counted(self.session.plan(), &self.record, &about, &tally);
        report.run.unended = self.goes_on.then_some(Unended::GoesOn);
        let exit_code = if self.goes_on { ExitStatus::NotDone.code() } else { report.run.exit_code };
        if exit_code == ExitStatus::NothingSelected.code() || tally.was_refused(&self.record) {
            self.outputs.spare(context);
        }
        let written = self.outputs.write_report(&report, context);
        let next = self.next(&written, &report);
        let next_here = next.as_deref().map(|next| self.here(next));
        // What went to a device or a pipe is nowhere to be read.
        let is_kept = matches!(written, Written::Yes) && !self.session.report.is_stream();
        let json = self.session.report.path().filter(|_| is_kept);
        let summary = Summary {
            plan: self.session.plan(),
            record: &self.record,
            tally,
            mode: about.mode,
            rehearsal: about.rehearsal.as_ref(),
            report: json,
            is_resumed: self.is_resumed,
            is_unasked: self.session.options.yes,
            again: next_here.as_deref(),
            colour: false,
            width: None,
        };
        if self.goes_on {
            let report = json.map_or_else(|| "this report".to_owned(), |path| path.display().to_string());
            context.ui.note(&format!("the run has not ended: {report} shows what it has done so far"));
        } else if !self.is_quiet_round(exit_code) {
            context.ui.ended(&summary, exit_code);
        }
        let mut unwritten = self.outputs.write_exports(&report, next.as_deref());
        match written {
            Written::Yes | Written::Spared => self.end_journal(exit_code),
            Written::Failed(error) => {
                self.note_journal(next.as_deref());
                unwritten.push(error);
            }
        }
        let failed = unwritten.last().map_or(exit_code, |error| error.status().code());
        if self.outputs.have_metrics() || self.session.trace.is_on() {
            let metrics = self.session.metrics((&mut report, &tally), failed, &self.record.lanes);
            unwritten.extend(self.outputs.write_metrics(&metrics));
            self.session.trace.end(&metrics, &report.run, &*context.ui);
        }
        let line = self.line(&summary, exit_code, unwritten.last());
        let mut notices = std::mem::take(&mut self.notices);
        if !self.goes_on && !self.is_quiet_round(exit_code) {
            notices.end(|| summary.brief(), &line, exit_code);
        }
        Finished { exit_code: line.exit_code, line, unwritten, notices, record: self.record }
    }

    /// Returns what a report says of the run beyond its plan and record.
    fn about(&self, signal: Option<Signal>) -> About {
        let Session { selected, journal, retry_of, .. } = &self.session;
        About {
            mode: self.session.mode(),
            signal,
            resumed_from: journal.as_ref().filter(|_| self.is_resumed).map(|path| path.display().to_string()),
            retry_of: retry_of.clone(),
            reviewed: self.session.reviewed_ref(),
            shard: selected.plan.shard.map(|shard| shard.to_string()),
            rehearsal: self.rehearsal.as_ref().map(|rehearsal| rehearsal.compare(&selected.plan, &self.record)),
        }
    }

    /// Tells whether it is a round of a watch that had nothing to do: the watch says so in a line.
    fn is_quiet_round(&self, exit_code: u8) -> bool {
        let is_fine = exit_code == ExitStatus::NothingSelected.code() || exit_code == ExitStatus::Done.code();
        self.session.round.is_empty && is_fine
    }

    /// Tells whether a run of a plan that selects ended before it sent a stop.
    fn is_unbegun(&self) -> bool {
        let Record { status, lanes, selections, .. } = &self.record;
        let is_first = !self.is_resumed && self.session.retry_of.is_none();
        is_first && *status != Status::Completed && lanes.is_empty() && !selections.is_empty()
    }

    /// Returns where the journal of the run is, where it was opened.
    fn opened_journal(&self) -> Option<&Path> {
        self.session.journal.as_deref().filter(|_| self.opened.get().is_some())
    }

    /// Returns the command that goes on from here: with the journal of a run that can be resumed, else with the report.
    fn next(&self, written: &Written, report: &Report<Rows<'_>>) -> Option<String> {
        let Record { status, unrecorded, .. } = &self.record;
        if self.goes_on {
            return None;
        }
        let is_live = self.rehearsal.is_none();
        let journal = match (self.opened_journal(), written) {
            // A resumed run that was refused left its journal as it was: it can still go on.
            (None, _) => self.session.journal.as_deref().filter(|_| self.is_resumed),
            // The simulator of a rehearsal is gone with it: there is nothing to go on in.
            (Some(journal), Written::Yes) => Some(journal)
                .filter(|_| is_live && matches!(status, Status::Interrupted | Status::Deadline | Status::Paused)),
            // A run whose report is not written has not come to the end of its journal.
            (Some(journal), Written::Failed(_)) => Some(journal).filter(|_| is_live && unrecorded.is_none()),
            (Some(_), Written::Spared) => None,
        };
        match (journal, written) {
            (Some(journal), _) => self.session.resume_command(journal, *status),
            // Nothing was sent, and nothing is frozen: there is nothing to retry.
            (None, Written::Yes) if self.is_unbegun() => self.session.run_command(),
            (None, Written::Yes) => self.run_again(report).or_else(|| self.session.retry_command()),
            (None, Written::Spared | Written::Failed(_)) => None,
        }
    }

    /// Returns the command that runs a reviewed plan again, where a retry of the report would leave something of it alone. A
    /// shard is retried.
    fn run_again(&self, report: &Report<Rows<'_>>) -> Option<String> {
        let is_whole = self.rehearsal.is_none() && report.run.shard.is_none();
        let has_unbegun = is_whole && report.has_unbegun();
        next::run_again(self.session.selected.path.as_deref().filter(|_| has_unbegun)?)
    }

    /// Returns a command as it is to be given where this run was begun: where nobody can be asked, it says yes.
    fn here(&self, command: &str) -> String {
        let is_asked = self.rehearsal.is_some() || self.session.context.ui.can_confirm();
        format!("{command}{}", if is_asked { "" } else { " --yes" })
    }

    /// Notes in the journal that the run has ended and is reported. A journal that could not be written before has
    /// said so.
    fn end_journal(&self, exit_code: u8) {
        let Some(writer) = self.opened.get() else { return };
        let Session { context, .. } = &self.session;
        let lacks_keys = |result: &TargetResult| result.reason == Some(SkipReason::Credentials);
        let is_open = !self.record.open.is_empty() || self.record.results.iter().any(|result| lacks_keys(&result));
        if let Err(error) = writer.end(End { status: self.record.status, exit_code, at: context.now(), is_open })
            && exit_code != ExitStatus::NotWritten.code()
        {
            context.ui.warning(&format!("cannot write the end of the run to its journal: {error}"));
        }
    }

    /// Says where the results are of a run whose report could not be written.
    fn note_journal(&self, next: Option<&str>) {
        if let Some(next) = next {
            let text = format!("the journal has all results. Write the report with `{next} --report PATH`");
            self.session.context.ui.note(&text);
        }
    }

    /// Returns how the run ended, for programs.
    fn line(&self, summary: &Summary<'_>, exit_code: u8, unwritten: Option<&SessionError>) -> OutputLine {
        let (exit_code, error) = match unwritten {
            Some(error) => (error.status().code(), Some(error.text())),
            None => (exit_code, self.record.ended_by.clone()),
        };
        let journal = self.opened_journal().map(|path| path.display().to_string());
        OutputLine { exit_code, error, journal, ..OutputLine::of_run(summary) }
    }
}
