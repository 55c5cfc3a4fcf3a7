//! The connection of a command.

use std::sync::Arc;
use std::time::Duration;

use allstop::environment::Environment;
use allstop::session::{SessionError, Ui};
use allstop::system;
use allstop::terminal::Terminal;
use temporalio_client::Client;

use crate::cli::ConnectionArgs;
use crate::client::{ConnectError, Settings, connect_asking};

/// Connects as the options, the environment and the file of Temporal's command line say.
pub(super) async fn connected(args: &ConnectionArgs, identity: &str, ui: &dyn Ui) -> Result<Client, SessionError> {
    connected_with(&settings(args, ui)?, identity).await
}

/// Connects as [`connected`] does, for a worker: it says why it cannot read what Temporal has.
pub(super) async fn connected_worker(
    args: &ConnectionArgs,
    identity: &str,
    ui: &Arc<dyn Ui>,
) -> Result<Client, SessionError> {
    let said = Arc::clone(ui);
    let settings = settings(args, &**ui)?.listening(move |error| {
        let (what, hint) = (error.what(), error.hint());
        said.warning(&format!("this worker cannot read a payload of this namespace: {what}; {hint}"));
    });
    connected_with(&settings, identity).await
}

/// Reads the settings of a connection, and tells what the user should know about them.
pub(super) fn settings(args: &ConnectionArgs, ui: &dyn Ui) -> Result<Settings, SessionError> {
    let settings = Settings::load(args, &Environment::of_process())
        .map_err(|error| SessionError::input(error.to_string(), error.hint().to_owned()))?;
    settings.notes().iter().for_each(|note| ui.warning(note));
    Ok(settings)
}

/// Connects with settings that were read before.
pub(super) async fn connected_with(settings: &Settings, identity: &str) -> Result<Client, SessionError> {
    connected_asking(settings, identity).await.map(|(client, _)| client)
}

/// Connects with settings that were read before, and returns as well how long the namespace keeps closed workflows, where the
/// server says so.
pub(super) async fn connected_asking(
    settings: &Settings,
    identity: &str,
) -> Result<(Client, Option<Duration>), SessionError> {
    connect_asking(settings, identity).await.map_err(|error: ConnectError| {
        let hint = error.hint().to_string();
        SessionError::input(error, hint)
    })
}

/// Connects, and carries a command out that needs no more than that.
pub(super) fn online(
    args: &ConnectionArgs,
    terminal: &Arc<Terminal>,
    command: impl AsyncFnOnce(&Client) -> Result<u8, SessionError>,
) -> Result<u8, SessionError> {
    system::runtime()?.block_on(async {
        let client = connected(args, &identity(), &*terminal.context().ui).await?;
        command(&client).await
    })
}

/// Returns what the engine shows of who gives a command: `ann@ops-1`.
pub(super) fn identity() -> String {
    person(&Environment::of_process())
}

fn person(environment: &Environment) -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| environment.get(name));
    format!("{}@{}", user.unwrap_or("unknown"), host())
}

/// Returns what the engine and the other workers call a worker: `17@ops-1`.
pub(super) fn worker_name() -> String {
    format!("{}@{}", std::process::id(), host())
}

fn host() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    if host.is_empty() { "unknown".to_owned() } else { host.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gives_a_command_is_named_by_user_and_host_alone() {
        let environment = [("LOGNAME", "bob"), ("USER", "ann")].into_iter().collect();
        assert_eq!(person(&environment), format!("ann@{}", host()));
        assert_eq!(person(&Environment::default()), format!("unknown@{}", host()));
    }
}
