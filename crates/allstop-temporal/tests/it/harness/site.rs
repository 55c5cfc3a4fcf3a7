//! Everything of one test: a namespace, a cloud, a plan and the program, in a directory of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use allstop::environment::Environment;
use allstop::plan::{Plan, Variables};
use allstop::report::{Destination, Report};
use allstop::session::{
    AfterListing, BeginOptions, Context, Input, SelectedPlan, SelectionOptions, Session, SessionOptions, SilentUi,
};
use allstop::simulator::Config;
use allstop_temporal::cli::ConnectionArgs;
use allstop_temporal::client::{Settings, connect};
use temporalio_client::Client;

use super::cloud::Cloud;
use super::judge::{Judgement, judge};
use super::plan::TestPlan;
use super::process::{Ended, Process};
use super::server::{Server, Storage};
use super::timeline::Timeline;

/// A namespace of a Temporal server, a cloud, `plan.yaml` and the program.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) server: Arc<Server>,
    pub(crate) namespace: String,
    pub(crate) cloud: Cloud,
    pub(crate) plan: Plan,
    directory: tempfile::TempDir,
    keys: BTreeMap<String, String>,
}

impl Site {
    /// Makes a site at the server that tests share; `None` where tests are to be skipped.
    pub(crate) fn new(config: &Config, plan: &TestPlan) -> Option<Self> {
        Some(Self::at(Server::shared()?, config, plan))
    }

    /// Makes a site with a server of its own; `None` where tests are to be skipped.
    pub(crate) fn with_own_server(storage: Storage, config: &Config, plan: &TestPlan) -> Option<Self> {
        Some(Self::at(Server::own(storage)?, config, plan))
    }

    /// Makes a site at a server.
    pub(crate) fn at(server: Arc<Server>, config: &Config, plan: &TestPlan) -> Self {
        let cloud = Cloud::start(config);
        let (text, world) = (plan.text(&cloud.endpoint()), plan.world(&cloud.endpoint()));
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(PLAN), &text).unwrap();
        let keys = cloud.keys(plan.accounts, plan.has_tokens);
        let plan = Plan::parse(world.as_bytes(), Path::new(PLAN), &Variables::default()).unwrap().plan;
        cloud.load(&plan);
        let namespace = server.namespace();
        Self { server, namespace, cloud, plan, directory, keys }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Returns the program, connected to the namespace. It has no keys of the cloud: only workers need them.
    pub(crate) fn command<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        self.led_here(Command::new(PROGRAM), args)
    }

    /// Starts the program as a terminal does, whatever started these tests: it does not ignore SIGHUP.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub(crate) fn start_at_terminal<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Process {
        let mut command = Command::new("/usr/bin/env");
        command.args(["--default-signal=HUP", PROGRAM]);
        Process::start(&mut self.led_here(command, args))
    }

    fn led_here<'a>(&self, mut command: Command, args: impl IntoIterator<Item = &'a str>) -> Command {
        command.args(args).current_dir(self.directory.path()).env_clear().env("NO_COLOR", "1");
        command.env("HOME", self.directory.path()).envs(self.cloud.instead_of_others());
        command.env("TEMPORAL_ADDRESS", self.server.address()).env("TEMPORAL_NAMESPACE", &self.namespace);
        command
    }

    /// Runs the program to its end.
    #[track_caller]
    pub(crate) fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Ended {
        Ended::of(&mut self.command(args))
    }

    /// Starts the program.
    #[track_caller]
    pub(crate) fn start<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Process {
        Process::start(&mut self.command(args))
    }

    /// Runs the program to its end, with the keys of the cloud.
    #[track_caller]
    pub(crate) fn run_with_keys<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Ended {
        Ended::of(self.command(args).envs(&self.keys))
    }

    /// Returns what the library needs to read the plans of runs.
    pub(crate) fn context(&self) -> Context {
        let keys = self.keys.clone().into_iter();
        let others = self.cloud.instead_of_others().into_iter().map(|(name, value)| (name.to_owned(), value));
        Context::new(keys.chain(others).collect(), Arc::new(SilentUi))
    }

    /// Starts a worker, which has the keys of the cloud.
    #[track_caller]
    pub(crate) fn worker<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Process {
        let mut command = self.command(["worker"]);
        command.args(args).envs(&self.keys);
        Process::start(&mut command)
    }

    /// Returns the variables with the keys of the cloud.
    pub(crate) const fn keys(&self) -> &BTreeMap<String, String> {
        &self.keys
    }

    /// Runs Temporal's own command line on the namespace, to its end; it must succeed.
    #[track_caller]
    pub(crate) fn temporal<'a>(&'a self, args: impl IntoIterator<Item = &'a str>) -> String {
        let args = args.into_iter().chain(["--namespace", &self.namespace, "--command-timeout", "120s"]);
        let ended = Ended::of(&mut self.server.temporal(args));
        assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
        ended.stdout
    }

    /// Returns the options that lead to the namespace.
    pub(crate) fn connection(&self) -> ConnectionArgs {
        ConnectionArgs { namespace: Some(self.namespace.clone()), ..self.server.connection() }
    }

    /// Connects to the namespace.
    pub(crate) async fn client(&self) -> Client {
        let settings = Settings::load(&self.connection(), &Environment::default()).unwrap();
        connect(&settings, "test").await.unwrap()
    }

    /// Reads a report.
    #[track_caller]
    pub(crate) fn report(&self, name: &str) -> Report {
        Report::read(&self.path(name)).unwrap()
    }

    /// Compares a report with what really happened.
    pub(crate) fn judge(&self, report: &Report) -> Judgement {
        judge(&self.plan, report, &self.cloud.ledger())
    }

    /// Returns when stops took effect.
    pub(crate) fn timeline(&self) -> Timeline {
        Timeline::of(&self.cloud.ledger())
    }

    /// Runs the plan in this process, as `allstop run` does, without Temporal.
    pub(crate) fn run_locally(&self) -> Report {
        let context = self.context();
        let input = Input::File(self.path(PLAN));
        let selected = SelectedPlan::load(&input, Vec::new(), SelectionOptions::default(), &context).unwrap();
        let (mut begin, mut options) = (BeginOptions::default(), SessionOptions::default());
        begin.report = Some(Destination::File(self.path("local.json")));
        options.yes = true;
        let ready = Session::begin(selected, begin, options, &context).ready().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listed = match ready.must_list() {
            true => runtime.block_on(ready.list(|listings| listings)).unwrap(),
            false => AfterListing::Ready(Box::new(ready)),
        };
        let ran = match listed {
            AfterListing::Ready(ready) => {
                ready.confirm().unwrap();
                runtime.block_on(ready.run(|run| run)).unwrap()
            }
            AfterListing::Ended(ran) => *ran,
        };
        let finished = ran.finish(None);
        assert!(finished.unwritten.is_empty());
        self.report("local.json")
    }
}

/// The program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_allstop-temporal");

/// The name of the plan in the directory.
const PLAN: &str = "plan.yaml";

impl Server {
    /// Returns the options that lead to the server, whatever whoever runs the tests has configured.
    pub(crate) fn connection(&self) -> ConnectionArgs {
        let config_file = Some(PathBuf::from("/dev/null"));
        ConnectionArgs { address: Some(self.address()), config_file, ..ConnectionArgs::default() }
    }
}
