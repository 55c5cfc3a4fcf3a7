//! Listing where the credentials are: it comes to what a local run comes to.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::ExposeSecret;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::base::clock::{Clock, SystemClock};
use crate::base::environment::Environment;
use crate::engine::{SelectionRecord, Status, TargetResult};
use crate::plan::{Filters, PlanCopy};
use crate::provider::{Cloud, Credentials};
use crate::report::{Destination, Report};
use crate::session::{
    AfterListing, BeginOptions, Bundle, BundledRun, Context, Finished, Gathered, Input, ListedBundle, Ready,
    ResumeOptions, SelectedPlan, SelectionOptions, Session, SessionOptions, SilentUi,
};
use crate::simulator::{self, Config, Handle, ListFault, ListTrouble, Resource};

const SELECT: &str = "  - {id: all, kind: fnf_execution, select: {flow_name: etl}}\n";
const KEY: [&str; 2] = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"];

/// A simulator with executions, and a plan that selects some of them.
struct World {
    cloud: Handle,
    folder: tempfile::TempDir,
    /// What the command line says.
    filters: Filters,
    partial: bool,
    more: Vec<(&'static str, &'static str)>,
}

fn execution(name: &str) -> Resource {
    let of = json!({"kind": "fnf_execution", "flow_name": "etl", "execution_name": name});
    serde_json::from_value(of).unwrap()
}

impl World {
    /// Makes a plan with these keys and targets besides its account.
    fn new(keys: &str, targets: &str) -> Self {
        let config = Config { speed: 1000.0, quotas: false, ..Config::default() };
        let running = ["run-1", "run-2", "run-3", "kept"].map(execution);
        let cloud = simulator::start(&config, running).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "version: 1
accounts:
  prod: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: '{0}', sts: '{0}'}}}}
defaults: {{account: prod}}
retry: {{initial_delay: 1ms, max_delay: 2ms, max_attempts: 2, max_elapsed: 100ms}}
{keys}
targets:
{targets}",
            cloud.endpoint()
        );
        std::fs::write(folder.path().join("plan.yaml"), text).unwrap();
        Self { cloud, folder, filters: Filters::default(), partial: false, more: Vec::new() }
    }

    fn skip(mut self, pattern: &str) -> Self {
        self.filters.skip.push(pattern.parse().unwrap());
        self
    }

    fn partial(self) -> Self {
        Self { partial: true, ..self }
    }

    fn script(self, fault: ListFault) -> Self {
        self.cloud.script(fault);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The workers' side: it has the keys.
    fn context(&self) -> Context {
        let Credentials::AccessKey { id, secret, .. } = self.cloud.credentials(Cloud::Alibaba, 0) else { panic!() };
        let keys = [(KEY[0], &*id), (KEY[1], secret.expose_secret())];
        Context::new(keys.into_iter().chain(self.more.iter().copied()).collect(), Arc::new(SilentUi))
    }

    fn ready(&self, context: &Context) -> (Ready, PlanCopy) {
        let scope = SelectionOptions { filters: self.filters.clone(), ..SelectionOptions::default() };
        let input = Input::File(self.path("plan.yaml"));
        let (selected, copy) = SelectedPlan::load_copied(&input, Vec::new(), scope, context).unwrap();
        let begin = BeginOptions {
            report: Some(Destination::File(self.path("local.json"))),
            partial: self.partial,
            id: Some("run-of-4".to_owned()),
            ..BeginOptions::default()
        };
        let options = SessionOptions { yes: true, ..SessionOptions::default() };
        (Session::begin(selected, begin, options, context).ready().unwrap(), copy)
    }

    /// Bundles the run where there is no key.
    fn bundle(&self) -> Bundle {
        let (ready, copy) = self.ready(&Context::new(Environment::default(), Arc::new(SilentUi)));
        let bundle = Bundle::from_bytes(&ready.bundle(copy).to_bytes().unwrap()).unwrap();
        assert!(bundle.must_list());
        bundle
    }

    async fn list(&self) -> ListedBundle {
        let listed = self.bundle().list(run(), &self.context(), CancellationToken::new()).await.unwrap();
        ListedBundle { bundle: Bundle::from_bytes(&listed.bundle.to_bytes().unwrap()).unwrap(), ..listed }
    }

    /// Reports what was listed as a run that has ended so.
    fn report(&self, listed: &ListedBundle) -> (u8, Report) {
        let (status, ended_by) = listed.ended.clone().unwrap_or_default();
        let gathered = Gathered { status, ended_by, finished_at: SystemClock.now(), ..Gathered::default() };
        let opened = listed.bundle.open(run(), &self.context()).unwrap();
        let path = self.path("remote.json");
        let unreached = |_| TargetResult::skipped(status.skip_reason());
        let ran = opened.ended(gathered, unreached, Some(Destination::File(path.clone())), Vec::new()).unwrap();
        (ran.finish(None).exit_code, Report::read(&path).unwrap())
    }

    /// Runs the plan here.
    async fn run_here(&self) -> (Finished, Report) {
        let mut ready = self.ready(&self.context()).0;
        let never = CancellationToken::new();
        for step in 0..2 {
            let next = match step {
                0 => ready.sign_in(never.clone()).await,
                _ => ready.list(|listings| listings).await,
            };
            match next.unwrap() {
                AfterListing::Ready(next) => ready = *next,
                AfterListing::Ended(ran) => {
                    return (ran.finish(None), Report::read(&self.path("local.json")).unwrap());
                }
            }
        }
        let finished = ready.run(|run| run).await.unwrap().finish(None);
        (finished, Report::read(&self.path("local.json")).unwrap())
    }

    fn lists(&self) -> u64 {
        self.cloud.ledger().listing_requests(|_| true)
    }
}

