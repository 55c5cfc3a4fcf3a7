mod listing;

use std::path::Path;
use std::sync::Arc;

use crate::base::environment::Environment;
use crate::engine::{Outcome, SkipReason, TargetResult};
use crate::plan::{Filters, Plan, Variables};
use crate::provider::{Cloud, Credentials};
use crate::report::{Destination, Report};
use crate::session::{
    BeginOptions, Bundle, BundledRun, Context, Gathered, Input, Ready, ResumeOptions, SelectedPlan, SelectionOptions,
    Session, SessionOptions, SilentUi,
};
use crate::simulator::{self, Config, Handle};
use secrecy::ExposeSecret;

/// A simulator, and a plan with a file and a variable that leads to it.
struct World {
    cloud: Handle,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let (cloud, folder) = (simulator::start(&Config::default(), []).unwrap(), tempfile::tempdir().unwrap());
        let text = format!(
            "version: 1
accounts:
  prod: {{cloud: alibaba, region: \"${{REGION}}\", endpoints: {{fnf: '{0}', elasticsearch: '{0}', sts: '{0}'}}}}
defaults: {{account: prod}}
guards: {{protect: [kept]}}
targets:
  - {{kind: fnf_execution, from: runs.csv}}
  - {{kind: elasticsearch_task, instance_id: es-cn-1}}
",
            cloud.endpoint()
        );
        std::fs::write(folder.path().join("plan.yaml"), text).unwrap();
        let runs = "flow_name,execution_name\netl,run-1\netl,run-2\netl,kept\netl,run-3\n";
        std::fs::write(folder.path().join("runs.csv"), runs).unwrap();
        Self { cloud, folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// The workers' side: no variable of the plan, and the keys.
    fn context(&self) -> Context {
        let Credentials::AccessKey { id, secret, .. } = self.cloud.credentials(Cloud::Alibaba, 0) else { panic!() };
        let keys = [("ALIBABA_CLOUD_ACCESS_KEY_ID", &*id), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret.expose_secret())];
        Context::new(keys.into_iter().collect(), Arc::new(SilentUi))
    }

    fn ready(&self, skip: &str) -> (Ready, crate::plan::PlanCopy) {
        let context = Context::new(Environment::default(), Arc::new(SilentUi));
        let filters = Filters { skip: vec![skip.parse().unwrap()], ..Filters::default() };
        let scope = SelectionOptions { filters, ..SelectionOptions::default() };
        let set = vec![("REGION".to_owned(), "cn-hangzhou".to_owned())];
        let input = Input::File(self.path("plan.yaml"));
        let (selected, copy) = SelectedPlan::load_copied(&input, set, scope, &context).unwrap();
        let begin = BeginOptions {
            report: Some(Destination::File(self.path("unused.json"))),
            reason: Some("incident".to_owned()),
            id: Some("run-of-4".to_owned()),
            ..BeginOptions::default()
        };
        let options = SessionOptions { rate: Some("50/s".parse().unwrap()), ..SessionOptions::default() };
        (Session::begin(selected, begin, options, &context).ready().unwrap(), copy)
    }

    fn bundle(&self, skip: &str) -> Bundle {
        let (ready, copy) = self.ready(skip);
        assert_eq!(ready.refusal(), None);
        Bundle::from_bytes(&ready.bundle(copy).to_bytes().unwrap()).unwrap()
    }
}

fn run() -> BundledRun {
    BundledRun::new("run-of-4".to_owned(), "2026-11-01T00:00:00Z".parse().unwrap())
}

#[tokio::test]
async fn a_run_is_carried_out_in_parts_without_its_files_and_reported_as_one() {
    let world = World::new();
    let bundle = world.bundle("run-3");
    std::fs::remove_file(world.path("runs.csv")).unwrap();
    assert_eq!((bundle.run_id(), bundle.plan_name(), bundle.reason()), ("run-of-4", "plan", Some("incident")));
    assert_eq!(bundle.variables().collect::<Vec<_>>(), ["REGION"]);

    let opened = bundle.open(run(), &world.context()).unwrap();
    let lanes = opened.lanes();
    let shown: Vec<_> = lanes.iter().map(|lane| (&*lane.api, lane.targets.clone())).collect();
    assert_eq!(
        shown,
        [("fnf:StopExecution", vec![0, 1]), ("elasticsearch:InterruptElasticsearchTask", vec![4])],
        "what is protected or left out is in no lane"
    );
    world.cloud.load(simulator::resources(opened.plan()).unwrap());
    let mut gathered = Gathered::default();
    for lane in &lanes {
        let keyring = Arc::new(opened.sign_in(&lane.targets).await.unwrap());
        let record = opened.part(lane.targets.iter().copied(), keyring).execute().await.unwrap();
        let state = record.resume_state();
        state.done.iter().for_each(|(target, fact)| gathered.past.done.insert(target, &fact));
        gathered.lanes.extend(record.lanes);
        gathered.accounts = record.accounts;
        gathered.finished_at = record.finished_at;
    }
    assert!(gathered.lanes.iter().all(|(lane, _)| (lane.rate - 50.0).abs() < 1e-9), "the options were kept");

    let report = world.path("report.json");
    let ran = opened.ended(
        gathered,
        |_| TargetResult::skipped(SkipReason::Interrupted),
        Some(Destination::File(report.clone())),
        Vec::new(),
    );
    assert_eq!(ran.unwrap().finish(None).exit_code, 0);
    let report = Report::read(&report).unwrap();
    let rows: Vec<_> = report.targets.iter().map(|row| (row.outcome, row.reason)).collect();
    assert_eq!(rows.len(), 5);
    assert_eq!([rows[0].0, rows[1].0, rows[4].0], [Outcome::Stopped; 3]);
    assert_eq!([rows[2].1, rows[3].1], [Some(SkipReason::Protected), Some(SkipReason::Filtered)]);
    assert_eq!((&*report.run.id, report.run.reason.as_deref()), ("run-of-4", Some("incident")));
    assert_eq!(world.cloud.ledger().requests.stops, 3);
}

#[tokio::test]
async fn what_is_known_becomes_a_journal_that_a_run_goes_on_from() {
    let world = World::new();
    let bundle = world.bundle("nothing");
    let opened = bundle.open(run(), &world.context()).unwrap();
    world.cloud.load(simulator::resources(opened.plan()).unwrap());
    let keyring = Arc::new(opened.sign_in(&[0, 1]).await.unwrap());
    let record = opened.part([0, 1], keyring).execute().await.unwrap();
    let mut gathered = Gathered { past: record.resume_state(), ..Gathered::default() };
    // The second one is in doubt, as after a kill.
    let kept = gathered.past.done.get(0).unwrap();
    gathered.past.done = std::iter::once((0, kept)).collect();
    gathered.past.open.insert(1, crate::engine::InProgress::default());

    let journal = world.path("taken.journal");
    opened.write_journal(&journal, &gathered, None).await.unwrap();
    // It goes beside the journal, wherever the run was prepared.
    let report = world.path("taken.report.json");
    let resumed =
        ResumeOptions { journal, plan: None, set: vec![("REGION".to_owned(), "cn-hangzhou".to_owned())], report: None };
    let options = SessionOptions { yes: true, ..SessionOptions::default() };
    let ready = Session::resume(resumed, options, &world.context()).unwrap().ready().unwrap();
    let ran = ready.run(|run| run).await.unwrap();
    assert_eq!(ran.finish(None).exit_code, 0);
    let rows = Report::read(&report).unwrap().targets;
    assert_eq!(rows[0].outcome, Outcome::Stopped);
    // It was stopped, and the doubt is settled by a read.
    assert_eq!(rows[1].outcome, Outcome::Stopped);
    assert_eq!(world.cloud.ledger().requests.stops, 4, "nothing that was stopped is stopped again");
}

#[test]
fn a_plan_that_is_read_otherwise_is_refused() {
    let world = World::new();
    let mut bundle = world.bundle("nothing");
    bundle.header.plan.fingerprint = "0".repeat(64);
    let error = bundle.open(run(), &world.context()).err().unwrap();
    assert!(error.to_string().contains("is not the one the run began with"), "{error}");
}

#[test]
fn bytes_of_another_version_are_refused() {
    let world = World::new();
    let mut bytes = world.bundle("nothing").to_bytes().unwrap();
    bytes[0] = 99;
    let error = Bundle::from_bytes(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "the run was bundled in version 99 of the format, and this program reads version 1");
    assert!(Bundle::from_bytes(b"").is_err());
}

#[test]
fn the_values_of_variables_are_not_shown() {
    let world = World::new();
    let bundle = world.bundle("nothing");
    assert!(!format!("{bundle:?}").contains("cn-hangzhou"));
    let text = std::fs::read(world.path("plan.yaml")).unwrap();
    assert!(Plan::parse(&text, Path::new("plan.yaml"), &Variables::default()).is_err());
}

/// Workers open a run at different times; what it protects depends on when it began, and its calendar is in the bundle.
#[test]
fn a_pattern_with_a_last_day_protects_in_runs_that_began_before() {
    let world = World::new();
    let plan = std::fs::read_to_string(world.path("plan.yaml")).unwrap();
    let guards = "guards: {protect: [kept], protect_until: {run-3: 2026-10-31}, window: {timezone: UTC, except: {calendar: c.ics}}}";
    std::fs::write(world.path("plan.yaml"), plan.replace("guards: {protect: [kept]}", guards)).unwrap();
    let event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101\nEND:VEVENT\nEND:VCALENDAR\n";
    std::fs::write(world.path("c.ics"), event).unwrap();
    let bundle = world.bundle("nothing");
    std::fs::remove_file(world.path("c.ics")).unwrap();
    let stops = |began: &str| {
        let run = BundledRun::new("run-of-4".to_owned(), began.parse().unwrap());
        let opened = bundle.open(run, &world.context()).unwrap();
        assert_eq!(opened.plan().guards.window.as_ref().unwrap().except.texts(), ["2020-01-01"]);
        opened.stops()
    };
    assert_eq!(["2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z"].map(stops), [3, 4]);
}
