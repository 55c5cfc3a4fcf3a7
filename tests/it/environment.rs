//! Runs the built program: in a directory of its own, with no variables but those that a test sets.
//!
//! Nothing waits: a rehearsal runs a thousand times as fast as the services, and a live run meets a simulator or a port
//! that refuses connections.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use allstop::plan::Plan;
use allstop::provider::{Cloud, Credentials};
use allstop::simulator::{self, Config, Handle, Resource};
use secrecy::ExposeSecret;
use serde_json::Value;

/// Stops what `plan.yaml` lists.
pub(crate) const RUN: [&str; 5] = ["run", "plan.yaml", "--yes", "--progress", "off"];

/// Turns a run or a retry into one against a simulator without faults.
pub(crate) const REHEARSE: [&str; 5] = ["--rehearse", "--faults", "none", "--speed", "1000"];

/// Keys of both clouds, which no cloud knows.
pub(crate) const ALIBABA_KEYS: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret")];
pub(crate) const HUAWEI_KEYS: [(&str, &str); 2] = [("HUAWEICLOUD_SDK_AK", "id"), ("HUAWEICLOUD_SDK_SK", "secret")];

/// A port that refuses connections: no server has so low a number without being asked for.
const NOBODY: &str = "http://127.0.0.1:1";

/// Returns the path of the built program.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_allstop"))
}

/// Returns the path of a plan that ships.
pub(crate) fn shipped(plan: &str) -> String {
    format!("{}/plans/{plan}", env!("CARGO_MANIFEST_DIR"))
}

/// Takes a port of 127.0.0.1 that refuses connections for as long as the socket lives.
pub(crate) fn refusing_port() -> (tokio::net::TcpSocket, u16) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

/// A temporary directory, the variables of the program in it, and the simulator or the port that it sends requests to.
pub(crate) struct TestEnvironment {
    directory: tempfile::TempDir,
    variables: BTreeMap<String, String>,
    /// The variables with the keys that the simulator accepts.
    keys: BTreeMap<String, String>,
    simulator: Option<Handle>,
    /// Keeps the port of the plan taken.
    _refusing: Option<tokio::net::TcpSocket>,
}

impl TestEnvironment {
    /// Makes an empty directory. The only variable is `NO_COLOR`.
    pub(crate) fn new() -> Self {
        let variables = [("NO_COLOR".to_owned(), "1".to_owned())].into();
        Self {
            directory: tempfile::tempdir().unwrap(),
            variables,
            keys: BTreeMap::new(),
            simulator: None,
            _refusing: None,
        }
    }

    /// Adds a file.
    pub(crate) fn with(self, name: &str, contents: impl AsRef<[u8]>) -> Self {
        self.write(name, contents);
        self
    }

    /// Adds `plan.yaml`, in which `PORT` stands for a port that refuses connections.
    pub(crate) fn with_refused_plan(mut self, plan: &str) -> Self {
        let (socket, port) = refusing_port();
        self._refusing = Some(socket);
        self.with("plan.yaml", plan.replace("PORT", &port.to_string()))
    }

