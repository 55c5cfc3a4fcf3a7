//! How many files, connections among them, the process may have open.

/// Raises the limit to the most that the system lets the process have.
pub(super) fn raise() {
    #[cfg(unix)]
    unix::raise();
}

#[cfg(unix)]
mod unix {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

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
}