fn run() -> BundledRun {
    BundledRun::new("run-of-4".to_owned(), SystemClock.now())
}

/// Says what the listing of a selection came to, but for times.
fn counted(selections: &[SelectionRecord]) -> Vec<(u64, u64, u64, usize)> {
    let count = |of: &SelectionRecord| (of.seen, of.matched, of.left_out.limit, of.missing.len());
    selections.iter().map(count).collect()
}

fn rows(report: &Report) -> Vec<(String, Option<crate::engine::SkipReason>)> {
    report.targets.iter().map(|row| (row.id.clone(), row.reason)).collect()
}

#[tokio::test]
async fn what_is_listed_elsewhere_is_what_a_local_run_would_stop() {
    let targets = format!("{SELECT}  - {{kind: fnf_execution, flow_name: other, execution_name: mine}}\n");
    let world = World::new("guards: {protect: [kept]}", &targets).skip("*run-2");
    let files = || std::fs::read_dir(world.folder.path()).unwrap().count();
    let (bundle, before) = (world.bundle(), files());
    let unlisted = bundle.open(run(), &world.context()).unwrap();
    assert!(unlisted.lanes().is_empty(), "nothing is stopped before everything is found");
    assert_eq!(world.lists(), 0);

    let listed = world.list().await;
    assert_eq!((listed.ended, listed.bundle.must_list(), files()), (None, false, before));
    let opened = listed.bundle.open(run(), &world.context()).unwrap();
    let lanes = opened.lanes();
    let named = |number: &u32| opened.plan().targets[*number as usize].id().into_owned();
    let stops: Vec<_> = lanes.iter().flat_map(|lane| lane.targets.iter().map(named)).collect();
    let local = World::new("guards: {protect: [kept]}", &targets).skip("*run-2");
    let (_, report) = local.run_here().await;
    let stopped = report.targets.iter().filter(|row| row.reason.is_none()).map(|row| row.id.clone());
    assert_eq!(stops, stopped.collect::<Vec<_>>());
    assert_eq!(stops.len(), 3);
    let ids: Vec<_> = opened.plan().targets.iter().map(|target| target.id().into_owned()).collect();
    assert_eq!(ids, report.targets.iter().map(|row| row.id.clone()).collect::<Vec<_>>());

    assert!(opened.sign_in(&lanes[0].targets).await.is_ok());
    // What was listed is not listed again.
    let lists = world.lists();
    let again = listed.bundle.list(run(), &world.context(), CancellationToken::new()).await.unwrap();
    assert_eq!((again.ended, again.bundle.fingerprint(), world.lists()), (None, listed.bundle.fingerprint(), lists));
}

#[tokio::test]
async fn what_was_listed_elsewhere_can_be_taken_home() {
    let world = World::new("", SELECT).skip("*run-2");
    let listed = world.list().await;
    let opened = listed.bundle.open(run(), &world.context()).unwrap();
    let journal = world.path("taken.journal");
    opened.write_journal(&journal, &Gathered::default(), None).await.unwrap();
    let report = Some(Destination::File(world.path("resumed.json")));
    let resumed = ResumeOptions { journal, plan: None, set: Vec::new(), report };
    let options = SessionOptions { yes: true, ..SessionOptions::default() };
    let lists = world.lists();
    let ready = Session::resume(resumed, options, &world.context()).unwrap().ready().unwrap();
    assert_eq!(ready.run(|run| run).await.unwrap().finish(None).exit_code, 0);
    assert_eq!((world.cloud.ledger().requests.stops, world.lists()), (3, lists));
}