    /// Sets variables of the program.
    pub(crate) fn set(mut self, variables: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        self.variables.extend(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        self
    }

    /// Starts a simulator that holds the targets of a plan and accepts the keys of its accounts, which the program gets.
    pub(crate) fn simulate(&mut self, config: &Config, plan: &mut Plan) {
        let (simulator, _) = simulator::rehearse(config, plan).unwrap();
        for (number, account) in (0..).zip(&plan.accounts) {
            self.keys.extend(keys(&simulator, account.cloud, number));
        }
        self.simulator = Some(simulator);
    }

    /// Starts a simulator that holds resources of account 0, and accepts one key of a cloud.
    pub(crate) fn simulate_resources(&mut self, config: &Config, cloud: Cloud, of: impl IntoIterator<Item = Resource>) {
        let simulator = simulator::start(config, of).unwrap();
        self.keys.extend(keys(&simulator, cloud, 0));
        self.simulator = Some(simulator);
    }

    /// Ends the simulator, and starts one at the same address that holds other resources. It accepts the same keys.
    pub(crate) fn replace_resources(&mut self, config: &Config, of: impl IntoIterator<Item = Resource>) {
        let config = Config { port: self.simulator().address().port(), ..config.clone() };
        let of: Vec<_> = of.into_iter().collect();
        self.simulator = None;
        // A program that another test begins to start at this moment holds the port until it is started.
        let starts = std::iter::repeat_with(|| simulator::start(&config, of.clone()));
        let mut starts = starts.inspect(|_| std::thread::yield_now()).take(100_000);
        self.simulator = Some(starts.find_map(Result::ok).unwrap());
    }

    /// Gives the program the key that the simulator accepts for account 0 of a further cloud.
    pub(crate) fn accept(&mut self, cloud: Cloud) {
        let keys = keys(self.simulator(), cloud, 0);
        self.keys.extend(keys);
    }

    /// Gives the program the simulator's key of an account in variables of its own; returns the plan's `credentials` for it.
    pub(crate) fn accept_as(&mut self, cloud: Cloud, number: u16) -> String {
        let [(_, id), (_, secret)] = keys(self.simulator(), cloud, number);
        let [id_name, secret_name] = ["ID", "SECRET"].map(|name| format!("KEY_{number}_{name}"));
        let credentials = format!("{{env: {{access_key_id: {id_name}, access_key_secret: {secret_name}}}}}");
        self.keys.extend([(id_name, id), (secret_name, secret)]);
        credentials
    }

    /// Starts a simulator that creates what it is asked for and accepts one key of Alibaba Cloud.
    pub(crate) fn simulate_anything(&mut self, config: Config) {
        let simulator = simulator::start(&Config { auto_create: true, ..config }, []).unwrap();
        self.keys.extend(keys(&simulator, Cloud::Alibaba, 0));
        self.simulator = Some(simulator);
    }

    /// Returns the simulator that was started, which has the ledger.
    pub(crate) fn simulator(&self) -> &Handle {
        self.simulator.as_ref().expect("a simulator was started")
    }

    /// Returns the variables with the keys that the simulator accepts.
    pub(crate) const fn keys(&self) -> &BTreeMap<String, String> {
        &self.keys
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.path().join(name)
    }

    #[track_caller]
    pub(crate) fn write(&self, name: impl AsRef<Path>, contents: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), contents).unwrap();
    }

    /// Copies the plans that ship into `plans`.
    pub(crate) fn copy_shipped_plans(&self) {
        std::fs::create_dir(self.path("plans")).unwrap();
        for entry in std::fs::read_dir(shipped("")).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), self.path("plans").join(entry.file_name())).unwrap();
        }
    }

    #[track_caller]
    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    #[track_caller]
    pub(crate) fn bytes(&self, name: impl AsRef<Path>) -> Vec<u8> {
        let path = self.path(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    #[track_caller]
    pub(crate) fn text(&self, name: impl AsRef<Path>) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// Replaces a part of a file.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, text.replace(from, to));
    }

    /// Returns the names of the directory's entries, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.directory()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Reads a report and checks that it is what the schema says.
    #[track_caller]
    pub(crate) fn report(&self, name: &str) -> Value {
        crate::schema::valid_report(&self.bytes(name))
    }

    /// Cuts a journal off after its first line, as if the run had been killed right after it began.
    #[track_caller]
    pub(crate) fn cut_to_header(&self, journal: &str) {
        let text = self.text(journal);
        self.write(journal, text.split_inclusive('\n').next().unwrap());
    }

    /// Returns the program with its arguments, and with the keys of the simulator if there is one.
    pub(crate) fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = self.place(Command::new(program()), args);
        command.envs(&self.keys);
        command
    }

    /// Returns a shell that runs a script, in which `allstop` is the program.
    pub(crate) fn shell(&self, script: &str) -> Command {
        let mut shell = self.place(Command::new("sh"), ["-c", script]);
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program().parent().unwrap().display());
        shell.env("PATH", path);
        shell
    }

    /// Lets a command run in the directory, with the program's variables but no keys of a simulator, and an empty input.
    pub(crate) fn place(&self, mut command: Command, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        command.args(args).current_dir(self.directory()).env_clear().envs(self.no_clouds()).envs(&self.variables);
        command.stdin(Stdio::null());
        command
    }

    /// Returns the variables that keep the program from asking a cloud for credentials, or whose they are: the simulator
    /// says whose they are, and no machine has a role.
    fn no_clouds(&self) -> impl Iterator<Item = (&'static str, String)> {
        let simulator = self.simulator.as_ref().map(Handle::endpoint);
        let issuers = ["ALIBABA_CLOUD_STS_ENDPOINT", "HUAWEICLOUD_SDK_STS_ENDPOINT", "HUAWEICLOUD_SDK_IAM_ENDPOINT"];
        let metadata = ["ALIBABA_CLOUD_ECS_METADATA_SERVICE_ENDPOINT", "ALLSTOP_HUAWEI_METADATA_ENDPOINT"];
        let issuers = issuers.map(|name| (name, simulator.clone().unwrap_or_else(|| NOBODY.to_owned())));
        issuers.into_iter().chain(metadata.map(|name| (name, NOBODY.to_owned())))
    }

    /// Runs the program to its end.
    #[track_caller]
    pub(crate) fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ended {
        Ended::of(&mut self.command(args))
    }

    /// Runs the program with further variables.
    #[track_caller]
    pub(crate) fn run_with<'v>(
        &self,
        variables: impl IntoIterator<Item = (&'v str, &'v str)>,
        args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Ended {
        Ended::of(self.command(args).envs(variables))
    }

    /// Runs the program with something to read on standard input.
    #[track_caller]
    pub(crate) fn run_on(&self, input: &str, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ended {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let ended = Ended::from(child.wait_with_output().unwrap());
        // The program may have had enough before.
        let _ = writer.join().unwrap();
        ended
    }

    /// Runs `plan.yaml` against a simulator without faults.
    #[track_caller]
    pub(crate) fn rehearse(&self, options: &[&str]) -> Ended {
        self.run([&["run", "plan.yaml", "--progress", "off"], &REHEARSE[..], options].concat())
    }
}

