//! The steps of a session that every program takes in the same way: up to its confirmation, and from its end.

use serde::Serialize;
use tokio::runtime::Runtime;

use crate::cli::{Output, ShownOptions};
use crate::report::Destination;
use crate::session::{AfterListing, Finished, Notices, Ran, Session, SessionError};
use crate::system::{self, Effects, Signals};
use crate::terminal::Terminal;

/// Prepares a session and confirms it: signs in, lists what its plan selects, and asks.
///
/// Returns the runtime that it signed in and listed on, and is to run on, and the session: confirmed and
/// [ready](AfterListing::Ready), or [ended](AfterListing::Ended) before anything was sent. Signals are watched from the
/// first request on. Must not be called on a runtime.
///
/// # Errors
///
/// Fails if the session is refused or not confirmed, if the report and the result would both go to standard output, or
/// if the system lacks what a run needs.
pub fn confirmed(
    session: Session,
    shown: &ShownOptions,
    signals: &Signals,
    terminal: &Terminal,
) -> Result<(Runtime, AfterListing), SessionError> {
    prepare(session, (shown, signals, terminal), (true, Lists::Here))
}

/// Where what the plan of a session selects is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// Here, before it is confirmed.
    Here,
    /// Where the run is carried out, once it has begun.
    There,
}

/// Does what [`confirmed`] does for a run that others carry out: it signs in only for what it lists.
///
/// # Errors
///
/// Fails as [`confirmed`] does.
pub fn confirmed_for_others(
    session: Session,
    lists: Lists,
    shown: &ShownOptions,
    signals: &Signals,
    terminal: &Terminal,
) -> Result<(Runtime, AfterListing), SessionError> {
    prepare(session, (shown, signals, terminal), (false, lists))
}

fn prepare(
    session: Session,
    (shown, signals, terminal): (&ShownOptions, &Signals, &Terminal),
    (sends, lists): (bool, Lists),
) -> Result<(Runtime, AfterListing), SessionError> {
    refuse_two(session.destinations(), shown)?;
    system::demand()?;
    let notices = audience(&session, (signals, terminal))?;
    told(prepare_session(session, (signals, terminal), (sends, lists)), &notices, (signals, terminal))
}

/// Returns who is told of the run. If an address or a secret is missing, the others are told that the run did not begin.
///
/// # Errors
///
/// Fails as [`Session::notices`] does.
pub(super) fn audience(session: &Session, (signals, terminal): (&Signals, &Terminal)) -> Result<Notices, SessionError> {
    session.notices().or_else(|error| told(Err(error), &session.reachable_notices(), (signals, terminal)))
}

/// Has those told who are to know that a run did not begin, if it did not.
///
/// # Errors
///
/// Passes the error on.
pub(super) fn told<T>(
    prepared: Result<T, SessionError>,
    notices: &Notices,
    (signals, terminal): (&Signals, &Terminal),
) -> Result<T, SessionError> {
    prepared.inspect_err(|error| notify(notices.clone().not_begun(error), signals, terminal))
}

/// Has the terminal send notifications at the end of the command.
fn notify(notices: Notices, signals: &Signals, terminal: &Terminal) {
    if !notices.is_empty() {
        signals.say(NOTIFYING);
        terminal.notify(notices);
    }
}

/// What signals do while notifications are sent.
const NOTIFYING: Effects = Effects::new(
    "everything is written; the notifications are being sent",
    "exit immediately, without the notifications",
);

fn prepare_session(
    session: Session,
    (signals, terminal): (&Signals, &Terminal),
    (sends, lists): (bool, Lists),
) -> Result<(Runtime, AfterListing), SessionError> {
    let mut ready = session.ready()?;
    let lists = lists == Lists::Here && ready.must_list();
    let asks = lists || (sends && ready.has_work());
    let runtime = system::runtime()?;
    if asks {
        terminal.detach()?;
        signals.watch()?;
        match runtime.block_on(ready.sign_in(signals.drain()))? {
            AfterListing::Ready(next) => ready = *next,
            ended @ AfterListing::Ended(_) => return Ok((runtime, ended)),
        }
    }
    if lists {
        let drain = signals.drain();
        match runtime.block_on(ready.list(|listings| listings.drain_on(drain)))? {
            AfterListing::Ready(next) => ready = *next,
            ended @ AfterListing::Ended(_) => return Ok((runtime, ended)),
        }
    }
    signals.while_asking(|| ready.confirm())?;
    Ok((runtime, AfterListing::Ready(Box::new(ready))))
}

/// Reports a run that has ended, prints the result, and returns the exit status. Who is to be told of the run is told at
/// the end of the command.
#[must_use]
pub fn finish(ran: Ran, shown: &ShownOptions, signals: &Signals, terminal: &Terminal) -> u8 {
    signals.run_is_over();
    let Finished { exit_code, line, unwritten, notices, .. } = ran.finish(signals.first());
    unwritten.iter().for_each(|error| terminal.error(error));
    let exit_code = print_result(&line, exit_code, shown, terminal);
    notify(notices, signals, terminal);
    exit_code
}

/// Prints a result on standard output for `--output json`, and returns the exit status: that of the result, unless it
/// could not be written.
#[must_use]
pub fn print_result(result: &impl Serialize, exit_code: u8, shown: &ShownOptions, terminal: &Terminal) -> u8 {
    if shown.output == Output::Json
        && let Err(error) = terminal.print_json(result)
    {
        terminal.error(&error);
        return error.status().code();
    }
    exit_code
}

/// Refuses to write two things to standard output: the result, and one of the reports at these places.
///
/// # Errors
///
/// Fails if both would be written there.
pub fn refuse_two<'a>(
    places: impl IntoIterator<Item = &'a Destination>,
    shown: &ShownOptions,
) -> Result<(), SessionError> {
    if shown.output == Output::Json && places.into_iter().any(|place| *place == Destination::Stdout) {
        let message = "the report and `--output json` cannot both write to standard output";
        return Err(SessionError::input(message, "name a file for the report"));
    }
    Ok(())
}
