//! The user interface of the program: standard output and standard error.
//!
//! A reader that has gone away is no error: what it does not read is lost. Before a run begins, messages are written at
//! once. From then on a thread of its own writes to standard error, and nobody waits for it.

mod columns;
mod prompt;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use console::Term;
use futures::future::join_all;
use serde::Serialize;

use crate::base::ExitStatus;
use crate::base::clock::SystemClock;
use crate::base::disk::check_stdout;
use crate::base::environment::Environment;
use crate::cli::{LogFormat, ShownOptions};
use crate::engine::{AtPause, ListingProgress, Observer, SignedAccount};
use crate::plan::{Diagnostics, Look, Plan, PlanErrors};
use crate::report::progress::json::{JsonLines, JsonWriter, Line};
use crate::report::progress::{
    self, Bars, Detail, ListingLog, Missing, Namer, Outlet, Print, Progress, listing_json, listing_screen, to_stderr,
};
use crate::report::{Destination, Summary, escaped_lines, whose, wrapped, write_json_line};
use crate::session::{Context, Notices, Question, SessionError, Ui, Watched};
use crate::system;

pub(crate) use columns::columns;

/// How long the end of a process waits for what it has to say; docs/progress.md names it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The terminal, or the pipes and files in its place: the [`Ui`] of a session.
///
/// [`at_terminal`](crate::command::at_terminal()) creates it.
#[derive(Default)]
pub struct Terminal {
    environment: Environment,
    /// Whether it is said what happens in detail.
    is_verbose: bool,
    /// Whether only errors and the verdict are wanted.
    is_quiet: bool,
    /// Whether standard error is machine-readable: lines of JSON.
    is_json: bool,
    /// How progress is shown.
    progress: Progress,
    /// Writes while a run runs, and after it.
    outlet: OnceLock<Outlet>,
    /// What a log says of the listings.
    listings: Mutex<ListingLog>,
    /// Who is to be told of runs, once everything else is done.
    notices: Mutex<Vec<Notices>>,
}

impl Terminal {
    /// Creates the user interface that the options ask for, if a command has such options; one without them where they
    /// contradict each other.
    pub(crate) fn new(
        environment: Environment,
        options: Option<&ShownOptions>,
    ) -> Result<Self, Box<(Self, SessionError)>> {
        let plain = Self { environment, ..Self::default() };
        let Some(options) = options else { return Ok(plain) };
        let is_json = match (options.progress, options.log_format) {
            (Progress::Json, Some(LogFormat::Text)) | (Progress::Bars | Progress::Plain, Some(LogFormat::Json)) => {
                let message = "--progress and --log-format set different formats for standard error";
                let error = SessionError::input(message, "remove one of them; nothing was sent");
                return Err(Box::new((plain, error)));
            }
            (Progress::Json, _) | (Progress::Auto | Progress::Off, Some(LogFormat::Json)) => true,
            (Progress::Auto | Progress::Off | Progress::Bars | Progress::Plain, _) => false,
        };
        let (is_quiet, is_verbose) = (options.quiet, options.verbose > 0);
        Ok(Self { is_quiet, is_verbose, is_json, progress: options.progress, ..plain })
    }

    /// Returns the process's environment variables.
    pub(crate) const fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Returns what a session has of the process.
    #[must_use]
    pub fn context(self: &Arc<Self>) -> Context {
        let ui = Arc::clone(self);
        Context::new(self.environment.clone(), ui)
    }

    /// Lets nobody wait any more for what is written to standard error: a run begins.
    ///
    /// # Errors
    ///
    /// Fails if the system lets the process have no further thread.
    pub fn detach(&self) -> Result<(), SessionError> {
        if self.outlet.get().is_some() {
            return Ok(());
        }
        let missing: Missing = if self.is_json {
            Box::new(|lines| json_to(to_stderr()).text(&Line::Dropped { lines }))
        } else {
            Box::new(|lines| format!("note: {lines} lines were dropped here because standard error was too slow"))
        };
        let outlet = Outlet::to_stderr(missing)
            .map_err(|error| SessionError::input(format!("cannot start a thread: {error}"), "raise ulimit -u"))?;
        self.outlet.get_or_init(|| outlet);
        Ok(())
    }

    /// Asks a question that a yes answers; anything else is a no.
    pub(crate) fn agrees(&self, question: &str) -> bool {
        self.finish();
        prompt::agrees(question)
    }

    /// Waits until all is written that was said since [`detach`](Self::detach), but not for long.
    pub(crate) fn finish(&self) {
        if let Some(outlet) = self.outlet.get() {
            outlet.flush(PATIENCE);
        }
    }