/// Returns the variables that hold the keys of an account, by its number in the plan.
fn keys(simulator: &Handle, cloud: Cloud, number: u16) -> [(String, String); 2] {
    let Credentials::AccessKey { id, secret, .. } = simulator.credentials(cloud, number) else {
        panic!("not an access key");
    };
    let [(id_name, _), (secret_name, _)] = match cloud {
        Cloud::Alibaba => ALIBABA_KEYS,
        Cloud::Huawei => HUAWEI_KEYS,
    };
    [(id_name.to_owned(), id.to_string()), (secret_name.to_owned(), secret.expose_secret().to_owned())]
}

/// How a program ended and what it showed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// The program ended with 0 and showed nothing.
    pub(crate) const fn quiet() -> Self {
        Self { code: 0, stdout: String::new(), stderr: String::new() }
    }

    /// Runs a command to its end.
    #[track_caller]
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    /// Runs a command that is to end within this time.
    #[track_caller]
    pub(crate) fn within(patience: Duration, command: &mut Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (send, ended) = mpsc::channel();
        std::thread::spawn(move || send.send(child.wait_with_output().unwrap()));
        Self::from(ended.recv_timeout(patience).expect("it does not end"))
    }

    /// Reads the one line of JSON on standard output.
    #[track_caller]
    pub(crate) fn line(&self) -> Value {
        let Self { stdout, stderr, .. } = self;
        assert_eq!((stdout.lines().count(), stdout.ends_with('\n')), (1, true), "{stdout:?}\n{stderr}");
        let line: Value = serde_json::from_str(stdout).unwrap();
        assert_eq!((&line["version"], &line["exit_code"]), (&1.into(), &self.code.into()), "{stderr}");
        line
    }
}

impl From<Output> for Ended {
    #[track_caller]
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("it ended by itself");
        Self { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Returns each row's reason for being skipped, or its outcome.
pub(crate) fn words(report: &Value) -> Vec<String> {
    let word = |row: &Value| row["reason"].as_str().or(row["outcome"].as_str()).unwrap().to_owned();
    report["targets"].as_array().unwrap().iter().map(word).collect()
}
