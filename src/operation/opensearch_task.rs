//! Tasks of Alibaba Cloud OpenSearch Retrieval Engine Edition (searchengine): `StopTask`, read back with the two
//! task lists of the instance.
//!
//! A success is the documented `result` of `{}` or `[]`. Each listing is whole (it has no pages), so one serves
//! all tasks of an instance. No page explains the words of a task's status: only words that say plainly what they
//! mean are taken for a state. Follows the vendor's pages "StopTask", "ListClusterTasks" and "ListDataSourceTasks".

use std::collections::HashMap;

use http::Method;
use serde_json_borrow::Value;

use super::answer::{self, Refusal, Success};
use super::{Facts, Meaning, Operation, Param, Params, Scope, Shape, Sighting, State, Verdict};
use crate::class::ErrorClass;
use crate::vendor::encode::encode;
use crate::vendor::{Cloud, Code};
use crate::wire::{Api, Body, Reply, Request, Style};

pub(super) struct Service;

static STOP: Api = api("StopTask", 1);
static CLUSTER_TASKS: Api = api("ListClusterTasks", usize::MAX);
static DATA_SOURCE_TASKS: Api = api("ListDataSourceTasks", usize::MAX);
static READS: [&Api; 2] = [&CLUSTER_TASKS, &DATA_SOURCE_TASKS];

const fn api(action: &'static str, batch: usize) -> Api {
    Api { product: "searchengine", action, version: "2021-10-25", style: Style::Roa, quota: None, batch }
}

const INSTANCE_ID: usize = 0;
const FSM_ID: usize = 1;

static PARAMS: [Param; 2] = [
    Param {
        name: "instance_id",
        about: "the instance's id, such as ha-cn-7mz2nx41h01",
        example: super::Value::Text("ha-cn-7mz2nx41h01"),
        shape: ID,
        identifying: true,
    },
    Param {
        name: "fsm_id",
        about: "the task's id, as the task lists show it",
        example: super::Value::Text("tisplus_opensearch@datasource_flow_fsm@165343"),
        shape: ID,
        identifying: true,
    },
];

const ID: Shape = Shape::Text { max_chars: 512, ascii: false };

static FACTS: Facts = Facts {
    name: "opensearch_task",
    title: "Alibaba Cloud OpenSearch task",
    cloud: Cloud::Alibaba,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &READS,
    lasting: None,
    permission: "the RAM user needs searchengine:StopTask, and searchengine:ListClusterTasks and \
        searchengine:ListDataSourceTasks to read the state back, on \
        acs:searchengine:<region>:<account>:instance/<instance>",
    read_permission: "the RAM user needs searchengine:ListClusterTasks and searchengine:ListDataSourceTasks on \
        acs:searchengine:<region>:<account>:instance/<instance>",
    codes: &CODES,
};

static CODES: [Code; 1] = [Code::new(404, "instance.NotFound", "the account has no such instance in the region")
    .advice("check instance_id, such as ha-cn-7mz2nx41h01, and the account's region")];

impl Operation for Service {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn stop(&self, params: &Params, _scope: &Scope<'_>) -> Request {
        let path = format!("{}/stop-task/{}", instance(params), encode(params.name(FSM_ID)));
        Request { api: &STOP, method: Method::PUT, path, query: Vec::new(), body: Body::Empty }
    }

    fn verdict(&self, reply: &Reply) -> Verdict {
        match answer::of(Cloud::Alibaba, reply) {
            Ok(success) => match success.body.get("result") {
                Some(Value::Object(result)) if result.is_empty() => success.verdict(Meaning::Stopped),
                Some(Value::Array(result)) if result.is_empty() => success.verdict(Meaning::Stopped),
                // More than the documented nothing: taken, but no proof.
                Some(Value::Object(_) | Value::Array(_)) => success.verdict(Meaning::Accepted),
                Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Str(_)) | None => {
                    success.unproven("a success without a result")
                }
            },
            Err(refusal) if is_unknown(&refusal) => refusal.verdict(Meaning::NotFound),
            Err(refusal) => refusal.failed(),
        }
    }

    fn read(&self, stage: usize, batch: &[&Params], _scope: &Scope<'_>) -> Request {
        let (api, list) =
            if stage == 0 { (&CLUSTER_TASKS, "cluster-tasks") } else { (&DATA_SOURCE_TASKS, "data-source-tasks") };
        let path = format!("{}/{list}", batch.first().map(|params| instance(params)).unwrap_or_default());
        Request { api, method: Method::GET, path, query: Vec::new(), body: Body::Empty }
    }

    fn sightings(&self, stage: usize, batch: &[&Params], reply: &Reply) -> Vec<Sighting> {
        let success = match answer::of(Cloud::Alibaba, reply) {
            Ok(success) => success,
            Err(refusal) if is_unknown(&refusal) => return vec![Ok(State::Absent); batch.len()],
            Err(refusal) => return vec![Err(refusal.into_fault()); batch.len()],
        };
        match statuses(&success) {
            Some(listed) => {
                let of = |params: &&Params| listed.get(params.name(FSM_ID)).copied();
                batch.iter().map(|params| Ok(of(params).map_or_else(|| unlisted(stage), state))).collect()
            }
            None => vec![Err(success.odd("a task list without a result")); batch.len()],
        }
    }

    fn read_group<'p>(&self, params: &'p Params) -> &'p str {
        params.name(INSTANCE_ID)
    }
}

fn instance(params: &Params) -> String {
    format!("/openapi/ha3/instances/{}", encode(params.name(INSTANCE_ID)))
}

/// Tells whether the service, and not some gateway or proxy before it, does not know the instance or the task.
fn is_unknown(refusal: &Refusal) -> bool {
    refusal.class == ErrorClass::NotFound && !refusal.code().is_empty()
}

/// Returns the status of every listed task by its id.
fn statuses<'a>(list: &'a Success<'_>) -> Option<HashMap<&'a str, &'a Value<'a>>> {
    let tasks = list.body.get("result")?.as_array()?;
    let entry = |task: &'a Value<'a>| {
        let fields = task.as_object()?;
        Some((fields.get("fsmId")?.as_str()?, fields.get("status").unwrap_or(&Value::Null)))
    };
    Some(tasks.iter().filter_map(entry).collect())
}

/// A task that the last list lacks, too, may be of a sort that neither shows: that is no proof that it is gone.
fn unlisted(stage: usize) -> State {
    if stage + 1 < READS.len() { State::Absent } else { State::Unclear("in neither task list".into()) }
}

fn state(status: &Value<'_>) -> State {
    let Some(word) = answer::word(status) else { return State::Unclear("no status".into()) };
    match word.to_ascii_lowercase().as_str() {
        "init" | "initializing" | "pending" | "waiting" | "queued" | "starting" | "started" | "running"
        | "executing" | "processing" | "doing" => State::Running(word),
        "stopping" | "canceling" | "cancelling" => State::Stopping(word),
        "stop" | "stopped" | "terminated" | "cancel" | "canceled" | "cancelled" => State::Stopped(word),
        "success" | "succeeded" | "finish" | "finished" | "done" | "complete" | "completed" | "fail" | "failed" => {
            State::Ended(word)
        }
        _ => State::Unclear(word),
    }
}

#[cfg(test)]
mod tests;
