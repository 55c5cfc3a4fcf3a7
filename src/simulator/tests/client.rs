//! A client, and a cloud to call.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::time::Instant;

use super::super::cloud::Cloud;
use super::super::config::Config;
use super::super::encoding::encode;
use super::super::entry::Moment;
use super::super::ledger::{Ledger, Record};
use super::super::request::Request;
use super::super::resource::{Id, Initial, Resource};
use super::super::response::Response;
use super::super::service::Model;
use super::signer::Key;
use crate::provider::{self, Credentials};

pub(super) const FNF: &str = "fnf_execution";
pub(super) const SEARCH_ENGINE: &str = "opensearch_task";
pub(super) const ELASTICSEARCH: &str = "elasticsearch_task";
pub(super) const LIVE: &str = "live_flow";
pub(super) const DRS: &str = "drs_job";

/// Returns the kinds of all models.
pub(super) fn kinds() -> Vec<&'static str> {
    Model::all().map(|model| model.kind()).collect()
}

/// A cloud under test, its clock, and the keys of account 0.
pub(super) struct Client {
    pub(super) cloud: Cloud,
    pub(super) now: Moment,
    sent: std::cell::Cell<u32>,
}

/// Settings without chance: no faults, no quotas, and every stop that can end late does after 10 s.
pub(super) fn quiet() -> Config {
    let delay = Duration::from_secs(10);
    Config { quotas: false, stop_delay: (delay, delay), ..Config::default() }
}

pub(super) fn id(service: &str, scope: &str, name: &str) -> Id {
    let model = Model::of_kind(service).unwrap();
    Id { model, account: 0, scope: scope.into(), name: name.into() }
}

pub(super) fn resource(service: &str, scope: &str, name: &str, initial: Initial) -> Resource {
    Resource::new(id(service, scope, name), initial)
}

/// Returns a response's status and code, and its whole body.
pub(super) fn read(answer: &Response) -> (u16, String, Value) {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = ["Code", "code", "error_code"].into_iter().find_map(|name| body.get(name)?.as_str()).unwrap_or_default();
    (answer.status, code.to_owned(), body)
}

impl Client {
    pub(super) fn new(config: &Config, resources: impl IntoIterator<Item = Resource>) -> Self {
        let wall = "2026-11-22T05:30:00Z".parse::<Timestamp>().unwrap();
        let now = Moment { instant: Instant::now(), wall };
        Self { cloud: Cloud::new(config, resources), now, sent: 0.into() }
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, time: Duration) {
        self.now.instant += time;
        self.now.wall += time;
    }

    pub(super) fn ledger(&self) -> Ledger {
        self.cloud.ledger(self.now)
    }

    pub(super) fn record(&self, id: &Id) -> Record {
        self.ledger().resource(id).cloned().unwrap()
    }

    /// Makes it send the same nonces again.
    pub(super) fn rewind(&self) {
        self.sent.set(0);
    }

    /// Sends the stop of a resource.
    pub(super) fn stop(&self, id: &Id) -> Response {
        let (scope, name) = (encode(&id.scope), encode(&id.name));
        match id.model.kind() {
            FNF => self.rpc("POST", "StopExecution", &[("FlowName", &id.scope), ("ExecutionName", &id.name)]),
            SEARCH_ENGINE => {
                self.roa("PUT", "StopTask", &format!("/openapi/ha3/instances/{scope}/stop-task/{name}"), "")
            }
            ELASTICSEARCH => {
                let path = format!("/openapi/instances/{name}/actions/interrupt");
                self.roa("POST", "InterruptElasticsearchTask", &path, "clientToken=t1")
            }
            LIVE => self.rest("PUT", &format!("/v1/{scope}/flows/stop?flow_id={name}"), ""),
            DRS => self.rest("POST", &format!("/v5/{scope}/jobs/{name}/stop"), "{\"is_force_stop\": true}"),
            kind => panic!("no stop of {kind}"),
        }
    }

    /// Sends an RPC request with everything in the query.
    pub(super) fn rpc(&self, method: &str, action: &str, parameters: &[(&str, &str)]) -> Response {
        self.rpc_of(&self.key(), method, (action, "2019-03-15"), parameters)
    }

    /// Sends an RPC request, signed with a key, for an action of a version.
    pub(super) fn rpc_of(
        &self,
        key: &Key,
        method: &str,
        action: (&str, &str),
        parameters: &[(&str, &str)],
    ) -> Response {
        let query = key.rpc(method, action, parameters, (self.now.wall, &self.nonce()));
        self.send(method, &format!("/?{query}"), &[], "")
    }

    /// Sends an ROA request without a body.
    pub(super) fn roa(&self, method: &str, action: &str, path: &str, query: &str) -> Response {
        let version = if path.starts_with("/openapi/ha3") { "2021-10-25" } else { "2017-06-13" };
        self.roa_of(&self.key(), method, (action, version), (path, query))
    }

    /// Sends an ROA request without a body, signed with a key, for an action of a version.
    pub(super) fn roa_of(&self, key: &Key, method: &str, action: (&str, &str), target: (&str, &str)) -> Response {
        let headers = key.acs3(method, action, target, (self.now.wall, &self.nonce()));
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.send(method, &format!("{}?{}", target.0, target.1), &headers, "")
    }

    /// Sends a REST request, signed with a key.
    pub(super) fn signed(&self, key: &Key, method: &str, target: &str, body: &str) -> Response {
        let headers = key.sdk_hmac(method, target, body, self.now.wall);
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.send(method, target, &headers, body)
    }

    /// Sends a REST request with a token.
    pub(super) fn rest(&self, method: &str, target: &str, body: &str) -> Response {
        let Credentials::AuthToken(token) = self.cloud.keys.auth_token(0) else { panic!("not a token") };
        self.send(method, target, &[("x-auth-token", token.expose_secret())], body)
    }

    /// Sends any request.
    pub(super) fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let pairs = headers.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()));
        let headers: HeaderMap = pairs.collect();
        let body = Bytes::copy_from_slice(body.as_bytes());
        let request = Request::read(method.parse::<Method>().unwrap(), target, headers, body).unwrap();
        self.cloud.respond(&request, self.now)
    }

    /// Returns the permanent key of account 0 at Alibaba Cloud.
    fn key(&self) -> Key {
        Key::of(&self.cloud.keys.permanent(provider::Cloud::Alibaba, 0))
    }

    fn nonce(&self) -> String {
        self.sent.set(self.sent.get() + 1);
        format!("{:032x}", self.sent.get())
    }
}
