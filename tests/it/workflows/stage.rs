//! A machine as the recipes expect it, in a folder: the program, the plan, the keys, and a simulator.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Output, Stdio};

use allstop::simulator::Config;
use serde_json::Value;

use crate::environment::{TestEnvironment, program};

/// The targets of the plan, by their ids.
pub(super) const TARGETS: usize = 8;

/// The folder of the recipes.
pub(super) fn recipe(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/workflows");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Reads a recipe that is one YAML document.
pub(super) fn yaml(name: &str) -> Value {
    serde_yaml::from_str(&recipe(name)).unwrap()
}

/// Returns the texts of a list.
pub(super) fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

pub(super) struct Stage(TestEnvironment);

impl Stage {
    pub(super) fn new() -> Self {
        let mut environment = TestEnvironment::new();
        environment.simulate_anything(Config { speed: 100.0, ..Config::default() });
        let stage = Self(environment);
        for name in ["bin", "etc", "lib"] {
            std::fs::create_dir(stage.path(name)).unwrap();
        }
        std::os::unix::fs::symlink(program(), stage.path("bin/allstop")).unwrap();
        std::os::unix::fs::symlink("../etc", stage.path("lib/plans")).unwrap();
        for name in ["nightly", "incident"] {
            stage.0.write(format!("etc/{name}.yaml"), stage.plan());
        }
        let keys: String = stage.0.keys().iter().map(|(name, value)| format!("{name}='{value}'\n")).collect();
        stage.0.write("etc/nightly.env", keys);
        stage
    }

    fn plan(&self) -> String {
        self.plan_of(serde_json::json!({"cloud": "alibaba", "region": "cn-hangzhou"}))
    }

    /// Returns the plan with an account of a recipe, whose services are the simulator.
    fn plan_of(&self, mut account: Value) -> String {
        let endpoint = self.0.simulator().endpoint();
        account["endpoints"] = serde_json::json!({"fnf": endpoint, "sts": endpoint, "metadata": endpoint});
        let mut plan = format!(
            "version: 1\naccounts: {{a: {account}}}\ndefaults: {{account: a}}\nlimits: {{rate: 200/s}}\ntargets:\n"
        );
        for number in 0..TARGETS {
            plan.push_str(&format!("  - {{kind: fnf_execution, flow_name: f, execution_name: e-{number}}}\n"));
        }
        plan
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Puts the stage's folders in the place of a machine's.
    pub(super) fn here(&self, text: &str) -> String {
        let folder = self.0.directory().to_str().unwrap();
        let places = [
            ("/etc/allstop", "etc"),
            ("/var/lib/allstop", "lib"),
            ("/var/lib/prometheus/node-exporter", "lib"),
            ("/usr/bin/allstop", "bin/allstop"),
        ];
        places.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, &format!("{folder}/{to}")))
    }

    /// Gives the plan `nightly` a guard, as a line of YAML.
    pub(super) fn guard(&self, guards: &str) {
        self.0.write("etc/nightly.yaml", format!("{}guards: {guards}\n", self.plan()));
    }

    /// Makes the machine one whose plan has the account of a recipe, and no keys anywhere.
    pub(super) fn without_keys(account: Value) -> Self {
        let stage = Self::new();
        for name in ["nightly", "incident"] {
            stage.0.write(format!("etc/{name}.yaml"), stage.plan_of(account.clone()));
        }
        stage.0.remove("etc/nightly.env");
        stage
    }

    /// Makes the simulator know an account, and the role `stopper` of it.
    pub(super) fn knows(&self, account: &str, parts: Value) {
        let mut world = parts;
        world["accounts"] = serde_json::json!({account: {"cloud": "alibaba"}});
        self.0.simulator().set_credentials_world(&world).unwrap();
    }

    /// Demands that the report at `lib/NAME` is of this account, with the role `stopper`, and returns how many targets
    /// are stopped.
    pub(super) fn stopped_as_stopper(&self, name: &str, account: &str) -> usize {
        let known = &self.0.report(&format!("lib/{name}"))["accounts"][0];
        assert_eq!(known["account_id"], account);
        assert!(known["identity"].as_str().unwrap().starts_with("role stopper, session "), "{known}");
        self.stopped(name)
    }

    /// Puts a script in the place of a program of the machine.
    pub(super) fn stand_in(&self, program: &str, script: &str) {
        let path = self.path("bin").join(program);
        std::fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// Returns a command in `lib`, where reports go, with nothing in its environment but the way to the program.
    fn command(&self, program: &str) -> Command {
        let mut command = self.0.place(Command::new(program), [] as [&str; 0]);
        command.current_dir(self.path("lib")).env("PATH", format!("{}:/usr/bin:/bin", self.path("bin").display()));
        command
    }

    /// Runs a script as written, in a machine's folders; the keys are in its environment if they are `given`.
    pub(super) fn shell(&self, shell: &[&str], script: &str, env: &[(&str, &str)], given: bool) -> Output {
        self.script(shell, script, env, given).output().unwrap()
    }

    /// Runs such a script with the keys, and sends a signal to its shell, and to nothing else, once the run has begun.
    pub(super) fn cancelled(&self, shell: &[&str], script: &str, env: &[(&str, &str)], signal: &str) -> ExitStatus {
        // A shell cannot trap what was ignored when it began, as SIGINT is in the background.
        let heeds: &[_] = if cfg!(target_os = "linux") { &["env", "--default-signal=INT"] } else { &[] };
        let shell = [heeds, shell].concat();
        let mut shell =
            self.script(&shell, script, env, true).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(shell.stderr.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains(&format!("/{TARGETS} done"))), "the run has begun");
        let kill = Command::new("kill").args(["-s", signal, &shell.id().to_string()]).status().unwrap();
        assert!(kill.success());
        lines.for_each(drop);
        shell.wait().unwrap()
    }

    fn script(&self, shell: &[&str], script: &str, env: &[(&str, &str)], given: bool) -> Command {
        let mut command = self.command(shell[0]);
        command.args(&shell[1..]).arg(self.here(script)).envs(env.iter().copied());
        if given {
            command.envs(self.0.keys());
        }
        command
    }

    /// Runs the program with the arguments of a recipe.
    pub(super) fn allstop(&self, args: &[String], env: &[(&str, &str)]) -> Output {
        self.program(args, env).envs(self.0.keys()).output().unwrap()
    }

    /// Runs it without keys.
    pub(super) fn allstop_without_keys(&self, args: &[String], env: &[(&str, &str)]) -> Output {
        self.program(args, env).output().unwrap()
    }

    fn program(&self, args: &[String], env: &[(&str, &str)]) -> Command {
        let mut command = self.command(self.path("bin/allstop").to_str().unwrap());
        command.args(args.iter().map(|arg| self.here(arg))).envs(env.iter().copied());
        command
    }

    /// Returns how many targets the report at `lib/NAME` says are stopped.
    #[track_caller]
    pub(super) fn stopped(&self, name: &str) -> usize {
        let report = self.0.report(&format!("lib/{name}"));
        assert_eq!((&report["run"]["mode"], &report["run"]["exit_code"]), (&"live".into(), &0.into()));
        let rows = report["targets"].as_array().unwrap();
        assert_eq!(rows.len(), TARGETS);
        rows.iter().filter(|row| row["outcome"] == "stopped").count()
    }
}

/// Demands that a command ended well.
#[track_caller]
pub(super) fn well(output: &Output) {
    assert!(output.status.success(), "{:?}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
}
