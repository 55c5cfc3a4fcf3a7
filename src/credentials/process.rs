//! Starts a program that prints keys, without a shell, and ends it with all that it started.

mod output;

use std::io;
use std::process::Stdio;

use jiff::Timestamp;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::error::{Nature, SourceError};
use super::offline::keys_json;
use crate::base::duration::spoken;
use crate::base::environment::Environment;
use crate::base::escape::Escaped;
use crate::plan::Process;
use crate::provider::{Cloud, Credentials};
use output::{Lines, MOST_BYTES, Output, TooLong};

/// How long the rest of the output is waited for once the program has ended: one that it left behind may hold the pipe.
const REST: std::time::Duration = std::time::Duration::from_millis(200);

/// What is told each line of a program's standard error, with the program's name in front.
pub(super) type Log<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Starts a program, and reads the keys that it prints. Who drops the future ends the program and what it has started.
///
/// It runs with the environment of this process, gets no input, and its standard error goes to `log` alone.
///
/// # Errors
///
/// Fails where it cannot be started, takes too long, ends with an error, prints too much, or prints no keys.
pub(super) async fn keys_of_program(
    process: &Process,
    cloud: Cloud,
    environment: &Environment,
    log: Option<Log<'_>>,
) -> Result<(Credentials, Option<Timestamp>), SourceError> {
    let name = name_of(process);
    let child = start(process, environment, log.is_some())
        .map_err(|error| fault(&format!("{name} cannot be started: {error}"), ""))?;
    let mut running = Running::new(child);
    let Ok(output) = timeout(process.timeout, running.output(&name, log)).await else {
        let message = format!("{name} did not end within {}", spoken(process.timeout));
        return Err(SourceError::new(Nature::Passing, message, STDERR));
    };
    let output = output?;
    keys_json(output.bytes(), cloud).map_err(|fault_of| fault(&format!("{name} printed {fault_of}"), STDERR))
}

const STDERR: &str = "its standard error is shown at -v";

fn fault(message: &str, hint: &'static str) -> SourceError {
    SourceError::new(Nature::Final, message, hint)
}

/// Returns the program's name without the way to it.
fn name_of(process: &Process) -> String {
    let program = process.command.first().map(String::as_str).unwrap_or_default();
    let name = std::path::Path::new(program).file_name().map_or(program.into(), std::ffi::OsStr::to_string_lossy);
    Escaped(&name).to_string()
}

fn start(process: &Process, environment: &Environment, has_log: bool) -> io::Result<Child> {
    let (program, arguments) = process.command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(if has_log { Stdio::piped() } else { Stdio::null() });
    // What is not UTF-8 is inherited; the rest is the same as in the snapshot.
    command.envs(environment.names().map(|name| (name, environment.get(name).unwrap_or_default())));
    command.kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

/// A program that runs, and is ended with all that it started when this goes away.
struct Running {
    child: Child,
    /// The group of processes; `None` once the program has ended: its number may be another's then.
    group: Option<u32>,
}

impl Running {
    fn new(child: Child) -> Self {
        let group = child.id();
        Self { child, group }
    }

    /// Reads what the program prints until it ends.
    async fn output(&mut self, name: &str, log: Option<Log<'_>>) -> Result<Output, SourceError> {
        let mut output = Output::new(self.child.stdout.take());
        let mut lines = Lines::new(self.child.stderr.take());
        let show = |line: &str| {
            if let Some(log) = log {
                log(&format!("{name}: {}", Escaped(line)));
            }
        };
        let too_long = |TooLong| fault(&format!("{name} printed more than {} KiB", MOST_BYTES >> 10), STDERR);
        let mut reading = Box::pin(futures::future::try_join(output.read(), lines.read(&show)));
        let ended = tokio::select! {
            read = &mut reading => {
                read.map_err(too_long)?;
                self.child.wait().await
            }
            ended = self.child.wait() => {
                // What is left of the output is there already, unless another program holds the pipe.
                match timeout(REST, &mut reading).await {
                    Ok(read) => drop(read.map_err(too_long)?),
                    Err(_elapsed) => {}
                }
                ended
            }
        };
        drop(reading);
        let status = ended.map_err(|error| fault(&format!("{name} cannot be waited for: {error}"), ""))?;
        self.group = None;
        match status.code() {
            Some(0) => Ok(output),
            Some(code) => Err(fault(&format!("{name} exited with {code}"), STDERR)),
            None => Err(fault(&format!("{name} was killed"), STDERR)),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.group.take().and_then(|group| rustix::process::Pid::from_raw(group.cast_signed())) {
            // It may have ended in this moment.
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap_or_default();
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
