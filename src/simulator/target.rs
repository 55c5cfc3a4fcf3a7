//! The resource that a plan's target names. The only place where the simulator knows plans' targets.

use super::config::Config;
use super::error::NoModel;
use super::fault_injector::FaultInjector;
use super::resource::{Id, Resource};
use super::select_audit::Row;
use super::service::Model;
use super::wish::Wish;
use crate::plan::{Account, Select, Target};
use crate::service::Value;

impl Id {
    /// Names the resource of a target.
    ///
    /// The id carries the number of the target's account in the plan: requests for it must be signed with
    /// the simulator's keys of that number.
    ///
    /// # Errors
    ///
    /// Fails if the simulator has no model of its kind.
    pub fn of(target: &Target, accounts: &[Account]) -> Result<Self, NoModel> {
        let account = accounts.get(usize::from(target.account));
        let model = Model::of_kind(target.kind.name).ok_or(NoModel(target.kind))?;
        Ok(Self::named(model, target.account, |field| match field {
            "project_id" => account.and_then(Account::project_id),
            _ => target.params.given(target.kind.params).find_map(|(param, value)| match value {
                Value::Text(text) if param.name == field => Some(text),
                Value::Text(_) | Value::Flag(_) => None,
            }),
        }))
    }

    /// Names a resource by its model and the values of a plan's fields; a field without a value is empty.
    fn named<'a>(model: Model, account: u16, field: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        let info = model.info();
        let (scope, name) = (info.scope.and_then(&field).unwrap_or_default(), field(info.name).unwrap_or_default());
        Self { model, account, scope: scope.into(), name: name.into() }
    }
}

impl Row {
    /// Takes what the audit of selections needs to know of a target.
    ///
    /// # Errors
    ///
    /// Fails if the simulator has no model of its kind.
    pub fn of(target: &Target, accounts: &[Account]) -> Result<Self, NoModel> {
        Ok(Self { id: Id::of(target, accounts)?, selection: target.selection.clone() })
    }
}

impl Wish {
    /// Reads a selection of a plan.
    ///
    /// # Errors
    ///
    /// Fails with the reason in words if the simulator does not understand it.
    pub fn of(select: &Select) -> Result<Self, String> {
        Self::read(&select.id, select.kind.name, select.accounts.clone(), &select.query.written)
    }
}

impl Resource {
    /// Lets it begin in the state that the settings draw for it: most run, some have stopped or ended, some are
    /// stopping.
    pub fn draw(&mut self, config: &Config) {
        self.initial = FaultInjector::of(config).initial(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_made_of_the_kinds_own_fields() {
        let fill = |field: &'static str| Some(field);
        for (kind, scope, name) in [
            ("fnf_execution", "flow_name", "execution_name"),
            ("opensearch_task", "instance_id", "fsm_id"),
            ("elasticsearch_task", "", "instance_id"),
            ("live_flow", "project_id", "flow_id"),
            ("drs_job", "project_id", "job_id"),
        ] {
            let id = Id::named(Model::of_kind(kind).expect(kind), 3, fill);
            assert_eq!((id.account, &*id.scope, &*id.name), (3, scope, name));
        }
        assert_eq!(Model::of_kind("volcano"), None);
    }
}
