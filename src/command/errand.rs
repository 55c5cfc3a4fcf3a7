//! A run with everything a command line says about it: confirmed, carried out, reported.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use allstop::clock::{Clock, SystemClock};
use allstop::engine::{Record, ResumeState, Run, SkipReason, Status, TargetResult, foresee, new_id};
use allstop::journal;
use allstop::plan::{Choice, Listing, Overview, Plan, show_duration};
use allstop::report::progress::json::RunEnd;
use allstop::report::{About, Destination, OutputLine, Report, RunMode, Summary, Tally};
use console::Term;

use super::Process;
use super::book::{self, Book, Entry, Opened};
use super::confirm::{can_ask, confirm};
use super::failure::{Failure, NOTHING};
use super::output;
use super::rehearsal::Stage;
use super::report::{self, Exports, tell_kept};
use super::say;
use super::shell;
use super::signals::Signals;
use super::system;
use crate::cli::{BeginOptions, Output, RunOptions};

/// A run that a sub-command has prepared.
pub(super) struct Errand {
    pub(super) plan: Arc<Plan>,
    /// The files that the plan was read from.
    pub(super) inputs: Vec<PathBuf>,
    /// The variables that the command line set.
    pub(super) set: Vec<(String, String)>,
    /// Why each target is left out, by number; `None` for those that are selected.
    pub(super) left_out: Vec<Option<SkipReason>>,
    /// Where the report goes; `-` is standard output.
    pub(super) report: PathBuf,
    /// The id of the run whose open targets this one takes up.
    pub(super) retry_of: Option<String>,
    /// What is written down.
    pub(super) book: Book,
    pub(super) begin: BeginOptions,
    pub(super) options: RunOptions,
}

impl Errand {
    /// Confirms the run, carries it out, reports on it, and returns the exit status.
    pub(super) fn carry_out(mut self, process: &Process) -> Result<u8, Failure> {
        output::refuse_two(&self.options, &self.report)?;
        system::demand()?;
        let exports = std::mem::take(&mut self.options.exports);
        let exports = Exports::new(&exports);
        self.refuse_loss(&exports)?;
        let report_place = Destination::new(&self.report).prepare()?;
        let exports = exports.prepare()?;
        let plan = Arc::make_mut(&mut self.plan);
        self.options.apply(plan, &process.environment);
        let stage = if self.begin.rehearse { Some(Stage::set(plan, &self.begin.simulator)?) } else { None };
        let signals = Signals::default();
        let resumed_from = self.book.resumed_from();
        let journal = self.book.path();
        let (record, opened) = match self.is_wanted()? {
            true => self.execute(stage.as_ref(), &signals, process)?,
            false => (self.nothing(), Opened::default()),
        };
        let tally = Tally::of(&self.plan, &record.results);
        // Its journal is as it was: the run can still go on.
        let is_refused_again = resumed_from.is_some() && opened.writer().is_none();
        let about = About { resumed_from, signal: signals.first(), ..self.about(&record, stage.as_ref()) };
        let report = Report::counted(&self.plan, &record, &about, &tally);
        let exit_code = report.run.exit_code;
        let was_refused = was_refused(&record, exit_code);
        let is_left = was_refused && report_place.standing().is_some();
        let (exports, spared) = if was_refused { exports.sparing() } else { (exports, Vec::new()) };
        for path in is_left.then_some(&self.report).into_iter().chain(&spared) {
            say::aside(format_args!("note: nothing was sent; {} is left as it was", path.display()));
        }
        let written =
            if is_left { Ok(None) } else { report_place.write(Some(&record.id), |out| report.write_json(out)) };
        let written = written.map(tell_kept).map_err(Failure::from);
        let goes_on = journal.clone().filter(|_| is_refused_again);
        let journal = journal.filter(|_| opened.writer().is_some());
        // A run whose report is not written has not come to the end of its journal.
        let is_unreported = written.is_err() && record.unrecorded.is_none() && !self.begin.rehearse;
        let again = match goes_on.or_else(|| journal.clone().filter(|_| is_unreported)) {
            Some(journal) => self.command("resume", &journal, record.status),
            None if is_left || written.is_err() => None,
            None => self.again(&record, journal.clone()),
        };
        let again_here = again.as_deref().map(|command| self.here(command));
        let colour = super::colours(&process.environment, io::stderr().is_terminal());
        let summary = Summary { colour, again: again_here.as_deref(), ..self.summary(&record, tally, &about) };
        let summary = if is_left || written.is_err() { Summary { report: None, ..summary } } else { summary };
        self.tell(&summary, exit_code);
        let exported = exports.write(&report, again.as_deref());
        if let Some(writer) = opened.writer().filter(|_| written.is_ok()) {
            book::close(writer, record.status, exit_code);
        }
        if let Some(again) = again.as_deref().filter(|_| written.is_err()) {
            say::aside(format_args!(
                "note: its journal has what the report would say: {again} --report PATH writes it"
            ));
        }
        let written = match (written, exported) {
            (Err(failure), Err(other)) => {
                other.show();
                Err(failure)
            }
            (written, exported) => written.and(exported),
        };
        if self.options.output == Output::Json {
            let (exit_code, error) = match &written {
                Ok(()) => (exit_code, record.ended_by.clone()),
                Err(failure) => (failure.code(), Some(failure.text().to_owned())),
            };
            let journal = journal.map(|path| path.display().to_string());
            output::write(&OutputLine { exit_code, error, journal, ..OutputLine::of_run(&summary) })?;
        }
        written.map_err(Failure::told)?;
        Ok(exit_code)
    }

