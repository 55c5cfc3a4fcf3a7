//! The search attributes of runs: Temporal's own tools find runs by them.

use allstop::session::Context;
use temporalio_client::grpc::OperatorService;
use temporalio_client::tonic::{Code, IntoRequest};
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType;
use temporalio_common::protos::temporal::api::operatorservice::v1::ListSearchAttributesRequest;
use temporalio_common::search_attributes::{SearchAttributeKey, SearchAttributes};

use super::start::StartError;
use crate::client::encrypts;
use crate::wire::RunMemo;

/// The name of the plan.
const PLAN: SearchAttributeKey<String> = SearchAttributeKey::keyword("AllstopPlan");

/// Who submitted the run, or froze it for a schedule.
const BY: SearchAttributeKey<String> = SearchAttributeKey::keyword("AllstopSubmittedBy");

/// How many targets it stops.
const TARGETS: SearchAttributeKey<i64> = SearchAttributeKey::int("AllstopTargets");

/// Returns the search attributes of a run. All of it is also where no payload key encrypts it: in the summary, and in the
/// identity of the client. What only the memo has, such as the reason, is none of them.
pub(crate) fn search_attributes(about: &RunMemo) -> SearchAttributes {
    let RunMemo { plan, by, targets, .. } = about;
    let targets = targets.map(|targets| TARGETS.value_set(i64::try_from(targets).unwrap_or(i64::MAX)));
    SearchAttributes::new([PLAN.value_set(plan.clone()), BY.value_set(by.clone())].into_iter().chain(targets))
}

/// Fails where the namespace does not have the search attributes of runs, and warns where a payload key does not encrypt
/// them.
pub(crate) async fn demand_search_attributes(client: &Client, context: &Context) -> Result<(), StartError> {
    let request = ListSearchAttributesRequest { namespace: client.namespace() };
    let listed = OperatorService::list_search_attributes(&mut client.clone(), request.into_request()).await;
    match listed {
        Ok(listed) => {
            let custom = listed.into_inner().custom_attributes;
            check(&client.namespace(), |name| {
                custom.get(name).and_then(|kind| IndexedValueType::try_from(*kind).ok())
            })?;
        }
        // Who may start runs need not be allowed to list them. The server checks them at the start.
        Err(status) if matches!(status.code(), Code::PermissionDenied | Code::Unimplemented) => {}
        Err(status) => return Err(StartError::engine(status.message())),
    }
    if encrypts(client).await {
        context.ui.warning(
            "the payload key does not encrypt search attributes: the server can read the plan's name, who submits it and \
             the number of targets",
        );
    }
    Ok(())
}

/// Fails where `registered` does not have all search attributes with their types.
fn check(namespace: &str, registered: impl Fn(&str) -> Option<IndexedValueType>) -> Result<(), StartError> {
    let all = [
        (PLAN.name(), PLAN.indexed_value_type()),
        (BY.name(), BY.indexed_value_type()),
        (TARGETS.name(), TARGETS.indexed_value_type()),
    ];
    let (mut missing, mut options) = (Vec::new(), Vec::new());
    for (name, kind) in all {
        match registered(name) {
            Some(other) if other != kind => {
                let message = format!("the search attribute {name} has the type {other:?}, and not {kind:?}");
                let hint = format!(
                    "remove it with `temporal operator search-attribute remove --namespace {namespace} --name {name}`, and \
                     register it again, or submit without --search-attributes; nothing was sent"
                );
                return Err(StartError::Attributes { message, hint });
            }
            Some(_) => {}
            None => {
                missing.push(name);
                options.push(format!(" --name {name} --type {kind:?}"));
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("search attributes are not registered in the namespace {namespace}: {}", missing.join(", "));
    let hint = format!(
        "register them with `temporal operator search-attribute create --namespace {namespace}{}`, or submit without \
         --search-attributes; nothing was sent",
        options.concat()
    );
    Err(StartError::Attributes { message, hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(targets: Option<u64>) -> RunMemo {
        RunMemo {
            plan: "nightly".to_owned(),
            plan_sha256: String::new(),
            reason: Some("incident 4711".to_owned()),
            by: "ann@ops-1".to_owned(),
            targets,
        }
    }

    fn refused(registered: &[(&str, IndexedValueType)]) -> Option<(String, String)> {
        let kind = |name: &str| registered.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
        check("prod", kind).err().map(|error| (error.to_string(), error.hint()))
    }

    #[test]
    fn a_run_has_what_is_readable_anyway() {
        let attributes = search_attributes(&about(Some(70)));
        assert_eq!(attributes.get(&PLAN).as_deref(), Some("nightly"));
        assert_eq!(attributes.get(&BY).as_deref(), Some("ann@ops-1"));
        assert_eq!((attributes.get(&TARGETS), attributes.len()), (Some(70), 3));
        // What a worker lists is not counted yet.
        assert_eq!(search_attributes(&about(None)).len(), 2);
    }

    #[test]
    fn what_is_missing_is_named_with_the_command_that_registers_it() {
        use IndexedValueType::{Int, Keyword};
        let (message, hint) = refused(&[("AllstopPlan", Keyword)]).unwrap();
        let missing = "search attributes are not registered in the namespace prod: AllstopSubmittedBy, AllstopTargets";
        assert_eq!(message, missing);
        let command = "`temporal operator search-attribute create --namespace prod --name AllstopSubmittedBy --type Keyword \
                       --name AllstopTargets --type Int`";
        assert!(hint.contains(command) && hint.ends_with("nothing was sent"), "{hint}");
        let all = [("AllstopPlan", Keyword), ("AllstopSubmittedBy", Keyword), ("AllstopTargets", Int)];
        assert_eq!(refused(&all), None);
        let (message, _) = refused(&[all[0], all[1], ("AllstopTargets", Keyword)]).unwrap();
        assert_eq!(message, "the search attribute AllstopTargets has the type Keyword, and not Int");
    }
}
