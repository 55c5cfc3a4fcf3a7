//! A simulator that issues credentials, an empty home directory, and the program.
//!
//! Nothing leaves this machine: every plan names the simulator, or a port where nobody listens, for everything that is
//! sent, and the metadata services are replaced in the environment, too.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::environment::Environment;
use allstop::simulator::{self, Config, CredentialLedger, Handle, Resource};
use serde_json::{Map, Value, json};

use crate::environment::{Ended, TestEnvironment, words};
use crate::selection::ground::{quick, resource};

/// The accounts of the world: two of each cloud.
pub(super) const A1: &str = "1865410598556969";
pub(super) const A2: &str = "1234567890123456";
pub(super) const D1: &str = "d78cbac186b744899480f25bd022f468";
pub(super) const D2: &str = "0659ef9c9c80d4560f14c009ac000000";

/// The project of D1 in cn-north-4.
pub(super) const PROJECT: &str = "054ba152d480d55b2f5dc0069e7ddef0";

/// Longer than anything here takes; who waits as long has found a mistake.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";

pub(super) const REPORT: &str = "plan.report.json";
pub(super) const JOURNAL: &str = "plan.report.json.journal";

pub(super) type Variables<'a> = &'a [(&'a str, &'a str)];

/// Permanent keys of users of A1, A2, D1 and D2.
pub(super) const OPS: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tOps"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ops-key-hush")];
pub(super) const OTHER: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tOther"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "other-key-hush")];
pub(super) const HW_OPS: [(&str, &str); 2] =
    [("HUAWEICLOUD_SDK_AK", "HWOPSACCESSKEY000001"), ("HUAWEICLOUD_SDK_SK", "hw-key-hush")];
pub(super) const HW_OTHER: [(&str, &str); 2] =
    [("HUAWEICLOUD_SDK_AK", "HWOTHERACCESSKEY0001"), ("HUAWEICLOUD_SDK_SK", "hw-other-hush")];

/// A simulator, a home directory, and the program beside a plan.
pub(super) struct Ground {
    pub(super) env: TestEnvironment,
    pub(super) simulator: Handle,
    metadata: String,
    /// Where the program finds the simulator.
    address: String,
}

/// How a run ended, and its report.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) report: Value,
}

/// Returns the world: users, roles, providers and services, as two companies might have them.
pub(super) fn world() -> Value {
    json!({
        "accounts": {
            A1: {"cloud": "alibaba"}, A2: {"cloud": "alibaba", "number": 1},
            D1: {"cloud": "huawei", "name": "acme"}, D2: {"cloud": "huawei", "number": 1, "name": "guests"},
        },
        "users": {
            "LTAI5tOps": {"cloud": "alibaba", "secret": "ops-key-hush", "account": A1, "name": "ops"},
            "LTAI5tSecond": {"cloud": "alibaba", "secret": "second-key-hush", "account": A1, "name": "second"},
            "LTAI5tOther": {"cloud": "alibaba", "secret": "other-key-hush", "account": A2, "name": "guest"},
            "HWOPSACCESSKEY000001": {"cloud": "huawei", "secret": "hw-key-hush", "account": D1, "name": "ops"},
            "HWOTHERACCESSKEY0001": {"cloud": "huawei", "secret": "hw-other-hush", "account": D2, "name": "guest"},
        },
        "roles": {
            ROLE: {"trust": [A1]},
            SECOND: {"trust": [A1], "external_id": "ext-1"},
            RRSA: {"provider": IDP},
        },
        "agencies": {
            AGENCY: {"trust": [D1]},
            HW_RRSA: {"provider": HW_IDP},
            HW_ROLE: {"trust": [D1]},
        },
        "id_tokens": {JWT: "good", OLD_JWT: "expired"},
        "idps": {"cce": D1},
        "passwords": {"acme/ops": PASSWORD},
        "projects": {
            D1: {"cn-north-4": [PROJECT], "cn-east-3": ["p-e-1", "p-e-2"]}, D2: {"cn-north-4": ["p-guests"]},
        },
        "alibaba_metadata": {"role": "ecs-role", "account": A1},
        "huawei_metadata": {"agency": "ecs-agency", "account": D1},
        "pod": {"token": "pod.sa.hush", "account": D1},
        "uri": {"account": A1},
        "sso": {"access_token": "sso-access-hush", "account": A1},
        "oauth": {"access_token": "oauth-access-hush", "refresh_token": "oauth-refresh-hush", "account": A1},
    })
}

