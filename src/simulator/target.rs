//! The resource that a plan's target names. The only place where the simulator knows plans' targets.

use super::config::Config;
use super::dice::Dice;
use super::resource::{Id, Initial, Resource};
use super::service::Service;
use crate::plan::{Account, Target};
use crate::service::Value;

impl Id {
    /// Names the resource of a target; `None` where the simulator has no such service.
    ///
    /// The id carries the number of the target's account in the plan: requests for it must be signed with
    /// the simulator's keys of that number.
    #[must_use]
    pub fn of(target: &Target, account: &Account) -> Option<Self> {
        Self::named(target.kind.name(), target.account, |field| match field {
            "project_id" => account.project_id.as_deref(),
            _ => target.params.given(target.kind.params()).find_map(|(param, value)| match value {
                Value::Text(text) if param.name == field => Some(text),
                Value::Text(_) | Value::Flag(_) => None,
            }),
        })
    }

    /// Names a resource by its kind and what a plan says in each field; a field nobody filled is empty.
    fn named<'a>(kind: &str, account: u16, field: impl Fn(&'static str) -> Option<&'a str>) -> Option<Self> {
        let service = Service::of_kind(kind)?;
        let (scope, name) = service.fields();
        Some(Self {
            service,
            account,
            scope: scope.and_then(&field).unwrap_or_default().into(),
            name: field(name).unwrap_or_default().into(),
        })
    }
}

impl Resource {
    /// Builds the running resource that a target names; `None` where the simulator has no such service.
    #[must_use]
    pub fn of(target: &Target, account: &Account) -> Option<Self> {
        Some(Self { id: Id::of(target, account)?, initial: Initial::Running })
    }

    /// Lets it begin in the state that the settings draw for it: most run, some were stopped or came to their end
    /// before, some are just being stopped.
    #[must_use]
    pub fn drawn(self, config: &Config) -> Self {
        let initial = Dice::of(config).initial(&self.id);
        Self { initial, ..self }
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
            let id = Id::named(kind, 3, fill).expect(kind);
            assert_eq!((id.account, &*id.scope, &*id.name), (3, scope, name));
        }
        assert_eq!(Id::named("volcano", 0, fill), None);
    }
}
