//! Where a campaign takes place: a simulator in this process, a plan for it, and the program.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use allstop::engine::ResumeState;
use allstop::plan::{Plan, Variables};
use allstop::report::Report;
use allstop::simulator::{self, Config, Handle, Ledger, Requests};

pub(super) use crate::environment::RUN;
use crate::environment::{TestEnvironment, program};

/// Longer than anything here takes; who waits as long has found a mistake.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// Everything of the plans but the targets. The variable is where the cloud is.
const HEAD: &str = "
version: 1
accounts:
  ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: '${CLOUD}', searchengine: '${CLOUD}', elasticsearch: '${CLOUD}'}}
  hw: {cloud: huawei, region: cn-north-4, project_id: project, endpoints: {live: '${CLOUD}', drs: '${CLOUD}'}}
defaults: {account: ali}
";

/// How the plans of campaigns run where nothing else is wanted: fast, and with patience for many kills.
///
/// What lanes would learn from faults is the real clouds' pace, which nobody here has the time for.
pub(super) const FAST: &str = "
limits: {concurrency: 32, rate: 2000/s, burst: 2000, adaptive: false}
retry: {max_attempts: 30, initial_delay: 2ms, max_delay: 50ms, request_timeout: 1s}
";

/// A simulator, and the program beside a plan whose targets are in it.
pub(super) struct Ground {
    environment: TestEnvironment,
    pub(super) plan: Plan,
    /// The targets that a journal knew as begun and not as done when a run ended: whose stop it was, nobody can tell.
    doubts: RefCell<HashSet<u32>>,
}

impl Ground {
    /// Starts a simulator that holds `targets`, which are lines of YAML.
    pub(super) fn new(config: &Config, settings: &str, targets: impl IntoIterator<Item = String>) -> Self {
        Self::guarded(config, "max_targets: 10000", settings, targets)
    }

    /// Does the same, with other guards.
    pub(super) fn guarded(
        config: &Config,
        guards: &str,
        settings: &str,
        targets: impl IntoIterator<Item = String>,
    ) -> Self {
        let targets: String = targets.into_iter().map(|target| format!("  - {{{target}}}\n")).collect();
        let text = format!("{HEAD}guards: {{{guards}}}\n{settings}targets:\n{targets}");
        let set = [("CLOUD".to_owned(), "http://127.0.0.1:9".to_owned())].into();
        let variables = Variables { set, ..Variables::default() };
        let mut plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &variables).unwrap().plan;
        let mut environment = TestEnvironment::new().with("plan.yaml", text);
        environment.simulate(config, &mut plan);
        Self { environment, plan, doubts: RefCell::default() }
    }

    /// Returns the simulator, which has the ledger.
    pub(super) fn cloud(&self) -> &Handle {
        self.environment.simulator()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.environment.path(name)
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.path("plan.report.json.journal")
    }

    /// Returns the program, with the keys that the simulator accepts.
    pub(super) fn program(&self, args: &[&str]) -> Command {
        self.led_to(Command::new(program()), args)
    }

    /// Returns a command that is, or becomes, the program.
    pub(super) fn led_to(&self, command: Command, args: &[&str]) -> Command {
        let mut command = self.environment.place(command, args);
        command.envs(self.environment.keys()).env("CLOUD", self.cloud().endpoint());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts the program.
    pub(super) fn start(&self, args: &[&str]) -> Running {
        Running(self.program(args).spawn().unwrap())
    }

    /// Waits until so much has come in at the cloud.
    #[track_caller]
    pub(super) fn wait_until(&self, enough: impl Fn(&Requests) -> bool) {
        assert!(self.cloud().wait_until(PATIENCE, enough), "the program does not send what it should");
    }

    /// Remembers which targets a run left in doubt.
    pub(super) fn remember(&self, past: &ResumeState) {
        self.doubts.borrow_mut().extend(past.open.keys());
    }

    pub(super) fn was_in_doubt(&self, target: u32) -> bool {
        self.doubts.borrow().contains(&target)
    }

    /// Goes on with the run in the journal, to its end.
    pub(super) fn resume(&self) -> Output {
        self.remember(&allstop::journal::read(&self.journal()).unwrap().past);
        self.program(&RESUME).output().unwrap()
    }

    pub(super) fn report(&self) -> Report {
        let path = self.path("plan.report.json");
        self.environment.report("plan.report.json");
        Report::read(&path).unwrap()
    }

    /// Returns how many stop requests have come in for a target, by its number in the plan.
    pub(super) fn stops(&self, ledger: &Ledger, target: u32) -> u32 {
        let target = &self.plan.targets[target as usize];
        let id = simulator::Id::of(target, &self.plan.accounts).unwrap();
        ledger.resource(&id).unwrap().counts.requests
    }
}

pub(super) const RESUME: [&str; 5] = ["resume", "plan.report.json.journal", "--yes", "--progress", "off"];

/// The program while it runs.
pub(super) struct Running(Child);

impl Running {
    pub(super) const fn of(child: Child) -> Self {
        Self(child)
    }

    /// Kills it, and returns how it ended: it may have been quicker.
    pub(super) fn killed(mut self) -> ExitStatus {
        self.0.kill().unwrap();
        self.0.wait().unwrap()
    }

    /// Tells whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// Sends it a signal by its name, such as `INT`.
    pub(super) fn signal(&self, name: &str) {
        let kill = format!("kill -s {name} {}", self.0.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
    }

    /// Waits for its next line on standard error.
    pub(super) fn says(&mut self) -> String {
        let mut byte = [0];
        let mut line = Vec::new();
        let stderr = self.0.stderr.as_mut().unwrap();
        while stderr.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
            line.extend(byte);
        }
        String::from_utf8(line).unwrap()
    }

    /// Waits for its end, and reads nothing.
    pub(super) fn ended_unread(self) -> (ExitStatus, Self) {
        let id = self.0.id();
        let (send, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let Self(mut child) = self;
            let status = child.wait().unwrap();
            let _ = send.send((status, Self(child)));
        });
        ended.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let _ = Command::new("kill").args(["-s", "KILL", &id.to_string()]).status();
            panic!("it waits for a reader");
        })
    }

    /// Waits for the first byte on its standard output.
    pub(super) fn prints(&mut self) {
        self.0.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    }

    /// Waits for its end.
    pub(super) fn output(self) -> Output {
        self.0.wait_with_output().unwrap()
    }
}

/// Returns `count` targets of all five services, in turn.
pub(crate) fn targets(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| match number % 5 {
        0 => format!("kind: fnf_execution, flow_name: flow, execution_name: e-{number}"),
        1 => format!("kind: opensearch_task, instance_id: ha-cn-{}, fsm_id: \"t@{number}\"", number % 7),
        2 => format!("kind: elasticsearch_task, instance_id: es-{number}"),
        3 => format!("kind: live_flow, account: hw, flow_id: flow-{number}"),
        _ => format!("kind: drs_job, account: hw, job_id: job-{number}"),
    })
}