pub(super) const ROLE: &str = "acs:ram::1865410598556969:role/stopper";
pub(super) const SECOND: &str = "acs:ram::1234567890123456:role/second";
pub(super) const RRSA: &str = "acs:ram::1865410598556969:role/rrsa";
pub(super) const IDP: &str = "acs:ram::1865410598556969:oidc-provider/ack";
pub(super) const AGENCY: &str = "iam::0659ef9c9c80d4560f14c009ac000000:agency:second";
pub(super) const HW_ROLE: &str = "iam::d78cbac186b744899480f25bd022f468:agency:stopper";
pub(super) const HW_RRSA: &str = "iam::d78cbac186b744899480f25bd022f468:agency:rrsa";
pub(super) const HW_IDP: &str = "iam::d78cbac186b744899480f25bd022f468:oidc-provider:cce";
pub(super) const JWT: &str = "good.id-token.hush";
pub(super) const OLD_JWT: &str = "old.id-token.hush";
pub(super) const PASSWORD: &str = "p@ss w+rd-hush";

/// Returns executions of an Alibaba Cloud account, by its number.
pub(super) fn executions_of(account: u16, count: usize) -> impl Iterator<Item = Resource> {
    let execution = move |number| {
        let name = format!("r{number}");
        resource(json!({"kind": "fnf_execution", "account": account, "flow_name": "etl", "execution_name": name}))
    };
    (0..count).map(execution)
}

/// Returns executions of A1.
pub(super) fn executions(count: usize) -> impl Iterator<Item = Resource> {
    executions_of(0, count)
}

/// Returns jobs of D1.
pub(super) fn jobs(count: usize) -> impl Iterator<Item = Resource> {
    jobs_in(PROJECT, 0, count)
}

/// Returns jobs of a Huawei Cloud account, by its number.
pub(super) fn jobs_in(project: &str, account: u16, count: usize) -> impl Iterator<Item = Resource> {
    let job = move |number| {
        let id = format!("j{number}");
        resource(json!({"kind": "drs_job", "account": account, "project_id": project, "job_id": id}))
    };
    (0..count).map(job)
}

/// Returns targets of an account: executions.
pub(super) fn stop_executions(account: &str, count: usize) -> Vec<Value> {
    let target = |number| {
        let (id, name) = (format!("{account}-r{number}"), format!("r{number}"));
        json!({"id": id, "kind": "fnf_execution", "account": account, "flow_name": "etl", "execution_name": name})
    };
    (0..count).map(target).collect()
}

/// Returns targets of an account: jobs.
pub(super) fn stop_jobs(account: &str, count: usize) -> Vec<Value> {
    let target = |number| {
        let id = format!("{account}-j{number}");
        json!({"id": id, "kind": "drs_job", "account": account, "job_id": format!("j{number}")})
    };
    (0..count).map(target).collect()
}

/// Returns the role of A1, assumed with the keys in the environment.
pub(super) fn role() -> Value {
    json!({"role": {"arn": ROLE}})
}

impl Ground {
    /// Starts a simulator with these resources and the [`world`]; no metadata service is there.
    pub(super) fn new(resources: impl IntoIterator<Item = Resource>) -> Self {
        Self::configured(&quick(), resources)
    }

    /// Does so with settings of the simulator.
    pub(super) fn configured(config: &Config, resources: impl IntoIterator<Item = Resource>) -> Self {
        let simulator = simulator::start(config, resources).unwrap();
        simulator.set_credentials_world(&world()).unwrap();
        Self::of(simulator)
    }

