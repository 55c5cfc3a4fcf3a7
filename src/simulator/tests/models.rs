//! Every kind has a model, and what has none is told.

use super::super::error::NoModel;
use super::super::{Claim, Config, Ledger, Model, RehearsalError, audit, rehearse};
use crate::engine::Outcome;
use crate::http::{Body, Request, Response};
use crate::plan::{Plan, Variables};
use crate::service::{Kind, Lister, Observation, Params, Scope, Service, ServiceInfo, Verdict};

#[test]
fn every_kind_has_a_model_of_its_cloud_and_fields() {
    assert_eq!(Kind::all().len(), Model::all().len());
    for kind in Kind::all() {
        let model = Model::of_kind(kind.name).unwrap_or_else(|| panic!("{kind} has no model"));
        assert_eq!(model.info().cloud, kind.cloud, "{kind}");
        let (scope, name) = (model.info().scope, model.info().name);
        let own = scope.into_iter().filter(|scope| *scope != "project_id").chain([name]);
        let identifying = kind.params.iter().filter(|param| param.identifying).map(|param| param.name);
        assert!(own.eq(identifying), "{kind}");
    }
}

/// A service that the simulator does not know.
struct Unknown;

static INFO: std::sync::LazyLock<ServiceInfo> = std::sync::LazyLock::new(|| {
    let like = Kind::all()[0].service().info();
    ServiceInfo { name: "unknown", ..*like }
});

impl Service for Unknown {
    fn info(&self) -> &'static ServiceInfo {
        &INFO
    }

    fn lister(&self) -> &'static dyn Lister {
        Kind::all()[0].service().lister()
    }

    fn stop(&self, _: &Params, _: &Scope<'_>) -> Request {
        let (api, path) = (INFO.stop_api, "/".to_owned());
        Request { api, method: http::Method::POST, path, query: Vec::new(), body: Body::Empty }
    }

    fn verdict(&self, params: &Params, response: &Response) -> Verdict {
        Kind::all()[0].service().verdict(params, response)
    }

    fn read(&self, _: usize, _: &[&Params], scope: &Scope<'_>) -> Request {
        self.stop(&Params::new([]), scope)
    }

    fn observations(&self, _: usize, _: &[&Params], _: &Response) -> Vec<Observation> {
        Vec::new()
    }
}

fn plan() -> Plan {
    let text = "version: 1
accounts: {a: {cloud: alibaba, region: cn-hangzhou}}
defaults: {account: a}
targets: [{kind: fnf_execution, flow_name: f, execution_name: e}, {id: mine, kind: fnf_execution, flow_name: f, execution_name: g}]";
    let mut plan = Plan::parse(text.as_bytes(), "plan.yaml".as_ref(), &Variables::default()).unwrap().plan;
    plan.targets[1].kind = Kind::new(&Unknown);
    plan
}

#[test]
fn a_kind_without_a_model_is_not_rehearsed() {
    let error = rehearse(&Config::default(), &mut plan()).unwrap_err();
    assert!(matches!(error, RehearsalError::NoModel { cause: NoModel(kind), .. } if kind.name == "unknown"));
    assert_eq!(error.to_string(), "cannot rehearse mine: the simulator has no model of the kind unknown");
    assert!(error.hint().contains("--dry-run"));
}

#[test]
fn a_row_that_nobody_can_judge_is_a_disagreement() {
    let plan = plan();
    for outcome in Outcome::ALL {
        let rows = plan.targets.iter().zip([Outcome::Unknown, outcome]);
        let rows = rows.map(|(target, outcome)| (target, Claim::new(outcome, [])));
        let found = audit(&Ledger::default(), &plan.accounts, rows);
        let told: Vec<_> = found.iter().map(ToString::to_string).collect();
        let outcome = outcome.name();
        assert_eq!(
            told,
            [format!("mine is reported as {outcome}, but the simulator has no model of the kind unknown")]
        );
    }
}
