//! Watches against a simulator, in a time that passes only between rounds.

use std::sync::Mutex;
use std::time::Duration;

use ::http::HeaderMap;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::base::clock::{Clock, SystemClock};
use crate::base::environment::Environment;
use crate::credentials::{CredentialError, CredentialProvider};
use crate::engine::{Listings, Run};
use crate::http::{Response, SignedRequest};
use crate::plan::{Account, Plan};
use crate::provider::{Cloud, Credentials};
use crate::report::{Report, Row, Signal, Summary};
use crate::session::{Input, ResumeOptions, SelectionOptions, Ui};
use crate::simulator::{Config, Handle, ListFault, ListTrouble, Resource, start};
use crate::transport::{SendError, Transport};

/// How fast quotas refill.
const SPEED: f64 = 10_000.0;

/// What is known to the test of a watch: a simulator, a plan, and what happens between the rounds.
struct World {
    folder: TempDir,
    simulator: Handle,
    began: Mutex<Duration>,
    waits: Mutex<Vec<Happening>>,
    ended: CancellationToken,
    ui: Arc<Recorded>,
    /// Whether the service denies every stop.
    denies: bool,
    /// How long attempts may take, in the plan.
    patience: &'static str,
}

/// What happens in a wait.
type Happening = Box<dyn Fn(&Handle) + Send + Sync>;

/// Denies everything.
struct Denial;

impl Transport for Denial {
    fn send(&self, _: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        let body = r#"{"Code": "NoPermission", "Message": "no", "RequestId": "r"}"#;
        let response = Response { status: 403, headers: HeaderMap::new(), body: body.into() };
        futures::future::ready(Ok(response)).boxed()
    }
}

#[derive(Default)]
struct Recorded {
    told: Mutex<Vec<String>>,
    answer: Option<bool>,
}

impl Ui for Recorded {
    fn status(&self, text: &str) {
        self.told.lock().unwrap().push(text.to_owned());
    }

    fn can_confirm(&self) -> bool {
        self.answer.is_some()
    }

    fn confirm(&self, question: &crate::session::Question<'_>) -> Result<bool, SessionError> {
        self.status(&question.text());
        Ok(self.answer.unwrap())
    }

    fn ended(&self, summary: &Summary<'_>, exit_code: u8) {
        self.status(&format!("{} ({exit_code})", summary.sentence()));
    }
}

struct Key(Credentials);

impl CredentialProvider for Key {
    fn credentials<'a>(&'a self, _: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        futures::future::ready(Ok(self.0.clone())).boxed()
    }
}

fn execution(flow: &str, name: &str) -> Resource {
    resource(json!({"kind": "fnf_execution", "flow_name": flow, "execution_name": name, "schedule": "hourly"}))
}

fn resource(of: Value) -> Resource {
    serde_json::from_value(of).unwrap()
}

const SELECT: &str = "  - {id: all, kind: fnf_execution, select: {flow_name: \"etl-*\"}}\n";

impl World {
    /// Starts a simulator that has these resources.
    fn new(resources: Vec<Resource>) -> Self {
        let brief = (Duration::ZERO, Duration::from_millis(1));
        let config = Config { speed: SPEED, quotas: false, stop_delay: brief, ..Config::default() };
        Self {
            folder: tempfile::tempdir().unwrap(),
            simulator: start(&config, resources).unwrap(),
            began: Mutex::default(),
            waits: Mutex::default(),
            ended: CancellationToken::new(),
            ui: Arc::default(),
            denies: false,
            patience: "100ms",
        }
    }

    /// Has something happen in the next wait that has nothing yet.
    fn then(self, happens: impl Fn(&Handle) + Send + Sync + 'static) -> Self {
        self.waits.lock().unwrap().push(Box::new(happens));
        self
    }

    /// Has these resources come in the next wait in which nothing happens yet.
    fn comes(self, resources: impl IntoIterator<Item = Resource>) -> Self {
        let resources: Vec<_> = resources.into_iter().collect();
        self.then(move |cloud| {
            cloud.load(resources.clone());
        })
    }

    fn context(&self) -> Context {
        Context::new(Environment::default(), Arc::clone(&self.ui) as Arc<dyn Ui>).with_credentials(self.key())
    }

    /// Writes a plan with these targets.
    fn plan(&self, targets: &str, more: &str) -> Input {
        let text = format!(
            "version: 1\naccounts: {{ali: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: '{}'}}}}}}\n\
             defaults: {{account: ali}}\nretry: {{initial_delay: 1ms, max_delay: 2ms, max_attempts: 3, max_elapsed: {}}}\n{more}targets:\n{targets}",
            self.simulator.endpoint(),
            self.patience
        );
        let path = self.folder.path().join("plan.yaml");
        std::fs::write(&path, text).unwrap();
        Input::File(path)
    }