    /// Takes a simulator with the world that it has.
    pub(super) fn of(simulator: Handle) -> Self {
        let env = TestEnvironment::new();
        std::fs::create_dir(env.path("home")).unwrap();
        let address = simulator.endpoint();
        Self { env, simulator, metadata: NOWHERE.to_owned(), address }
    }

    /// Lets the simulator be the metadata services of both clouds.
    pub(super) fn with_metadata(self) -> Self {
        let metadata = self.address.clone();
        self.with_metadata_at(metadata)
    }

    /// Lets the metadata services of both clouds be at this address.
    pub(super) fn with_metadata_at(mut self, metadata: String) -> Self {
        self.metadata = metadata;
        self
    }

    /// Lets the program find the simulator at another address, which leads to it.
    pub(super) fn behind(self, address: String) -> Self {
        Self { address, ..self }
    }

    /// Replaces parts of the world.
    pub(super) fn set(&self, world: &Value) {
        self.simulator.set_credentials_world(world).unwrap();
    }

    /// Scripts faults of credentials.
    pub(super) fn faults(&self, faults: &Value) {
        self.simulator.set_credential_faults(faults).unwrap();
    }

    pub(super) fn credentials(&self) -> CredentialLedger {
        self.simulator.credential_ledger()
    }

    /// Returns how often operations were called.
    pub(super) fn counts<const N: usize>(&self, operations: [&str; N]) -> [u64; N] {
        let ledger = self.credentials();
        operations.map(|operation| ledger.count(operation))
    }

