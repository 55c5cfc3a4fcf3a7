//! A plan that would be stored in the clear beside runs that are encrypted.

use std::time::Duration;

use allstop::session::{SessionError, Ui};
use allstop::system;
use tokio::time::timeout;

use super::connected::identity;
use crate::client::{Settings, connect};
use crate::history::latest_is_sealed;

/// How long the server may take to say so.
const WITHIN: Duration = Duration::from_secs(5);

/// Warns, without a payload key, if the latest run of the namespace is encrypted. If the server does not say, nothing is
/// said here: the start of the run says why.
///
/// # Errors
///
/// Fails if the runtime cannot be started.
pub(super) fn warn_unsealed(connection: &Settings, ui: &dyn Ui) -> Result<(), SessionError> {
    if connection.has_payload_key() {
        return Ok(());
    }
    let asked = async {
        let client = connect(connection, identity()).await.ok()?;
        latest_is_sealed(&client).await.ok()
    };
    let sealed = system::runtime()?.block_on(async { timeout(WITHIN, asked).await });
    if sealed == Ok(Some(true)) {
        ui.warning(
            "the latest run of the namespace is encrypted, and there is no payload key here: the plan will be stored \
             unencrypted; set --payload-key-file or ALLSTOP_PAYLOAD_KEY_FILE",
        );
    }
    Ok(())
}
