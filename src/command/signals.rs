//! Signals: the first one drains the run, the second one leaves at once.

use std::sync::{Arc, OnceLock};

use allstop::report::Signal;
use tokio_util::sync::CancellationToken;

/// Ends the process with an exit status.
pub(crate) type Leave = fn(u8) -> !;

/// What signals do to a run.
#[derive(Clone, Default)]
pub(super) struct Signals {
    /// Cancelled by the first signal.
    pub(super) drain: CancellationToken,
    first: Arc<OnceLock<Signal>>,
}

impl Signals {
    /// Returns the first signal, if one came.
    pub(super) fn first(&self) -> Option<Signal> {
        self.first.get().copied()
    }

    /// Watches for signals until dropped; must be spawned on the run's runtime before anything is sent.
    pub(super) async fn watch(self, leave: Leave) {
        let Ok(mut source) = Source::new() else { return };
        loop {
            let signal = source.next().await;
            if self.first.set(signal).is_err() {
                leave(status(signal));
            }
            eprintln!(
                "{}: nothing new is sent; waiting for what is in flight. Once more leaves at once.",
                name(signal)
            );
            self.drain.cancel();
        }
    }
}

const fn status(signal: Signal) -> u8 {
    match signal {
        Signal::Interrupt => 130,
        Signal::Terminate => 143,
    }
}

const fn name(signal: Signal) -> &'static str {
    match signal {
        Signal::Interrupt => "interrupted",
        Signal::Terminate => "asked to terminate",
    }
}

#[cfg(unix)]
struct Source {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Source {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
