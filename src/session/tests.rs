//! Sessions as a second program would run them: in one process, each with a user interface of its own.

use std::path::Path;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::base::ExitStatus;
use crate::base::environment::Environment;
use crate::credentials::{CredentialError, CredentialProvider, Identity};
use crate::engine::{Outcome, SignedAccount};
use crate::plan::{Account, Filters, Overview, Plan, Variables};
use crate::provider::Credentials;
use crate::report::{Destination, Report, Summary, whose};
use crate::simulator::Faults;

/// Remembers what it is told, and answers the question as it was told to.
#[derive(Default)]
struct Recorded {
    answer: Option<bool>,
    told: Mutex<Vec<String>>,
}

impl Recorded {
    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }
}

impl Ui for Recorded {
    fn can_confirm(&self) -> bool {
        self.answer.is_some()
    }

    fn status(&self, text: &str) {
        self.told.lock().unwrap().push(text.to_owned());
    }

    fn confirm(&self, question: &Question<'_>) -> Result<bool, SessionError> {
        self.status(&question.text());
        self.answer.ok_or_else(|| question.unasked())
    }

    fn signed_in(&self, accounts: &[SignedAccount]) {
        self.status(&whose(accounts).join("\n"));
    }

    fn ended(&self, summary: &Summary<'_>, exit_code: u8) {
        self.status(&format!("{} ({exit_code})", summary.sentence()));
    }
}

/// Has keys, and says whose they are.
struct Known(Identity);

impl CredentialProvider for Known {
    fn credentials<'a>(&'a self, _: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        ready(Ok(Credentials::AuthToken("token".into()))).boxed()
    }

    fn identify<'a>(
        &'a self,
        _: &'a Account,
        _: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        ready(Ok(Some(self.0.clone()))).boxed()
    }
}

fn context(ui: &Arc<Recorded>) -> Context {
    let ui = Arc::clone(ui);
    Context::new(
        [("HUAWEICLOUD_SDK_AK", "a"), ("HUAWEICLOUD_SDK_PROJECT_ID", "p1")].into_iter().collect::<Environment>(),
        ui,
    )
}

/// Selects one target of a plan with two.
fn selected(only: &str, context: &Context) -> SelectedPlan {
    let text = "
version: 1
accounts: {hua: {cloud: huawei, region: cn-north-4}}
defaults: {account: hua}
targets:
  - {id: a, kind: drs_job, job_id: job-a}
  - {id: b, kind: drs_job, job_id: job-b}
";
    let loaded = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap();
    let scope = SelectionOptions {
        filters: Filters { only: vec![only.parse().unwrap()], ..Filters::default() },
        ..SelectionOptions::default()
    };
    SelectedPlan::new(loaded, scope, context).unwrap()
}

/// Rehearses one target and returns what the session left behind.
fn rehearse(only: &str, report: &Path, ui: &Arc<Recorded>) -> Finished {
    let context = context(ui);
    let rehearsal = RehearsalOptions { faults: Some(Faults::None), seed: 1, speed: Some(1000.0), world: None };
    let begin = BeginOptions {
        rehearsal: Some(rehearsal),
        report: Some(Destination::File(report.to_owned())),
        ..BeginOptions::default()
    };
    let ready = Session::begin(selected(only, &context), begin, SessionOptions::default(), &context).ready().unwrap();
    ready.confirm().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ready.run(|run| run)).unwrap().finish(None)
}