#[tokio::test]
async fn guards_and_listings_that_fail_end_it_as_they_end_a_local_run() {
    let lost = || ListFault::new(ListTrouble::Throttled).api("fnf:ListExecutions").forever();
    let explicit = format!("{SELECT}  - {{kind: fnf_execution, flow_name: other, execution_name: mine}}\n");
    let expect = SELECT.replace("{flow_name: etl}", "{flow_name: etl, expect: {at_most: 2}}");
    let nothing = SELECT.replace("etl", "\"zzz-*\"");
    let closed = "guards: {window: {days: [mon], from: '00:00', to: '00:01', timezone: UTC}}";
    let cases: [(&str, &dyn Fn() -> World, Status, u8); 7] = [
        ("too many", &|| World::new("guards: {max_targets: 3}", SELECT), Status::Aborted, 3),
        (
            "too many with those that are named",
            &|| World::new("guards: {max_targets: 4}", &explicit),
            Status::Aborted,
            3,
        ),
        ("unexpected", &|| World::new("", &expect), Status::Aborted, 3),
        ("the window", &|| World::new(closed, &explicit), Status::Aborted, 3),
        ("unlisted", &|| World::new("", &explicit).script(lost()), Status::Unlisted, 1),
        ("partial", &|| World::new("", SELECT).script(lost()).partial(), Status::Completed, 1),
        ("nothing", &|| World::new("", &nothing), Status::Completed, 4),
    ];
    for (name, world, status, exit) in cases {
        let (local, elsewhere) = (world(), world());
        let (finished, here) = local.run_here().await;
        let listed = elsewhere.list().await;
        let (code, there) = elsewhere.report(&listed);
        assert_eq!((finished.exit_code, finished.record.status), (exit, status), "{name}: {finished:?}");
        assert_eq!((code, there.run.status), (exit, status), "{name}");
        assert_eq!(listed.ended.clone().and_then(|(_, by)| by), finished.record.ended_by, "{name}");
        assert_eq!(rows(&there), rows(&here), "{name}");
        let opened = listed.bundle.open(run(), &elsewhere.context()).unwrap();
        let gathered = Gathered::default();
        let ran = opened.ended(gathered, |_| unreachable(), Some(Destination::File(elsewhere.path("x"))), Vec::new());
        assert_eq!(counted(&ran.unwrap().record().selections), counted(&finished.record.selections), "{name}");
    }
}

fn unreachable() -> TargetResult {
    TargetResult::skipped(crate::engine::SkipReason::Aborted)
}

#[tokio::test]
async fn who_may_not_list_or_cannot_says_why() {
    let mut world = World::new("", SELECT);
    let without = Context::new(Environment::default(), Arc::new(SilentUi));
    let never = CancellationToken::new;
    let error = world.bundle().list(run(), &without, never()).await.unwrap_err();
    assert_eq!(error.status(), crate::ExitStatus::BadInput, "{error}");

    let account: &'static str = Box::leak(world.cloud.account_id(Cloud::Alibaba, 0).into_boxed_str());
    world.more.push(("ALLSTOP_DENY_ACCOUNTS", account));
    let error = world.bundle().list(run(), &world.context(), never()).await.unwrap_err();
    assert_eq!(error.status(), crate::ExitStatus::Refused, "{error}");
    assert_eq!(world.lists(), 0);
}

#[tokio::test]
async fn a_drain_and_a_deadline_end_it() {
    let world = World::new("", SELECT);
    let drained = CancellationToken::new();
    drained.cancel();
    let listed = world.bundle().list(run(), &world.context(), drained).await.unwrap();
    assert_eq!(listed.ended, Some((Status::Interrupted, None)));
    assert_eq!(world.report(&listed).0, 130);

    let context = Context::new(Environment::default(), Arc::new(SilentUi));
    let (mut ready, copy) = world.ready(&context);
    ready.session.options.deadline = Some(std::time::Duration::from_secs(60));
    let bundle = ready.bundle(copy);
    let long_ago = BundledRun { started_at: "2026-11-01T00:00:00Z".parse().unwrap(), ..run() };
    let listed = bundle.list(long_ago, &world.context(), CancellationToken::new()).await.unwrap();
    assert_eq!(listed.ended.map(|(status, _)| status), Some(Status::Deadline));
    assert_eq!(listed.bundle.deadline(), Some(std::time::Duration::from_secs(60)));
}