    /// Returns what the stops were signed with, each once: the operation that issued it, or a permanent key.
    pub(super) fn origins(&self) -> Vec<String> {
        let ledger = self.credentials();
        let mut origins: Vec<_> = ledger.stops.iter().map(|stop| stop.op.unwrap_or(&stop.key).to_owned()).collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Returns how many requests asked for a stop.
    pub(super) fn stops(&self) -> u64 {
        self.simulator.ledger().requests.stops
    }

    /// Returns how often each resource was stopped for a request, each number once.
    pub(super) fn stopped(&self) -> Vec<u64> {
        let ledger = self.simulator.ledger();
        let mut stopped: Vec<_> = ledger.resources.iter().map(|record| u64::from(record.counts.taken)).collect();
        stopped.sort_unstable();
        stopped.dedup();
        stopped
    }

    /// Fills in where the home directory, the simulator and the metadata services are.
    pub(super) fn fill(&self, text: &str) -> String {
        let home = self.home().display().to_string();
        text.replace("$HOME", &home).replace("$SIM", &self.address).replace("$META", &self.metadata)
    }

    pub(super) fn home(&self) -> PathBuf {
        self.env.path("home")
    }

    /// Writes a file of the home directory that nobody else may read.
    #[track_caller]
    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, self.fill(text)).unwrap();
        keep_private(&path);
    }

    /// Returns an account of Alibaba Cloud with these further keys.
    #[expect(clippy::unused_self, reason = "its address is filled in later")]
    pub(super) fn ali(&self, more: &Value) -> Value {
        let account = json!({"cloud": "alibaba", "region": "cn-hangzhou", "endpoints": {
            "fnf": "$SIM", "searchengine": "$SIM", "elasticsearch": "$SIM", "sts": "$SIM", "oauth": "$SIM",
            "metadata": "$META",
        }});
        joined(account, more)
    }

    /// Returns an account of Huawei Cloud with these further keys; `null` removes one.
    #[expect(clippy::unused_self, reason = "its address is filled in later")]
    pub(super) fn hw(&self, more: &Value) -> Value {
        let account = json!({"cloud": "huawei", "region": "cn-north-4", "project_id": PROJECT, "endpoints": {
            "live": "$SIM", "drs": "$SIM", "iam": "$SIM", "sts": "$SIM", "metadata": "$META",
        }});
        joined(account, more)
    }

    /// Writes `plan.yaml`; `more` are further sections.
    pub(super) fn plan(&self, accounts: &Value, targets: &[Value], more: &Value) {
        let plan = json!({
            "version": 1,
            "accounts": accounts,
            "limits": {"rate": "1000/s"},
            "retry": {"initial_delay": "1ms", "max_delay": "2ms"},
            "targets": targets,
        });
        self.env.write("plan.yaml", self.fill(&joined(plan, more).to_string()));
    }

    /// Returns the program with its arguments, and with these variables beside those of every test.
    pub(super) fn command(&self, args: &[&str], variables: Variables<'_>) -> Command {
        let mut command = self.env.command(args);
        let home = self.home();
        if let Some(path) = Environment::of_process().get("PATH") {
            command.env("PATH", path);
        }
        command.env("HOME", &home).env("USERPROFILE", &home);
        command.env("ALIBABA_CLOUD_ECS_METADATA_SERVICE_ENDPOINT", &self.metadata);
        command.env("ALLSTOP_HUAWEI_METADATA_ENDPOINT", &self.metadata);
        if self.metadata == NOWHERE {
            command.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        }
        command.envs(variables.iter().map(|(name, value)| (name, self.fill(value))));
        command
    }

    /// Runs the program to its end.
    #[track_caller]
    pub(super) fn allstop(&self, args: &[&str], variables: Variables<'_>) -> Ended {
        let ended = Ended::within(PATIENCE, &mut self.command(args, variables));
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended
    }

    /// Runs `plan.yaml` with further options.
    #[track_caller]
    pub(super) fn run(&self, variables: Variables<'_>, options: &[&str]) -> Ran {
        self.forget();
        let run = ["run", "plan.yaml", "--yes", "--progress", "off"];
        self.ran(self.allstop(&[&run[..], options].concat(), variables))
    }

    /// Removes what the last run wrote.
    fn forget(&self) {
        for name in [REPORT, JOURNAL] {
            if self.env.exists(name) {
                self.env.remove(name);
            }
        }
    }

    /// Goes on with the run that ended.
    #[track_caller]
    pub(super) fn resume(&self, variables: Variables<'_>) -> Ran {
        self.ran(self.allstop(&["resume", JOURNAL, "--yes", "--progress", "off"], variables))
    }

    #[track_caller]
    pub(super) fn ran(&self, ended: Ended) -> Ran {
        let Ended { code, stdout, stderr } = ended;
        let report = if self.env.exists(REPORT) { self.env.report(REPORT) } else { Value::Null };
        Ran { code, stdout, stderr, report }
    }

    /// Starts a run of `plan.yaml`.
    pub(super) fn start(&self, variables: Variables<'_>, options: &[&str]) -> Child {
        let run = ["run", "plan.yaml", "--yes"];
        let mut command = self.command(&[&run[..], options].concat(), variables);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until something holds of what happened to credentials.
    #[track_caller]
    pub(super) fn wait_for(&self, enough: impl Fn(&CredentialLedger) -> bool) {
        wait_until(|| enough(&self.credentials()));
    }

    /// Waits for the end of a run that was started.
    #[track_caller]
    pub(super) fn end(&self, run: Child) -> Ran {
        self.end_within(PATIENCE, run)
    }

    /// Waits so long for that.
    #[track_caller]
    pub(super) fn end_within(&self, patience: Duration, run: Child) -> Ran {
        let (send, ended) = mpsc::channel();
        std::thread::spawn(move || send.send(run.wait_with_output().unwrap()));
        let ended = Ended::from(ended.recv_timeout(patience).expect("it does not end"));
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        self.ran(ended)
    }

    /// Waits until so many stops have come in.
    #[track_caller]
    pub(super) fn wait_for_stops(&self, count: u64) {
        let is_there = self.simulator.wait_until(PATIENCE, |requests| requests.stops >= count);
        assert!(is_there, "the program does not send what it should");
    }
}