    /// Refuses to write two things to one place, or in the place of what the run reads.
    fn refuse_loss(&self, exports: &Exports<'_>) -> Result<(), Failure> {
        let journal = self.book.path().map(|path| ("--journal", path));
        let mut places: Vec<(&str, Destination)> = Vec::new();
        let own = [("--report", self.report.clone())].into_iter().chain(journal);
        for (option, path) in own.chain(exports.places()) {
            let place = Destination::new(&path);
            if let Some(input) = self.inputs.iter().find(|input| place.replaces(input)) {
                let message = format!("{option} would replace {}, which the run reads", input.display());
                return Err(Failure::input(message, "name another file; nothing was sent"));
            }
            if option != "--journal" {
                report::refuse_journal(option, &path)?;
            }
            if let Some((other, _)) = places.iter().find(|(_, other)| other.is_same_as(&place)) {
                let shown =
                    if place == Destination::Stdout { "standard output".into() } else { path.to_string_lossy() };
                let message = format!("{other} and {option} both go to {shown}");
                return Err(Failure::input(message, "name different files; nothing was sent"));
            }
            places.push((option, place));
        }
        Ok(())
    }

    /// Tells whether there is something to stop, after asking about it where somebody must be asked.
    fn is_wanted(&self) -> Result<bool, Failure> {
        let overview = self.plan.overview_of(|number, _| self.is_selected(number));
        if overview.stops() == 0 {
            // What an earlier part of the run has done is told, whatever the guards say by now.
            return Ok(self.book.past().is_some_and(|past| !(past.done.is_empty() && past.open.is_empty())));
        }
        if self.options.yes || self.begin.rehearse || self.begin.dry_run {
            return Ok(true);
        }
        // What is refused is not asked about: the run says why.
        if foresee(&self.plan, &overview, Some(SystemClock.now()))?.is_none() {
            let ((overview, listing), other_ways) = match self.book.past() {
                // The built-in cloud knows nothing of what a run has done so far.
                Some(past) => (self.left(&overview, past), "add --yes to send without asking"),
                None => {
                    let listing = self.plan.listing(|number, _| self.is_selected(number));
                    ((overview, listing), "add --yes to send without asking, or --rehearse to try it first")
                }
            };
            confirm(&overview, &listing, self.begin.reason.as_deref(), !say::is_json(), other_ways)?;
        }
        Ok(true)
    }

    /// Returns what is left of a run that goes on, in numbers and by name.
    fn left(&self, all: &Overview, past: &ResumeState) -> (Overview, Listing<'_>) {
        let choices = self.plan.choices(|number, _| self.is_selected(number));
        let is_left = choices.enumerate().map(|(number, choice)| match choice {
            Choice::Stop => !u32::try_from(number).is_ok_and(|number| past.done.contains(number)),
            Choice::Protected | Choice::Elsewhere => true,
            Choice::Unselected | Choice::Duplicate => false,
        });
        let is_left: Vec<bool> = is_left.collect();
        let is_left = |number: usize| is_left.get(number).copied().unwrap_or_default();
        let left = self.plan.overview_of(|number, _| is_left(number));
        (Overview { unselected: all.unselected, ..left }, self.plan.listing(|number, _| is_left(number)))
    }

    fn execute(
        &mut self,
        stage: Option<&Stage>,
        signals: &Signals,
        process: &Process,
    ) -> Result<(Record, Opened), Failure> {
        say::detach()?;
        signals.watch(process.leave)?;
        let left_out = (0..).zip(&self.left_out).filter_map(|(number, reason)| Some((number, (*reason)?)));
        let mut run = Run::new(Arc::clone(&self.plan))
            .reason(self.begin.reason.clone())
            .leave_out(left_out.collect())
            .deadline(self.options.deadline)
            .dry_run(self.begin.dry_run)
            .drain_on(signals.drain.clone());
        for observer in self.options.watch(&self.plan, &process.environment) {
            run = run.observer(observer);
        }
        if let Some(stage) = stage {
            run = run.credentials(stage.keys.clone()).speed(stage.speed).seed(stage.seed);
        }
        let entry = Entry {
            mode: if self.begin.rehearse { journal::Mode::Rehearsal } else { journal::Mode::Live },
            reason: self.begin.reason.clone(),
            report: &self.report,
            set: &self.set,
            left_out: &self.left_out,
            options: &self.options,
        };
        let (run, opened) = std::mem::replace(&mut self.book, Book::None).open(run, &self.plan, entry);
        let runtime = system::runtime()?;
        let record = runtime.block_on(run.execute());
        signals.run_is_over();
        let mut record = record?;
        if let Some(signal) = signals.first().filter(|_| record.status == Status::Interrupted) {
            record.ended_by = Some(signal.cause().to_owned());
        }
        Ok((record, opened))
    }

