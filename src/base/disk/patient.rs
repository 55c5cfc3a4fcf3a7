//! Writing to pipes that do not block: whoever shares the other end of standard output may have set that.

use std::io::{self, ErrorKind, Write};

#[cfg(unix)]
pub(crate) use std::os::fd::AsFd as Handle;

/// Anything: only Unix can wait for a handle.
#[cfg(not(unix))]
pub(crate) trait Handle {}

#[cfg(not(unix))]
impl<W> Handle for W {}

/// A writer that waits for its reader where the handle itself would not.
#[derive(Debug)]
pub(crate) struct Patient<W>(pub(crate) W);

impl<W: Write + Handle> Patient<W> {
    fn insist<T>(&mut self, step: impl Fn(&mut W) -> io::Result<T>) -> io::Result<T> {
        loop {
            match step(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&self.0)?,
                done => return done,
            }
        }
    }
}

impl<W: Write + Handle> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.insist(|writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.insist(Write::flush)
    }
}

/// Waits until the handle takes more, or its reader is gone, which the next write tells.
#[cfg(unix)]
fn wait(handle: &impl Handle) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    match poll(&mut [PollFd::new(handle, PollFlags::OUT)], None) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn wait(_handle: &impl Handle) -> io::Result<()> {
    Err(ErrorKind::WouldBlock.into())
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;

    use rustix::fs::{OFlags, fcntl_setfl};

    use super::*;

    #[test]
    fn a_pipe_that_does_not_block_takes_everything_and_tells_when_its_reader_goes() {
        let (mut reader, writer) = io::pipe().unwrap();
        fcntl_setfl(&writer, OFlags::NONBLOCK).unwrap();
        let text = vec![b'x'; 1 << 20];
        let mut patient = Patient(writer);
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| patient.write_all(&text));
            let mut half = vec![0; 1 << 19];
            reader.read_exact(&mut half).unwrap();
            reader.read_exact(&mut half).unwrap();
            writing.join().unwrap().unwrap();
        });
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| patient.write_all(&text));
            let mut some = [0; 100];
            reader.read_exact(&mut some).unwrap();
            drop(reader);
            assert_eq!(writing.join().unwrap().unwrap_err().kind(), ErrorKind::BrokenPipe);
        });
    }
}
