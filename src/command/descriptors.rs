//! How many files, connections among them, the process may have open.

use super::failure::Failure;

/// Raises the limit to the most that the system lets the process have.
pub(super) fn raise() {
    #[cfg(unix)]
    unix::raise();
}

/// Makes sure that there are the descriptors without which no run can go on.
pub(super) fn ensure() -> Result<(), Failure> {
    #[cfg(unix)]
    unix::ensure()?;
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io;

    use rustix::io::Errno;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use super::Failure;

    /// What a run opens besides the connections of its requests: runtime, signals, journal, certificates, report.
    const LEAST: usize = 13;

    /// The most that is asked for where the system states no bound.
    const PLENTY: u64 = 10_240;

    pub(super) fn raise() {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.unwrap_or(PLENTY);
        if current.is_some_and(|current| current < wanted) {
            // Where that fails the limit stays as it was, and requests wait for each other.
            let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        }
    }

    pub(super) fn ensure() -> Result<(), Failure> {
        let opened: io::Result<Vec<File>> = (0..LEAST).map(|_| File::open("/dev/null")).collect();
        let code = opened.err().as_ref().and_then(io::Error::raw_os_error);
        if code == Some(Errno::MFILE.raw_os_error()) {
            let message = "this process may not open enough files to carry out a run";
            return Err(Failure::input(message, "raise the limit, for example with `ulimit -n 1024`"));
        }
        // Where there is no such file, there is nothing to try it with.
        Ok(())
    }
}
