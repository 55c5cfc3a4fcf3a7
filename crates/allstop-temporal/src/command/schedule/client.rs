//! A command that only talks to the engine.

use std::sync::Arc;

use allstop::session::{SessionError, Ui};
use allstop::system;
use allstop::terminal::Terminal;
use temporalio_client::Client;

use super::super::connected::{connected, identity};
use crate::cli::ConnectionArgs;

/// Connects, and does what a command does.
pub(super) fn at_client(
    connection: &ConnectionArgs,
    terminal: &Arc<Terminal>,
    command: impl AsyncFnOnce(Client, Arc<dyn Ui>) -> Result<u8, SessionError>,
) -> Result<u8, SessionError> {
    let ui = terminal.context().ui;
    system::runtime()?.block_on(async {
        let client = connected(connection, &identity(), &*ui).await?;
        command(client, ui).await
    })
}