    /// Returns the record of a run that has nothing to stop, for which no key is needed.
    fn nothing(&self) -> Record {
        let now = SystemClock.now();
        let choices = self.plan.choices(|number, _| self.is_selected(number));
        let reasons = choices.zip(&self.left_out).map(|(choice, left_out)| match choice {
            Choice::Duplicate => SkipReason::Duplicate,
            Choice::Protected => SkipReason::Protected,
            Choice::Elsewhere => SkipReason::Shard,
            Choice::Unselected | Choice::Stop => left_out.unwrap_or(SkipReason::Filtered),
        });
        Record {
            id: new_id(now),
            reason: self.begin.reason.clone(),
            started_at: now,
            finished_at: now,
            duration: std::time::Duration::ZERO,
            status: Status::Completed,
            results: reasons.map(TargetResult::skipped).collect(),
            ..Record::default()
        }
    }

    fn is_selected(&self, number: usize) -> bool {
        self.left_out.get(number).is_none_or(Option::is_none)
    }

    fn about(&self, record: &Record, stage: Option<&Stage>) -> About {
        let rehearsal = stage.map(|stage| stage.compare(&self.plan, record));
        About {
            mode: match (self.begin.dry_run, stage) {
                (true, _) => RunMode::DryRun,
                (false, Some(_)) => RunMode::Rehearsal,
                (false, None) => RunMode::Live,
            },
            retry_of: self.retry_of.clone(),
            shard: self.plan.shard.map(|shard| shard.to_string()),
            rehearsal,
            ..About::default()
        }
    }

    fn summary<'a>(&'a self, record: &'a Record, tally: Tally, about: &'a About) -> Summary<'a> {
        Summary {
            plan: &self.plan,
            record,
            tally,
            mode: about.mode,
            rehearsal: about.rehearsal.as_ref(),
            report: (self.report != Path::new("-")).then_some(self.report.as_path()),
            is_resumed: about.resumed_from.is_some(),
            again: None,
            colour: false,
            width: super::columns(&Term::stderr()),
        }
    }

    /// Tells how the run ended; who cannot read standard error still has the report and the exit status.
    fn tell(&self, summary: &Summary<'_>, exit_code: u8) {
        let mut text = Vec::new();
        if summary.write(&mut text).is_err() {
            return;
        }
        let text = String::from_utf8_lossy(&text);
        let verdict = summary.sentence();
        let report = summary.report.map(Path::to_string_lossy);
        let next = summary.command();
        let end = RunEnd::new(
            (summary.record, summary.tally.counts(), exit_code),
            &verdict,
            report.as_deref(),
            next.as_deref(),
        );
        say::ending(if self.options.quiet { &verdict } else { text.trim_end() }, end);
    }

    /// Returns the command that goes on from here: with the journal of a run that was cut short, else with the
    /// report; `None` where neither is a file or the plan came from a pipe.
    fn again(&self, record: &Record, journal: Option<PathBuf>) -> Option<String> {
        let was_cut_short = matches!(record.status, Status::Interrupted | Status::Deadline);
        // A rehearsal's cloud is gone with it: there is nothing to go on in.
        match journal.filter(|_| was_cut_short && !self.begin.rehearse) {
            Some(journal) => self.command("resume", &journal, record.status),
            None => self.command("retry", &self.report, record.status),
        }
    }

    /// Returns the command that goes on from a journal or a report, where that is a file.
    fn command(&self, verb: &str, from: &Path, status: Status) -> Option<String> {
        if !from.is_file() || self.plan.path == Path::new("-") {
            return None;
        }
        let mut command = format!("allstop {verb} {}", shell::path(from)?);
        // What a variable holds may be secret: it is for whoever pastes the command.
        for (name, _) in &self.set {
            command.push_str(&format!(" --set {}=…", shell::quoted(name)));
        }
        if self.begin.rehearse {
            command.push_str(" --rehearse");
        }
        if let Some(deadline) = self.options.deadline.filter(|_| verb == "resume" && status == Status::Deadline) {
            command.push_str(&format!(" --deadline {}", show_duration(deadline)));
        }
        Some(command)
    }

    /// Returns a command as it is to be given where this run was begun: where nobody can be asked, it says yes.
    fn here(&self, command: &str) -> String {
        let can_be_asked = can_ask() && !say::is_json();
        format!("{command}{}", if self.begin.rehearse || can_be_asked { "" } else { " --yes" })
    }
}

/// Tells whether the run sent nothing because nobody or nothing let it.
fn was_refused(record: &Record, exit_code: u8) -> bool {
    exit_code == NOTHING || (record.status == Status::Aborted && record.lanes.is_empty())
}
