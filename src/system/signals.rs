//! Signals: the first one drains the run, a second one leaves at once.
//!
//! A thread of its own waits for them: neither the run nor a full standard output can keep it from that.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use crate::report::Signal;
use crate::session::{SessionError, Ui};

/// What signals do to a run: SIGINT, SIGTERM and, unless it is ignored, SIGHUP.
///
/// The first one asks the run to [end early](Self::drain), a second one ends the process at once.
#[derive(Clone)]
pub struct Signals {
    /// Is told which signal came.
    ui: Arc<dyn Ui>,
    /// Cancelled by the first signal.
    drain: CancellationToken,
    first: Arc<OnceLock<Signal>>,
    is_over: Arc<AtomicBool>,
    /// Whether somebody is asked: nothing was sent, and a signal ends the program at once.
    is_asking: Arc<AtomicBool>,
    /// What the first and the second one do, in words.
    effects: Arc<Mutex<Effects>>,
    /// Whether somebody watches already.
    is_watched: Arc<AtomicBool>,
}

/// What signals do, in words.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Effects {
    /// What happens after the first.
    pub first: &'static str,
    /// What happens after the first, where nothing is sent any more.
    pub late: &'static str,
    /// What happens after the first if it is SIGHUP and ends the program by itself; `None` where it does what others do.
    pub hangup: Option<&'static str>,
    /// What happens after a second.
    pub second: &'static str,
}

impl Effects {
    /// Says what signals do to a run of this process.
    pub const OF_RUN: Self = Self {
        first: "waiting for requests in flight, then writing the report; no new requests are sent",
        late: "the run has ended; writing the report",
        hangup: None,
        second: "exit immediately, without a report",
    };

    /// Says what they do to something else.
    #[must_use]
    pub const fn new(first: &'static str, second: &'static str) -> Self {
        Self { first, late: first, hangup: None, second }
    }

    /// Says what the first signal does where nothing is sent any more, if that is something else.
    #[must_use]
    pub const fn late(self, late: &'static str) -> Self {
        Self { late, ..self }
    }

    /// Says what SIGHUP does, where it ends the program by itself, and there is no need for a second one.
    #[must_use]
    pub const fn hangup(self, hangup: &'static str) -> Self {
        Self { hangup: Some(hangup), ..self }
    }
}

impl Signals {
    /// Watches nothing yet; `ui` is told which signal comes.
    #[must_use]
    pub fn new(ui: Arc<dyn Ui>) -> Self {
        Self {
            ui,
            drain: CancellationToken::default(),
            first: Arc::default(),
            is_over: Arc::default(),
            is_asking: Arc::default(),
            effects: Arc::new(Mutex::new(Effects::OF_RUN)),
            is_watched: Arc::default(),
        }
    }

    /// Says in these words what signals do from now on; before, what they do to a run.
    pub fn say(&self, effects: Effects) {
        *self.effects() = effects;
    }

    fn effects(&self) -> MutexGuard<'_, Effects> {
        // No code panics while it holds the lock.
        self.effects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the token that the first signal cancels.
    #[must_use]
    pub fn drain(&self) -> CancellationToken {
        self.drain.clone()
    }

    /// Waits until SIGHUP comes as the first signal; forever where another one does.
    pub async fn hung_up(&self) {
        self.drain.cancelled().await;
        if self.first() != Some(Signal::Hangup) {
            std::future::pending().await
        }
    }

    /// Returns the first signal, if one came.
    #[must_use]
    pub fn first(&self) -> Option<Signal> {
        self.first.get().copied()
    }

    /// Notes that nothing is sent any more; what is left is to write the report.
    pub fn run_is_over(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Asks somebody. A signal meanwhile ends the program at once.
    pub fn while_asking<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.is_asking.store(true, Ordering::Relaxed);
        let answer = ask();
        self.is_asking.store(false, Ordering::Relaxed);
        answer
    }

    /// Watches for signals until the process ends; must be called before anything is sent. A second call does nothing.
    ///
    /// # Errors
    ///
    /// Fails if the system lets the process have no thread for it.
    pub fn watch(&self) -> Result<(), SessionError> {
        if self.is_watched.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let start = || {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let source = Source::new(&runtime)?;
            let signals = self.clone();
            let watch = move || runtime.block_on(signals.take(source));
            thread::Builder::new().name("signals".to_owned()).spawn(watch).map(drop)
        };
        start().map_err(|error: io::Error| SessionError::input(format!("cannot handle signals: {error}"), ""))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that ends the process early")]
    async fn take(self, mut source: Source) {
        loop {
            let signal = source.next().await;
            if self.is_asking.load(Ordering::Relaxed) {
                std::process::exit(signal.exit_status().code().into());
            }
            if self.first.set(signal).is_ok() {
                self.drain.cancel();
                let text = message(signal, &self.effects(), self.is_over.load(Ordering::Relaxed));
                self.ui.status(&text);
            } else if signal != Signal::Hangup {
                // A terminal that is closed sends SIGHUP more than once: by its shell, and by the system.
                std::process::exit(signal.exit_status().code().into());
            }
        }
    }
}

/// Says which signal came, what happens now, and what ends the program at once. A second SIGHUP does not.
fn message(signal: Signal, effects: &Effects, is_over: bool) -> String {
    let (name, again) = match signal {
        Signal::Hangup => ("SIGHUP (the terminal or connection was closed)", "Press Ctrl-C or send SIGTERM"),
        Signal::Interrupt => ("Ctrl-C", "Press Ctrl-C again"),
        Signal::Terminate => ("SIGTERM", "Send SIGTERM again"),
    };
    let Effects { first, late, hangup, second } = effects;
    if let (Signal::Hangup, Some(hangup), false) = (signal, hangup, is_over) {
        return format!("{name}: {hangup}.");
    }
    format!("{name}: {}. {again} to {second}.", if is_over { late } else { first })
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
            (Signal::Hangup, "Press Ctrl-C or send SIGTERM"),
            (Signal::Interrupt, "Press Ctrl-C again"),
            (Signal::Terminate, "Send SIGTERM again"),
        ] {
            for is_over in [false, true] {
                let message = message(signal, &Effects::OF_RUN, is_over);
                let (_, end) = message.rsplit_once(". ").unwrap();
                assert_eq!(end, format!("{name} to exit immediately, without a report."));
            }
        }
    }

    #[test]
    fn a_hangup_that_ends_the_program_by_itself_says_so_while_there_is_a_run() {
        let effects = Effects::new("cancelling", "leave").late("writing the report").hangup("leaving");
        let said = |signal, is_over| message(signal, &effects, is_over);
        assert_eq!(said(Signal::Hangup, false), "SIGHUP (the terminal or connection was closed): leaving.");
        assert!(said(Signal::Hangup, true).contains("): writing the report. Press Ctrl-C or send SIGTERM to leave."));
        assert_eq!(said(Signal::Interrupt, false), "Ctrl-C: cancelling. Press Ctrl-C again to leave.");
        assert_eq!(said(Signal::Terminate, true), "SIGTERM: writing the report. Send SIGTERM again to leave.");
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