/// Waits until something holds.
#[track_caller]
pub(super) fn wait_until(holds: impl Fn() -> bool) {
    let mut tries = (0..PATIENCE.as_millis() / 10).inspect(|_| std::thread::park_timeout(Duration::from_millis(10)));
    assert!(tries.any(|_| holds()), "it never holds");
}

impl Ran {
    /// Checks that all was stopped, each resource once.
    #[track_caller]
    pub(super) fn stopped_all(&self, ground: &Ground) {
        let Self { code, stderr, report, .. } = self;
        assert_eq!(*code, 0, "{stderr}");
        assert!(words(report).iter().all(|word| word == "stopped"), "{:?}\n{stderr}", words(report));
        assert_eq!(ground.stopped(), [1], "{stderr}");
    }

    /// Checks that nothing was sent and why.
    #[track_caller]
    pub(super) fn refused(&self, ground: &Ground, code: i32, texts: &[&str]) {
        assert_eq!((self.code, ground.stops()), (code, 0), "{}", self.stderr);
        self.says(texts);
    }

    #[track_caller]
    pub(super) fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.stderr.contains(text), "{text:?} is missing: {}", self.stderr);
        }
    }

    /// Returns what the report says of an account.
    #[track_caller]
    pub(super) fn account(&self, name: &str) -> &Value {
        let accounts = self.report["accounts"].as_array().unwrap_or_else(|| panic!("{self:?}"));
        accounts.iter().find(|account| account["name"] == name).unwrap()
    }

    /// Returns the words of an account's rows, each once.
    #[track_caller]
    pub(super) fn words_of(&self, account: &str) -> Vec<String> {
        let rows = self.report["targets"].as_array().unwrap();
        let words = words(&self.report).into_iter().zip(rows);
        let mut words: Vec<_> = words.filter(|(_, row)| row["account"] == account).map(|(word, _)| word).collect();
        words.sort();
        words.dedup();
        words
    }
}

/// Sends a signal to a run, by its name.
#[track_caller]
pub(super) fn signal(run: &Child, name: &str) {
    let kill = format!("kill -s {name} {}", run.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
}

/// Waits for a line on the standard error of a run, and returns it.
#[track_caller]
pub(super) fn hears(run: &mut Child, text: &str) -> String {
    let stderr = run.stderr.as_mut().unwrap();
    let (mut line, mut heard, mut byte) = (Vec::new(), Vec::new(), [0]);
    while stderr.read(&mut byte).unwrap() == 1 {
        heard.extend(byte);
        if byte != *b"\n" {
            line.extend(byte);
            continue;
        }
        let whole = String::from_utf8(std::mem::take(&mut line)).unwrap();
        if whole.contains(text) {
            return whole;
        }
    }
    panic!("it does not say {text:?}: {}", String::from_utf8_lossy(&heard));
}

/// Returns the moment, in seconds since 1970.
pub(super) fn now() -> i64 {
    SystemClock.now().as_second()
}

/// Runs the cases of a test at the same time: most of what they take is waiting.
#[track_caller]
pub(super) fn side_by_side<T: Sync>(cases: &[T], test: impl Fn(&T) + Sync) {
    std::thread::scope(|scope| {
        let running: Vec<_> = cases.iter().map(|case| scope.spawn(|| test(case))).collect();
        let failed = running.into_iter().filter_map(|running| running.join().err()).count();
        assert_eq!(failed, 0, "see above");
    });
}

/// Puts two mappings together; of two equal keys, the second counts, and `null` removes it.
fn joined(first: Value, second: &Value) -> Value {
    let (Value::Object(mut first), Value::Object(second)) = (first, second) else { panic!("not two mappings") };
    for (key, value) in second {
        let inner = first.get(key).filter(|inner| inner.is_object() && value.is_object()).cloned();
        first.insert(key.clone(), inner.map_or_else(|| value.clone(), |inner| joined(inner, value)));
    }
    Value::Object(first.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}

#[cfg(unix)]
pub(super) fn keep_private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
pub(super) fn keep_private(_path: &std::path::Path) {}
