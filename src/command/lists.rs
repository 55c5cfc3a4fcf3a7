//! Commands that ask the clouds and stop nothing.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::base::ExitStatus;
use crate::session::SessionError;
use crate::system::{self, Signals};
use crate::terminal::Terminal;

/// Asks until it is over, or until a signal ends it: then that is the exit status.
pub(super) fn list<T, F: Future<Output = Result<T, SessionError>>>(
    terminal: &Arc<Terminal>,
    run: impl FnOnce(CancellationToken) -> F,
) -> Result<T, SessionError> {
    system::demand()?;
    let signals = Signals::new(terminal.context().ui);
    signals.watch()?;
    let runtime = system::runtime()?;
    let listed = runtime.block_on(run(signals.drain()));
    // Nobody waits for a name that is still being resolved.
    runtime.shutdown_background();
    signals.run_is_over();
    match (listed, signals.first()) {
        (Err(error), Some(signal)) if error.status() == ExitStatus::Interrupt => {
            Err(error.ending_with(signal.exit_status()))
        }
        (listed, _) => listed,
    }
}
