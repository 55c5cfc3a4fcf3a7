//! Descriptors, threads, and a clock that can be meant.
//!
//! The libraries below panic where these are missing. Here it is told before anything is sent.

use std::io;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};

use crate::base::clock::{Clock, SystemClock};
use crate::session::SessionError;

/// So many descriptors a run opens before its first request: two runtimes, signals, journal, report, a connection.
const DESCRIPTORS: usize = 16;

/// The most descriptors that are asked for where the system states no bound.
#[cfg(unix)]
const PLENTY: u64 = 10_240;

/// For longer than any run, an idle thread is kept.
const ALWAYS: Duration = Duration::from_secs(u32::MAX as u64);

/// Checks that the system has what a run needs: descriptors, and a clock that shows a possible time.
///
/// # Errors
///
/// Fails if it has not, with what to do about it.
pub fn demand() -> Result<(), SessionError> {
    demand_time(SystemClock.now())?;
    demand_descriptors().map_err(|error| {
        let message = format!("cannot raise the limit of open files far enough for a run: {error}");
        SessionError::input(message, "raise it, for example with `ulimit -n 1024`; nothing was sent")
    })
}

/// Fails where the clock says what no certificate and no signature can be checked against.
fn demand_time(now: Timestamp) -> Result<(), SessionError> {
    if now >= Timestamp::UNIX_EPOCH && now < Timestamp::MAX {
        return Ok(());
    }
    let message = format!("the system clock shows {now}: requests cannot be signed with this date");
    Err(SessionError::input(message, "set the clock; nothing was sent"))
}

#[cfg(unix)]
fn demand_descriptors() -> io::Result<()> {
    use std::os::fd::AsFd;
    let spare = (0..DESCRIPTORS).map(|_| io::stderr().as_fd().try_clone_to_owned());
    spare.collect::<io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
const fn demand_descriptors() -> io::Result<()> {
    Ok(())
}

/// Raises the limit of open files, connections among them, to the most that the system lets the process have.
pub(crate) fn raise_descriptors() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.unwrap_or(PLENTY);
        if current.is_some_and(|current| current < wanted) {
            // Where that fails the limit stays as it was, and requests wait for each other.
            let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        }
    }
}

/// Builds the runtime of a run.
///
/// Names are resolved on threads, and a runtime that cannot start its first one panics: this one has it already.
///
/// # Errors
///
/// Fails if the system lets the process have no further thread.
pub fn runtime() -> Result<Runtime, SessionError> {
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().thread_keep_alive(ALWAYS).build()?;
        drop(thread::Builder::new().spawn(|| ())?.join());
        drop(runtime.spawn_blocking(|| ()));
        Ok(runtime)
    };
    start().map_err(|error: io::Error| {
        SessionError::input(format!("cannot start the runtime: {error}"), "raise `ulimit -u`; nothing was sent")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_cannot_be_meant_is_refused() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        for (now, is_fine) in [
            (Timestamp::MIN, false),
            (at(-1), false),
            (at(0), true),
            (at(1_764_000_000), true),
            (Timestamp::MAX, false),
        ] {
            assert_eq!(demand_time(now).is_ok(), is_fine, "{now}");
        }
        let refusal = demand_time(at(-1)).err().unwrap();
        assert_eq!(refusal.status().code(), 2);
        assert!(refusal.text().contains("1969-12-31T23:59:59Z"), "{}", refusal.text());
    }
}