    fn watch(&self, targets: &str, more: &str, options: WatchOptions) -> Watch {
        self.watch_with(targets, more, options, SessionOptions { yes: true, ..SessionOptions::default() })
    }

    fn watch_with(&self, targets: &str, more: &str, watch: WatchOptions, options: SessionOptions) -> Watch {
        self.prepared(targets, more, watch, (BeginOptions::default(), options)).unwrap()
    }

    fn prepared(
        &self,
        targets: &str,
        more: &str,
        watch: WatchOptions,
        (begin, options): (BeginOptions, SessionOptions),
    ) -> Result<Watch, SessionError> {
        let context = self.context();
        let scope = SelectionOptions::default();
        let selected = SelectedPlan::load(&self.plan(targets, more), Vec::new(), scope, &context).unwrap();
        let watch = Watch::begin(selected, begin, options, watch, &context)?;
        Ok(Watch { folder: self.folder.path().join("plan.watch"), ..watch })
    }

    fn run(&self, watch: Watch) -> Result<Watched, SessionError> {
        block_on(watch.run(self))
    }

    fn report(&self, number: u32) -> Report {
        Report::read(&self.folder.path().join(format!("plan.watch/{number:04}.report.json"))).unwrap()
    }

    fn told(&self) -> Vec<String> {
        self.ui.told.lock().unwrap().clone()
    }

    fn stops(&self) -> u64 {
        self.simulator.ledger().requests.stops
    }

    fn requests(&self, api: &str) -> u64 {
        self.simulator.ledger().requests.by_api.get(api).copied().unwrap_or_default()
    }

    fn key(&self) -> Key {
        Key(self.simulator.credentials(Cloud::Alibaba, 0))
    }
}

impl Guide for World {
    fn elapsed(&self) -> Duration {
        *self.began.lock().unwrap()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        *self.began.lock().unwrap() += time;
        let mut waits = self.waits.lock().unwrap();
        if !waits.is_empty() {
            waits.remove(0)(&self.simulator);
        }
        futures::future::ready(()).boxed()
    }

    fn is_ended(&self) -> bool {
        self.ended.is_cancelled()
    }

    fn signal(&self) -> Option<Signal> {
        self.is_ended().then_some(Signal::Terminate)
    }

    fn listings(&self, listings: Listings) -> Listings {
        listings.speed(SPEED).drain_on(self.ended.clone())
    }