    /// Keeps what is to be told of a run until the command has done everything else.
    pub(crate) fn notify(&self, notices: Notices) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).push(notices);
    }

    /// Tells it, and warns of what did not arrive.
    pub(crate) fn deliver(&self) {
        let notices = std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner));
        if notices.is_empty() {
            return;
        }
        match system::runtime() {
            Ok(runtime) => {
                let lost = runtime.block_on(join_all(notices.into_iter().map(Notices::deliver)));
                lost.iter().flatten().for_each(|lost| self.warning(&lost.to_string()));
                // A name that is still looked up holds the program up no longer.
                runtime.shutdown_background();
            }
            Err(error) => self.warning(&format!("no notification was sent: {error}")),
        }
        self.finish();
    }

    /// Returns those who show a run on standard error.
    #[must_use]
    pub fn observers(&self, options: &ShownOptions, plan: &Arc<Plan>) -> Vec<Box<dyn Observer>> {
        let named = Arc::clone(plan);
        let namer: Namer = Box::new(move |target| {
            named.targets.get(target).map_or_else(String::new, |target| target.id().into_owned())
        });
        let detail = match options.verbose {
            0 => Detail::Nothing,
            1 => Detail::Attempts,
            _ => Detail::Everything,
        };
        let mode = if self.is_quiet { Progress::Off } else { options.progress };
        let lines = self.outlet.get().map_or_else(to_stderr, Outlet::print);
        if self.is_json {
            let lines =
                (!self.is_quiet).then(|| JsonLines::new(mode != Progress::Off, (detail, namer), json_to(lines)));
            return lines.into_iter().map(|lines| Box::new(lines) as Box<dyn Observer>).collect();
        }
        let bars = self.bars().cloned();
        let bars = bars.map(|outlet| Box::new(Bars::on_stderr(outlet)) as Box<dyn Observer>);
        progress::watch(mode, bars, (detail, namer), lines)
    }

    /// Returns where bars are drawn. A terminal that cannot move its cursor gets lines.
    fn bars(&self) -> Option<&Outlet> {
        let has_bars = io::stderr().is_terminal() && self.environment.get("TERM") != Some("dumb");
        self.outlet.get().filter(|_| has_bars)
    }

    /// Prints a line on standard output.
    ///
    /// # Errors
    ///
    /// Fails if standard output cannot be written; that nobody reads it is no error.
    pub fn print(&self, text: impl Display) -> Result<(), SessionError> {
        self.write(|out| writeln!(out, "{text}"))
    }

    /// Prints a line of JSON on standard output.
    ///
    /// # Errors
    ///
    /// Fails if standard output cannot be written; that nobody reads it is no error.
    pub fn print_json(&self, line: &impl Serialize) -> Result<(), SessionError> {
        self.write(|out| write_json_line(out, line))
    }

    /// Tells whether standard output is still read, as far as that can be known: what repeats itself ends if it is not.
    #[must_use]
    pub fn is_read(&self) -> bool {
        !check_stdout().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Writes what `content` writes to standard output.
    #[expect(clippy::unused_self, reason = "standard output is the terminal's as standard error is")]
    pub(crate) fn write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), SessionError> {
        match Destination::Stdout.write(content) {
            Err(error) if error.cause().kind() != io::ErrorKind::BrokenPipe => Err(unwritten(error.cause())),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Shows an error on standard error, with its hint.
    pub fn error(&self, error: &SessionError) {
        let text = match error.get_ref().downcast_ref::<PlanErrors>() {
            Some(errors) => self.annotated(errors.render(self.look()), || errors.annotations()),
            None => self.fitted(&error.text()),
        };
        let text = text.trim_end();
        self.tell(text, &Line::Error { text: text.into(), exit_code: error.status().code() });
    }

    /// Tells whether to use colours on a stream.
    pub(crate) fn colours(&self, is_terminal: bool) -> bool {
        let is_wanted = self.environment.get("NO_COLOR").is_none() && self.environment.get("TERM") != Some("dumb");
        is_terminal && !self.is_json && is_wanted
    }

    /// Writes what must not be dropped: for people, or machine-readable.
    fn tell(&self, text: &str, line: &Line<'_>) {
        let print = self.outlet.get().map_or_else(to_stderr, Outlet::print_kept);
        if self.is_json {
            json_to(print).write(line);
        } else {
            print(text);
        }
    }

    fn note_as(&self, text: &str, shown: &str) {
        if !self.is_quiet {
            self.tell(shown, &Line::Note { text: text.into() });
        }
    }

    /// Folds a text for the terminal, if standard error is one: a terminal itself would break words.
    fn fitted(&self, text: &str) -> String {
        let columns = columns(&Term::stderr()).filter(|_| !self.is_json);
        columns.map_or_else(|| text.to_owned(), |columns| wrapped(text, columns))
    }

    /// Returns how diagnostics look on standard error.
    fn look(&self) -> Look {
        let columns = columns(&Term::stderr());
        Look {
            colour: self.colours(io::stderr().is_terminal()),
            width: columns.unwrap_or(Look::PLAIN.width),
            folds: columns.is_some(),
        }
    }

    /// Puts annotations before a text where GitHub Actions reads them.
    fn annotated(&self, text: String, annotations: impl FnOnce() -> String) -> String {
        if self.environment.get("GITHUB_ACTIONS") == Some("true") { annotations() + &text } else { text }
    }
}

impl Ui for Terminal {
    fn status(&self, text: &str) {
        let text = escaped_lines(text);
        self.note_as(&text, &self.fitted(&text));
    }

    fn plan_warnings(&self, warnings: &Diagnostics) {
        let text = self.annotated(warnings.render(self.look()), || warnings.annotations());
        self.note_as(&text, &text);
    }

    fn can_confirm(&self) -> bool {
        !self.is_json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn confirm(&self, question: &Question<'_>) -> Result<bool, SessionError> {
        self.finish();
        Ok(prompt::confirm(question))
    }

    fn detail(&self, text: &str) {
        if self.is_verbose {
            self.status(text);
        }
    }

    fn signed_in(&self, accounts: &[SignedAccount]) {
        if self.is_verbose {
            whose(accounts).iter().for_each(|line| self.status(line));
        }
    }

    fn goes_on(&self, pause: &AtPause) -> bool {
        self.finish();
        prompt::goes_on(pause)
    }

    fn watched(&self, watched: &Watched) {
        let text = watched.text();
        let text = escaped_lines(&text);
        let shown = if self.is_quiet { text.lines().next().unwrap_or_default().to_owned() } else { self.fitted(&text) };
        self.tell(&shown, &Line::Note { text: (&*text).into() });
        self.finish();
    }

    fn listing(&self, progress: &[ListingProgress]) {
        let print = self.outlet.get().map_or_else(to_stderr, Outlet::print);
        match (self.progress, self.bars()) {
            (Progress::Off, _) => {}
            _ if self.is_quiet => {}
            _ if self.is_json => {
                let json = json_to(print);
                listing_json(progress).for_each(|line| json.write(&line));
            }
            (Progress::Bars | Progress::Auto, Some(outlet)) => {
                let width = columns(&Term::stderr()).unwrap_or(Look::PLAIN.width);
                outlet.draw(listing_screen(progress, width));
            }
            (Progress::Plain, _) | (Progress::Auto, None) => {
                let mut log = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
                log.due(progress).iter().for_each(|line| print(line));
            }
            (Progress::Bars | Progress::Json, _) => {}
        }
    }

    /// Whoever cannot read standard error still has the report and the exit status. The summary is there before
    /// anything that comes next on standard output, unless nobody reads it.
    fn ended(&self, summary: &Summary<'_>, exit_code: u8) {
        if let Some(outlet) = self.bars() {
            // Listings that were ended leave their lines.
            outlet.draw(Vec::new());
        }
        let mut summary = *summary;
        (summary.colour, summary.width) = (self.colours(io::stderr().is_terminal()), columns(&Term::stderr()));
        let mut text = Vec::new();
        if summary.write(&mut text).is_err() {
            return;
        }
        let text = String::from_utf8_lossy(&text);
        let verdict = summary.sentence();
        let (report, next) = (summary.report.map(|path| path.to_string_lossy()), summary.command());
        let counts = (summary.record, summary.tally.counts(), exit_code);
        if self.is_json {
            Line::not_listed(summary.record).for_each(|line| self.tell("", &line));
        }
        let end = Line::ended(counts, &verdict, report.as_deref(), next.as_deref());
        self.tell(if self.is_quiet { &verdict } else { text.trim_end() }, &end);
        self.finish();
    }
}

/// Returns the error of standard output that cannot be written.
pub(crate) fn unwritten(error: &io::Error) -> SessionError {
    let message = format!("cannot write to standard output: {error}");
    SessionError::new(ExitStatus::NotWritten, message, "free space, or write elsewhere")
}

fn json_to(print: Print) -> JsonWriter {
    JsonWriter::new(Arc::new(SystemClock), print)
}
