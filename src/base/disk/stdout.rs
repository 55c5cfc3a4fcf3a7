//! Whether standard output is worth writing to, as far as that can be known before there is something to write.

use std::io;

/// Checks that standard output is open, and that somebody reads it where it is a pipe.
///
/// # Errors
///
/// Fails where it was closed when the program began, was opened for reading alone, or its reader has gone.
#[cfg(unix)]
pub(crate) fn check_stdout() -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
    let out = io::stdout();
    let (found, opened) = (fstat(&out)?, fcntl_getfl(&out)? & OFlags::RWMODE);
    // The runtime opens `/dev/null` for reading and writing in the place of a closed one; a shell opens it for writing.
    let is_null = stat("/dev/null").is_ok_and(|null| (null.st_rdev, null.st_mode) == (found.st_rdev, found.st_mode));
    if opened == OFlags::RDONLY || (is_null && opened == OFlags::RDWR) {
        return Err(io::Error::new(io::ErrorKind::NotConnected, "it is closed"));
    }
    let mut polled = [PollFd::new(&out, PollFlags::OUT)];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    // What cannot be polled is written to all the same.
    let is_over = poll(&mut polled, Some(&at_once)).is_ok() && polled.iter().any(is_broken);
    if is_over { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
}

#[cfg(unix)]
fn is_broken(polled: &rustix::event::PollFd<'_>) -> bool {
    polled.revents().contains(rustix::event::PollFlags::ERR)
}

#[cfg(not(unix))]
pub(crate) const fn check_stdout() -> io::Result<()> {
    Ok(())
}
