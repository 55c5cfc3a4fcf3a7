//! `allstop-temporal status`: how runs stand, from what the engine says without a worker.

#[cfg(test)]
mod tests;
mod text;

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::environment::Environment;
use allstop::session::{SessionError, Ui};
use allstop::terminal::Terminal;
use serde::Serialize;
use temporalio_client::{Client, NamespacedClient};
use tokio::time::sleep;

use crate::cli::{RunName, StatusArgs, StatusOutput};
use crate::history::{HistoryError, RunList, RunStanding, Standing, list, workflow_id};
use crate::plans::FetchError;

pub(super) use text::{failures, lane_line};

/// The time between two looks.
const AGAIN: Duration = Duration::from_secs(1);

/// How many runs are listed.
const LISTED: i32 = 100;

/// Clears a screen.
const CLEARED: &str = "\u{1b}[H\u{1b}[2J";

/// What is shown.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Seen {
    /// The runs of the namespace.
    Runs(RunList),
    /// A run.
    Run(Box<RunStanding>),
}

/// Shows the runs of the namespace, or the lanes of one.
///
/// # Errors
///
/// Fails if there is no such run, if the engine cannot be asked, or if something cannot be written.
pub(super) async fn run(args: StatusArgs, client: &Client, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let (name, StatusArgs { watch, output, .. }) = (args.name(), args);
    let mut standing = match &name {
        Some(RunName { run, run_id }) => {
            Some(Standing::of(client, &workflow_id(run), run_id.as_deref()).await.map_err(HistoryError::from)?)
        }
        None => None,
    };
    let words = name.map(|name| name.words()).unwrap_or_default();
    let mut is_first = true;
    loop {
        match look(client, standing.as_mut()).await {
            Ok(seen) => {
                match output {
                    StatusOutput::Json => terminal.print_json(&seen)?,
                    StatusOutput::Text => draw(seen.text(&words, &client.namespace()), watch, terminal)?,
                }
                if !watch || !seen.goes_on() {
                    return Ok(0);
                }
                is_first = false;
            }
            // The engine may be restarted meanwhile.
            Err(error @ FetchError::Engine { .. }) if !is_first => terminal.warning(&error.to_string()),
            Err(error) => return Err(HistoryError::from(error).into()),
        }
        sleep(AGAIN).await;
        if !terminal.is_read() {
            // As for every command, that is no error.
            return Ok(0);
        }
    }
}

async fn look(client: &Client, standing: Option<&mut Standing<'_>>) -> Result<Seen, FetchError> {
    match standing {
        Some(standing) => standing.now().await.map(|run| Seen::Run(Box::new(run))),
        None => list(client, LISTED).await.map(Seen::Runs),
    }
}

/// Prints a text; on a screen that is watched, in the place of the one before.
fn draw(text: String, watch: bool, terminal: &Terminal) -> Result<(), SessionError> {
    let clears = watch && io::stdout().is_terminal() && Environment::of_process().get("TERM") != Some("dumb");
    match (watch, clears) {
        (true, true) => terminal.print(format_args!("{CLEARED}{text}")),
        (true, false) => terminal.print(format_args!("{text}\n")),
        (false, _) => terminal.print(text),
    }
}

impl Seen {
    /// Returns it as a table. `words` name the run on a command line.
    fn text(&self, words: &str, namespace: &str) -> String {
        let now = SystemClock.now();
        match self {
            Self::Runs(list) => text::list(list, namespace, now),
            Self::Run(run) => text::run(run, words, now),
        }
    }

    /// Tells whether it will change.
    fn goes_on(&self) -> bool {
        match self {
            Self::Runs(_) => true,
            Self::Run(run) => run.goes_on(),
        }
    }
}
