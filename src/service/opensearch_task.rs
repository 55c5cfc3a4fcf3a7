//! Tasks of Alibaba Cloud OpenSearch Retrieval Engine Edition (searchengine): `StopTask`, read back with the two
//! task lists of the instance.
//!
//! A success is the documented `result` of `{}` or `[]`. Each listing is whole (it has no pages), so one serves
//! all tasks of an instance. No page explains the words of a task's status: only words that say plainly what they
//! mean are taken for a state. Follows the vendor's pages "StopTask", "ListClusterTasks" and "ListDataSourceTasks".

use http::Method;

use self::info::{FSM_ID, INFO, INSTANCE_ID, STOP};
use self::task_list::TaskList;
use self::unknown::is_unknown;
use super::info::ServiceInfo;
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Meaning, Observation, State, Verdict};
use super::param::Params;
use super::response::{self, BodyStatus};
use super::scope::Scope;
use crate::http::{Body, Request, Response};
use crate::provider::encode::encode;
use crate::provider::{Json, Listed, Object, Search};

mod info;
mod instances;
mod listing;
mod status;
mod task_list;
mod tasks;
mod unknown;

/// The service.
pub(super) static SERVICE: &dyn Service = &OpensearchTask;

struct OpensearchTask;

impl Service for OpensearchTask {
    fn info(&self) -> &'static ServiceInfo {
        &INFO
    }

    fn lister(&self) -> &'static dyn Lister {
        &listing::LISTER
    }

    fn stop(&self, params: &Params, _scope: &Scope<'_>) -> Request {
        let path = format!("{}/stop-task/{}", task_list::instance(params.name(INSTANCE_ID)), encode(params.name(FSM_ID)));
        Request { api: &STOP, method: Method::PUT, path, query: Vec::new(), body: Body::Empty }
    }

    fn verdict(&self, _params: &Params, response: &Response) -> Verdict {
        match response::of_stop(&INFO, response, body_status, &[]) {
            Ok(success) => match success.body.get("result") {
                Some(Json::Object(result)) if result.is_empty() => success.verdict(Meaning::Stopped),
                Some(Json::List { is_empty: true }) => success.verdict(Meaning::Stopped),
                // More than the documented nothing: accepted, but no proof.
                Some(Json::Object(_) | Json::List { .. }) => success.verdict(Meaning::Accepted),
                _ => success.unproven("a success without a result"),
            },
            Err(refusal) if is_unknown(refusal.code(), &THINGS) => refusal.verdict(Meaning::NotFound),
            Err(refusal) => refusal.failed(),
        }
    }

    fn read(&self, stage: usize, batch: &[&Params], _scope: &Scope<'_>) -> Request {
        let list = if stage == 0 { TaskList::Cluster } else { TaskList::DataSource };
        list.request(batch.first().map(|params| params.name(INSTANCE_ID)).unwrap_or_default())
    }

    fn observations(&self, stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation> {
        let mut tasks = Search::new("result", "fsmId", batch.iter().map(|params| params.name(FSM_ID)));
        let success = match response::of_list(&INFO, response, &mut tasks) {
            Ok(success) => success,
            // Without the instance there are no tasks of it; without anything else there may be.
            Err(refusal) if is_unknown(refusal.code(), &["instance"]) => return vec![Ok(State::Absent); batch.len()],
            Err(refusal) => return vec![Err(refusal.into_error()); batch.len()],
        };
        if !matches!(success.body.get("result"), Some(Json::List { .. })) {
            return vec![Err(success.odd("a task list without a result")); batch.len()];
        }
        let of = |params: &&Params| tasks.of(params.name(FSM_ID)).map_or_else(|| unlisted(stage), state);
        batch.iter().map(|params| Ok(of(params))).collect()
    }

    fn read_group<'p>(&self, params: &'p Params) -> &'p str {
        params.name(INSTANCE_ID)
    }
}

/// Returns what the body of a response states about the stop. The API's responses have no status but HTTP's.
///
/// No refusal is documented with a result: one that shows it contradicts itself.
fn body_status(body: &Object<'_>) -> BodyStatus {
    match body.get("result") {
        _ if body.says("status") || body.says("Status") => BodyStatus::Odd,
        Some(Json::Object(_) | Json::List { .. }) => BodyStatus::Done,
        _ => BodyStatus::Nothing,
    }
}

/// What a code that ends in "not found" must name to speak of the task.
const THINGS: [&str; 3] = ["instance", "task", "fsm"];

/// A task that the last list lacks, too, may be of a sort that neither shows: that is no proof that it is gone.
fn unlisted(stage: usize) -> State {
    if stage + 1 < INFO.read_apis.len() { State::Absent } else { State::Unclear("in neither task list".into()) }
}

fn state(listed: &Listed) -> State {
    match listed {
        Listed::Status(word) => status::state(word.clone()),
        Listed::Bare => State::Unclear("no status".into()),
        Listed::Unclear => State::Unclear("listed twice, with different words".into()),
    }
}

#[cfg(test)]
mod tests;
