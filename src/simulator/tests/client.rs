//! A client with signatures of its own, and a cloud to call.

use std::time::Duration;

use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, Method};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};
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
        let (key, secret) = self.key();
        let (date, nonce) = (self.now.wall.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), self.nonce());
        let mut all = vec![
            ("AccessKeyId", key.as_str()),
            ("Action", action),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", &nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &date),
            ("Version", "2019-03-15"),
        ];
        all.extend_from_slice(parameters);
        all.sort_unstable();
        let query: Vec<_> = all.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let query = query.join("&");
        let mut code = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes()).unwrap();
        code.update(format!("{method}&%2F&{}", encode(&query)).as_bytes());
        let signature = BASE64.encode(&code.finalize().into_bytes());
        self.send(method, &format!("/?{query}&Signature={}", encode(&signature)), &[], "")
    }

    /// Sends an ROA request without a body.
    pub(super) fn roa(&self, method: &str, action: &str, path: &str, query: &str) -> Response {
        let (key, secret) = self.key();
        let version = if path.starts_with("/openapi/ha3") { "2021-10-25" } else { "2017-06-13" };
        let hash = HEXLOWER.encode(&Sha256::digest(""));
        let (date, nonce) = (self.now.wall.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), self.nonce());
        let mut headers = vec![
            ("host", "127.0.0.1"),
            ("x-acs-action", action),
            ("x-acs-content-sha256", &hash),
            ("x-acs-date", &date),
            ("x-acs-signature-nonce", &nonce),
            ("x-acs-version", version),
        ];
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let signed = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let canonical = format!("{method}\n{path}\n{query}\n{lines}\n{signed}\n{hash}");
        let mut code = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        code.update(format!("ACS3-HMAC-SHA256\n{}", HEXLOWER.encode(&Sha256::digest(canonical))).as_bytes());
        let signature = HEXLOWER.encode(&code.finalize().into_bytes());
        let authorization = format!("ACS3-HMAC-SHA256 Credential={key},SignedHeaders={signed},Signature={signature}");
        headers.push(("authorization", &authorization));
        self.send(method, &format!("{path}?{query}"), &headers, "")
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

    fn key(&self) -> (String, String) {
        match self.cloud.keys.permanent(provider::Cloud::Alibaba, 0) {
            Credentials::AccessKey { id, secret, .. } => (id, secret.expose_secret().to_owned()),
            Credentials::AuthToken(_) => panic!("not a key"),
        }
    }

    fn nonce(&self) -> String {
        self.sent.set(self.sent.get() + 1);
        format!("{:032x}", self.sent.get())
    }
}