    fn run(&self, run: Run, _: &Arc<Plan>) -> Run {
        let run = run.speed(SPEED).drain_on(self.ended.clone());
        if self.denies { run.transport(Denial) } else { run }
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Watches for so many minutes, every minute.
fn minutes(minutes: u64) -> WatchOptions {
    WatchOptions::new(Duration::from_secs(60 * minutes))
}

fn respawned(report: &Report) -> Vec<(&str, bool)> {
    report.targets.iter().map(|row: &Row| (&*row.id, row.respawned)).collect()
}

#[test]
fn what_a_schedule_starts_again_is_stopped_again_and_told() {
    let world = World::new(vec![execution("etl-orders", "a")])
        .comes([execution("etl-orders", "b")])
        .comes([execution("etl-orders", "c")]);
    let watched = world.run(world.watch(SELECT, "", minutes(3))).unwrap();
    assert_eq!((watched.rounds, watched.stopped, watched.respawned), (4, 3, 2), "{:?}", world.told());
    assert_eq!((watched.exit_code, watched.ended, watched.not_stopped), (0, WatchEnd::TimeOver, 0));
    assert_eq!(world.requests("fnf:ListSchedules"), 1);
    let says = "etl-orders has the enabled schedule hourly (0 0 * * * *): it starts again at ";
    assert!(matches!(&watched.starters[..], [text] if text.starts_with(says)), "{:?}", watched.starters);
    assert!(watched.starters[0].ends_with(":00Z; allstop does not touch schedules"), "{:?}", watched.starters);
    assert_eq!(respawned(&world.report(1)), [("fnf_execution:etl-orders/a", false)]);
    assert_eq!(respawned(&world.report(2)), [("fnf_execution:etl-orders/b", true)]);
    assert_eq!(respawned(&world.report(3)), [("fnf_execution:etl-orders/c", true)]);
    assert_eq!(world.report(4).run.exit_code, 4);
    let written = std::fs::read_to_string(world.folder.path().join("plan.watch/0001.report.json")).unwrap();
    assert!(!written.contains("respawned"), "only where it is so");
    let text = watched.text();
    assert!(text.contains("in 4 rounds: 3 targets stopped, 2 respawned. The time is over."), "{text}");
}

#[test]
fn max_targets_counts_over_all_rounds() {
    let many =
        |prefix: &'static str, count: usize| (0..count).map(move |n| execution("etl-a", &format!("{prefix}{n}")));
    let world = World::new(many("x", 600).collect()).comes(many("y", 500));
    let guards = "guards: {max_targets: 1000}\n";
    let watched = world.run(world.watch(SELECT, guards, minutes(60))).unwrap();
    assert_eq!((watched.exit_code, watched.rounds, watched.stopped), (3, 2, 600), "{:?}", world.told());
    assert_eq!((watched.ended, world.stops()), (WatchEnd::Guard, 600));
    let error = watched.error.unwrap();
    assert_eq!(
        error,
        "more than 400 match, and guards.max_targets allows 1000 over all rounds, of which earlier ones had 600"
    );
    assert_eq!((world.report(1).run.exit_code, world.report(2).run.exit_code), (0, 3));
}

#[test]
fn max_failures_counts_over_all_rounds() {
    let world = World { denies: true, ..World::new(vec![execution("etl-a", "x")]) };
    let watched = world.run(world.watch(SELECT, "guards: {max_failures: 3}\n", minutes(60))).unwrap();
    assert_eq!((watched.exit_code, watched.rounds, watched.ended), (3, 3, WatchEnd::Guard), "{:?}", world.told());
    assert_eq!((watched.stopped, watched.respawned, watched.not_stopped), (0, 0, 1));
    assert_eq!(watched.error.as_deref(), Some("3 targets are failed or unknown, and max_failures is 3"));
}

#[test]
fn empty_rounds_end_it_early() {
    let world = World::new(vec![execution("etl-a", "x")]);
    let options = WatchOptions { until_quiet: Some(Duration::from_secs(600)), ..minutes(120) };
    let watched = world.run(world.watch(SELECT, "", options)).unwrap();
    // The first round stops; the second one is the first that is empty, and the twelfth is 10 min later.
    assert_eq!((watched.rounds, watched.ended, watched.exit_code), (12, WatchEnd::Quiet, 0), "{:?}", world.told());
}

#[test]
fn what_comes_back_until_the_end_is_no_success() {
    let world =
        World::new(vec![execution("etl-a", "x")]).comes([execution("etl-a", "y")]).comes([execution("etl-a", "z")]);
    let watched = world.run(world.watch(SELECT, "", minutes(2))).unwrap();
    assert_eq!((watched.rounds, watched.stopped, watched.exit_code), (3, 3, 1), "{:?}", world.told());
    assert_eq!((watched.ended, watched.not_stopped), (WatchEnd::TimeOver, 0));
}

#[test]
fn a_round_that_cannot_list_ends_it_and_what_was_done_is_told() {
    let broken = |cloud: &Handle| {
        cloud.load([execution("etl-a", "y")]);
        let fault = ListFault { times: None, ..ListFault::new(ListTrouble::Throttled).api("fnf:ListExecutions") };
        cloud.script(fault);
    };
    let world = World::new(vec![execution("etl-a", "x")]).then(broken);
    let watched = world.run(world.watch(SELECT, "", minutes(60))).unwrap();
    assert_eq!((watched.exit_code, watched.ended, watched.rounds), (1, WatchEnd::Unlisted, 2), "{:?}", world.told());
    assert_eq!((watched.stopped, world.stops()), (1, 1));
    assert!(watched.text().contains("1 target stopped"), "{}", watched.text());
    assert_eq!(world.report(2).selections[0].missing.len(), 1);

    let world = World::new(vec![execution("etl-a", "x")]).then(broken);
    let begin = BeginOptions { partial: true, ..BeginOptions::default() };
    let options = SessionOptions { yes: true, ..SessionOptions::default() };
    let watch = world.prepared(SELECT, "", minutes(3), (begin, options)).unwrap();
    let watched = world.run(watch).unwrap();
    assert_eq!((watched.exit_code, watched.ended, watched.rounds), (1, WatchEnd::TimeOver, 4), "{:?}", world.told());
}

#[test]
fn a_window_that_closes_between_rounds_ends_it() {
    let window = |shift: i64| {
        let at = |minutes: i64| {
            let at = SystemClock.now() + SignedDuration::from_mins(minutes);
            at.strftime("%H:%M").to_string()
        };
        let (from, to) = (at(shift - 120), at(shift));
        format!("guards: {{window: {{from: \"{from}\", to: \"{to}\", timezone: UTC}}}}\n")
    };
    let world = World::new(vec![execution("etl-a", "x")]);
    let mut watch = world.watch(SELECT, &window(60), minutes(60));
    let closed = SelectedPlan::load(
        &world.plan(SELECT, &window(-60)),
        Vec::new(),
        SelectionOptions::default(),
        &world.context(),
    )
    .unwrap();
    let first = block_on(watch.round(&world)).unwrap();
    assert!(matches!(watch.rules.next(&watch.course, &first), Next::Round(_)));
    watch.selected = closed;
    let second = block_on(watch.round(&world)).unwrap();
    assert_eq!(watch.rules.next(&watch.course, &second), Next::End(WatchEnd::Guard));
    assert!(watch.ended_by.unwrap().contains("guards.window is closed now"));
    assert_eq!((world.stops(), world.report(2).run.exit_code), (1, 3));
}

#[test]
fn the_deadline_holds_over_all_rounds() {
    let world = World::new(vec![execution("etl-a", "x")]);
    let deadline = Some(Duration::from_secs(150));
    let options = SessionOptions { yes: true, deadline, ..SessionOptions::default() };
    let watched = world.run(world.watch_with(SELECT, "", minutes(60), options)).unwrap();
    assert_eq!((watched.exit_code, watched.ended, watched.rounds), (1, WatchEnd::Deadline, 3), "{:?}", world.told());
    assert_eq!(watched.duration_ms, 150_000);
}

#[test]
fn a_signal_between_rounds_ends_it() {
    let world = World::new(vec![execution("etl-a", "x")]);
    let ended = world.ended.clone();
    let world = world.then(move |_| ended.cancel());
    let watched = world.run(world.watch(SELECT, "", minutes(60))).unwrap();
    assert_eq!((watched.exit_code, watched.ended, watched.rounds), (143, WatchEnd::Signal, 1), "{:?}", world.told());
}

#[test]
fn one_question_at_the_beginning_covers_all_rounds() {
    let mut world = World::new(Vec::new()).comes([execution("etl-a", "x")]);
    world.ui = Arc::new(Recorded { answer: Some(true), ..Recorded::default() });
    let options = SessionOptions::default;
    let watched = world.run(world.watch_with(SELECT, "", minutes(2), options())).unwrap();
    assert_eq!((watched.exit_code, watched.stopped, watched.rounds), (0, 1, 3), "{:?}", world.told());
    let told = world.told().join("\n");
    assert_eq!(told.matches("And whatever matches until ").count(), 1, "{told}");
    assert!(told.contains(", at most 1,000 targets in all."), "{told}");

    let mut world = World::new(vec![execution("etl-a", "x")]);
    world.ui = Arc::new(Recorded { answer: Some(false), ..Recorded::default() });
    let error = world.run(world.watch_with(SELECT, "", minutes(2), options())).unwrap_err();
    assert_eq!((error.status(), world.stops()), (ExitStatus::Refused, 0));
    assert!(!world.folder.path().join("plan.watch").exists());
}

#[test]
fn what_is_no_watch_is_refused() {
    let world = World::new(Vec::new());
    let refused = |begin: BeginOptions, watch: WatchOptions| {
        let error = world.prepared(SELECT, "", watch, (begin, SessionOptions::default())).err().unwrap();
        assert_eq!(error.status(), ExitStatus::BadInput);
        error.text()
    };
    let dry = BeginOptions { dry_run: true, ..BeginOptions::default() };
    assert!(refused(dry, minutes(2)).contains("use `allstop run PLAN --dry-run`"));
    let every = |every: u64| WatchOptions { every: Duration::from_secs(every), ..minutes(2) };
    assert!(refused(BeginOptions::default(), every(9)).contains("at least 10s"));
    assert!(refused(BeginOptions::default(), every(120)).contains("no second round"));
}

#[test]
fn a_round_that_was_killed_is_resumed_from_its_journal() {
    let more = |cloud: &Handle| {
        cloud.load((0..40).map(|n| execution("etl-a", &format!("y{n}"))));
    };
    // What is in doubt may be sent again, however busy the machine is.
    let world = World { patience: "1m", ..World::new(vec![execution("etl-a", "x")]).then(more) };
    let watch = world.watch(SELECT, "limits: {rate: 1/s}\n", minutes(60));
    // As a kill does, the future goes away between two requests.
    block_on(async {
        let killed = async {
            while world.stops() < 12 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            watched = watch.run(&world) => panic!("{watched:?}"),
            () = killed => {}
        }
    });
    assert_eq!(world.report(1).run.exit_code, 0);
    assert!(!world.folder.path().join("plan.watch/0002.report.json").exists());
    let lists = world.requests("fnf:ListExecutions");
    let journal = world.folder.path().join("plan.watch/0002.report.json.journal");
    world.simulator.load([execution("etl-a", "z")]);
    let resumed = ResumeOptions { journal, plan: None, set: Vec::new(), report: None };
    let options = SessionOptions { yes: true, ..SessionOptions::default() };
    let ready = Session::resume(resumed, options, &world.context()).unwrap().ready().unwrap();
    ready.confirm().unwrap();
    let ran = block_on(ready.run(|run| run.speed(SPEED))).unwrap();
    let exit_code = ran.finish(None).exit_code;
    let report = world.report(2);
    let left: Vec<_> = report.targets.iter().filter(|row| !row.outcome.name().ends_with("stopped")).collect();
    assert_eq!(exit_code, 0, "{:?}, {left:?}", world.told());
    assert_eq!(world.requests("fnf:ListExecutions"), lists, "a run that goes on lists nothing");
    assert_eq!(report.targets.len(), 40);
    assert!(report.targets.iter().all(|row| row.outcome.name().ends_with("stopped")));
    let [x, z] = ["x", "z"].map(|name| execution("etl-a", name).id);
    let ledger = world.simulator.ledger();
    assert_eq!([&x, &z].map(|id| ledger.resource(id).unwrap().counts.requests > 0), [true, false]);
}

#[test]
fn a_second_watch_goes_on_with_the_numbers() {
    let world = World::new(vec![execution("etl-a", "x")]);
    let folder = world.folder.path().join("plan.watch");
    world.run(world.watch(SELECT, "", minutes(2))).unwrap();
    let first = std::fs::read(folder.join("0001.report.json")).unwrap();
    world.simulator.load([execution("etl-a", "y")]);
    let mut watch = world.watch(SELECT, "", minutes(2));
    watch.first = folder::next_number(&folder);
    *world.began.lock().unwrap() = Duration::ZERO;
    world.run(watch).unwrap();
    assert_eq!(std::fs::read(folder.join("0001.report.json")).unwrap(), first);
    assert_eq!(respawned(&world.report(4)), [("fnf_execution:etl-a/y", false)]);
}

/// A chat that takes everything, and remembers it.
#[derive(Clone, Default)]
struct Chat(Arc<Mutex<Vec<Value>>>);

impl Transport for Chat {
    fn send(&self, request: SignedRequest) -> BoxFuture<'_, Result<Response, SendError>> {
        self.0.lock().unwrap().push(serde_json::from_slice(&request.body).unwrap());
        let response = Response { status: 200, headers: HeaderMap::new(), body: "{}".into() };
        futures::future::ready(Ok(response)).boxed()
    }
}

#[test]
fn rounds_with_something_to_do_are_notified_of() {
    let comes = |name: &'static str| [execution("etl-a", name)];
    // The second round has nothing to do.
    let world = World::new(vec![execution("etl-a", "r1")]).then(|_| {}).comes(comes("r2"));
    let notify = "notify: {hook: {webhook: {url: {env: URL}}, when: [start, end]}}\n";
    let (chat, context) = (Chat::default(), world.context());
    let environment = [("URL", "https://chat.example.com/")].into_iter().collect();
    let context = Context { environment, ..context }.with_notify_transport(chat.clone());
    let input = world.plan(SELECT, notify);
    let selected = SelectedPlan::load(&input, Vec::new(), SelectionOptions::default(), &context).unwrap();
    let options = SessionOptions { yes: true, ..SessionOptions::default() };
    let lasts = WatchOptions { every: Duration::from_secs(60), ..WatchOptions::new(Duration::from_secs(150)) };
    let watch = Watch::begin(selected, BeginOptions::default(), options, lasts, &context).unwrap();
    let watched = world.run(Watch { folder: world.folder.path().join("plan.watch"), ..watch }).unwrap();
    assert_eq!((watched.rounds, watched.stopped), (3, 2), "{watched:?}");
    let told = chat.0.lock().unwrap();
    let mut events: Vec<_> = told.iter().map(|told| told["event"].as_str().unwrap()).collect();
    events.sort_unstable();
    assert_eq!(events, ["end", "end", "start", "start"]);
}
