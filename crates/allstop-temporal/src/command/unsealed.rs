//! A plan that would be stored in the clear beside runs that are encrypted.

use std::time::Duration;

use allstop::session::{SessionError, Ui};
use allstop::system;
use temporalio_client::Client;
use tokio::time::timeout;

use super::connected::{connected_asking, identity};
use crate::client::Settings;
use crate::history::latest_is_sealed;

/// How long the server may take to say so.
const WITHIN: Duration = Duration::from_secs(5);

/// Warns, without a payload key, if the latest run of the namespace is encrypted; connects for that.
///
/// # Errors
///
/// Fails if the server cannot be reached, before anybody is asked whether to stop anything.
pub(super) fn connect_and_warn_unsealed(connection: &Settings, ui: &dyn Ui) -> Result<(), SessionError> {
    if connection.has_payload_key() {
        return Ok(());
    }
    system::runtime()?.block_on(async {
        let (client, _) = connected_asking(connection, &identity()).await?;
        warn_unsealed(connection, &client, ui).await;
        Ok(())
    })
}

/// Warns, without a payload key, if the latest run of the namespace is encrypted. Where the list cannot be had, there is nothing
/// to warn of.
pub(super) async fn warn_unsealed(connection: &Settings, client: &Client, ui: &dyn Ui) {
    if connection.has_payload_key() {
        return;
    }
    if let Ok(Ok(true)) = timeout(WITHIN, latest_is_sealed(client)).await {
        ui.warning(
            "the latest run of the namespace is encrypted, and there is no payload key here: the plan will be stored \
             unencrypted, and what workers with the key store cannot be read here; set --payload-key-file or \
             ALLSTOP_PAYLOAD_KEY_FILE",
        );
    }
}
