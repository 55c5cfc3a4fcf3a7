//! Signals: the first one drains the run, a second one leaves at once.
//!
//! A thread of its own waits for them: neither the run nor a full standard output can keep it from that.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use allstop::report::Signal;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use super::failure::Failure;
use super::say;

/// Ends the process with an exit status.
pub(crate) type Leave = fn(u8) -> !;

/// What signals do to a run.
#[derive(Clone, Default)]
pub(super) struct Signals {
    /// Cancelled by the first signal.
    pub(super) drain: CancellationToken,
    first: Arc<OnceLock<Signal>>,
    is_over: Arc<AtomicBool>,
}

impl Signals {
    /// Returns the first signal, if one came.
    pub(super) fn first(&self) -> Option<Signal> {
        self.first.get().copied()
    }

    /// Notes that nothing is sent any more; what is left is to write the report.
    pub(super) fn run_is_over(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Watches for signals until the process ends; must be called before anything is sent.
    pub(super) fn watch(&self, leave: Leave) -> Result<(), Failure> {
        let start = || {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let source = Source::new(&runtime)?;
            let signals = self.clone();
            let watch = move || runtime.block_on(signals.take(source, leave));
            thread::Builder::new().name("signals".to_owned()).spawn(watch).map(drop)
        };
        start().map_err(|error: io::Error| Failure::input(format!("signals cannot be watched: {error}"), ""))
    }

    async fn take(self, mut source: Source, leave: Leave) {
        loop {
            let signal = source.next().await;
            if self.first.set(signal).is_ok() {
                self.drain.cancel();
                say::aside(told(signal, self.is_over.load(Ordering::Relaxed)));
            } else if signal != Signal::Hangup {
                // A terminal that is closed sends SIGHUP more than once: by its shell, and by the system.
                leave(signal.exit_status().code());
            }
        }
    }
}

/// Says which signal came, what happens now, and what ends the program at once. A second SIGHUP does not.
fn told(signal: Signal, is_over: bool) -> String {
    let (name, other) = match signal {
        Signal::Hangup => ("SIGHUP (the terminal or connection was closed)", "Ctrl-C or SIGTERM"),
        Signal::Interrupt => ("Ctrl-C", "A second Ctrl-C"),
        Signal::Terminate => ("SIGTERM", "A second SIGTERM"),
    };
    let now = match is_over {
        false => "nothing new is sent; requests in flight finish, then the report is written",
        true => "the run is over, and its report is being written",
    };
    format!("{name}: {now}. {other} ends the program at once, without a report.")
}

/// SIGXFSZ, where its number is known.
#[cfg(unix)]
const TOO_LARGE: Option<std::ffi::c_int> =
    if cfg!(all(any(target_os = "linux", target_os = "macos"), not(target_arch = "mips"))) { Some(25) } else { None };

#[cfg(unix)]
struct Source {
    hangup: Option<tokio::signal::unix::Signal>,
    /// A file that becomes too large is an error where it is written, not the end of the process.
    _too_large: Option<tokio::signal::unix::Signal>,
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Source {
    fn new(runtime: &Runtime) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let _inside = runtime.enter();
        let hangup = if may_take_hangup() { Some(signal(SignalKind::hangup())?) } else { None };
        Ok(Self {
            hangup,
            _too_large: TOO_LARGE.and_then(|number| signal(SignalKind::from_raw(number)).ok()),
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Signal {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => drop(hangup.recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = hangup => Signal::Hangup,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

/// Tells whether SIGHUP is not ignored, as `nohup` wants it; where that cannot be known, it is left alone.
#[cfg(unix)]
fn may_take_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").ok();
    status.and_then(|status| is_hangup_ignored(&status)) == Some(false)
}

/// Reads from Linux's status of a process whether it ignores SIGHUP, the first signal of the mask.
#[cfg(unix)]
fn is_hangup_ignored(status: &str) -> Option<bool> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok().map(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    fn new(_: &Runtime) -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_signal_that_ends_the_program_at_once_is_named_for_that() {
        for (signal, name) in [
            (Signal::Hangup, "Ctrl-C or SIGTERM"),
            (Signal::Interrupt, "A second Ctrl-C"),
            (Signal::Terminate, "A second SIGTERM"),
        ] {
            for is_over in [false, true] {
                let told = told(signal, is_over);
                let (_, end) = told.rsplit_once(". ").unwrap();
                assert_eq!(end, format!("{name} ends the program at once, without a report."));
            }
        }
    }

    #[test]
    fn the_mask_of_ignored_signals_is_read() {
        for (status, expected) in [
            ("SigBlk:\t0000000000000001\nSigIgn:\t0000000000000000\n", Some(false)),
            ("SigIgn:\t0000000000000001\nSigCgt:\t0000000000000000\n", Some(true)),
            ("SigIgn:\t0000000000001000\n", Some(false)),
            ("SigIgn:\t0000000000001003\n", Some(true)),
            ("SigIgn:\tnonsense\n", None),
            ("Name:\tallstop\n", None),
        ] {
            assert_eq!(is_hangup_ignored(status), expected, "{status}");
        }
    }
}