#[test]
fn two_sessions_in_one_process_have_their_own_user_interfaces() {
    let folder = tempfile::tempdir().unwrap();
    let uis = [Arc::new(Recorded::default()), Arc::new(Recorded::default())];
    let names = ["a", "b"];
    let places = names.map(|name| folder.path().join(format!("{name}.json")));
    std::thread::scope(|scope| {
        for ((name, place), ui) in names.iter().zip(&places).zip(&uis) {
            scope.spawn(move || {
                let finished = rehearse(name, place, ui);
                assert_eq!((finished.exit_code, finished.unwritten.len()), (0, 0));
                assert_eq!(finished.line.report.as_deref(), place.to_str());
            });
        }
    });
    for ((name, place), ui) in names.iter().zip(&places).zip(&uis) {
        let told = ui.told();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with("(0)"), "{told:?}");
        let report = Report::read(place).unwrap();
        for row in &report.targets {
            let expected = if row.id == *name { Outcome::Stopped } else { Outcome::Skipped };
            assert_eq!(row.outcome, expected, "{}", row.id);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_report_that_went_to_a_device_is_not_named() {
    let finished = rehearse("a", Path::new("/dev/null"), &Arc::default());
    assert_eq!((finished.exit_code, finished.line.report), (0, None));
}

#[test]
fn no_is_a_refusal_and_having_nobody_to_ask_a_bad_invocation() {
    let folder = tempfile::tempdir().unwrap();
    for (answer, status) in [(Some(false), ExitStatus::Refused), (None, ExitStatus::BadInput)] {
        let ui = Arc::new(Recorded { answer, ..Recorded::default() });
        let context = context(&ui);
        let report = Some(Destination::File(folder.path().join("r.json")));
        let begin = BeginOptions { report, reason: Some("incident".to_owned()), ..BeginOptions::default() };
        let session = Session::begin(selected("a", &context), begin, SessionOptions::default(), &context);
        let error = session.ready().unwrap().confirm().unwrap_err();
        assert_eq!(error.status(), status, "{error}");
        assert_eq!(error.hint().contains("--rehearse"), answer.is_none(), "{}", error.hint());
        // Nobody is asked who cannot be.
        let told = ui.told();
        assert_eq!(told.first().is_some_and(|text| text.contains("Reason: incident")), answer.is_some(), "{told:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written before the run");
}

#[test]
fn nobody_is_told_to_rehearse_what_others_carry_out() {
    let context = Context::new(Environment::default(), Arc::new(SilentUi));
    let begin = BeginOptions { elsewhere: true, ..BeginOptions::default() };
    let session = Session::begin(selected("a", &context), begin, SessionOptions::default(), &context);
    let error = session.ready().unwrap().confirm().unwrap_err();
    assert_eq!(
        (error.status(), error.hint()),
        (ExitStatus::BadInput, "pass --yes to skip the prompt; nothing was sent")
    );
}

#[test]
fn the_question_shows_the_remark_and_the_place_of_who_carries_the_run_out() {
    let remark = |plan: &Plan, overview: &Overview| {
        Some(format!("{} stops {} in {} lane(s).", plan.name, overview.stops(), overview.lanes))
    };
    let ui = Arc::new(Recorded { answer: Some(false), ..Recorded::default() });
    let context = context(&ui);
    let folder = tempfile::tempdir().unwrap();
    let report = Some(Destination::File(folder.path().join("r.json")));
    let place = Some("The run goes to a fleet.".to_owned());
    let begin = BeginOptions { report, elsewhere: true, place, remark: Some(remark), ..BeginOptions::default() };
    let session = Session::begin(selected("a", &context), begin, SessionOptions::default(), &context);
    session.ready().unwrap().confirm().unwrap_err();
    assert!(
        ui.told().iter().any(|text| text.contains(" stops 1 in 1 lane(s).\nThe run goes to a fleet.\n")),
        "{:?}",
        ui.told()
    );
}

#[test]
fn who_confirms_nothing_sends_nothing() {
    let context = Context::new(Environment::default(), Arc::new(SilentUi));
    let folder = tempfile::tempdir().unwrap();
    let report = Some(Destination::File(folder.path().join("r.json")));
    let mut session = Session::begin(
        selected("a", &context),
        BeginOptions { report, ..BeginOptions::default() },
        SessionOptions::default(),
        &context,
    );
    // Without a project, the run would be refused before the question.
    Arc::make_mut(&mut session.selected.plan).accounts[0].project_id = Some("p1".to_owned());
    assert_eq!(session.ready().unwrap().confirm().unwrap_err().status(), ExitStatus::BadInput);
}

#[test]
fn the_question_says_whose_the_accounts_are_and_a_run_without_one_tells_it() {
    let folder = tempfile::tempdir().unwrap();
    let report = || Some(Destination::File(folder.path().join("r.json")));
    let identity = Identity::new("d78cbac186b744899480f25bd022f468", "user ops");
    let line = "hua = account d78cbac186b744899480f25bd022f468, as user ops";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (answer, options) in
        [(Some(true), SessionOptions::default()), (None, SessionOptions { yes: true, ..SessionOptions::default() })]
    {
        let ui = Arc::new(Recorded { answer, ..Recorded::default() });
        let context = context(&ui).with_credentials(Known(identity.clone()));
        let begin = BeginOptions { report: report(), ..BeginOptions::default() };
        let ready = Session::begin(selected("a", &context), begin, options, &context).ready().unwrap();
        let ready = match runtime.block_on(ready.sign_in(CancellationToken::new())).unwrap() {
            AfterListing::Ready(ready) => ready,
            AfterListing::Ended(_) => panic!("nobody ended it"),
        };
        ready.confirm().unwrap();
        let told = ui.told();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].lines().any(|shown| shown == line), "{told:?}");
    }
}
