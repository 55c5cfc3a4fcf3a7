//! What hands credentials out.

mod alibaba;
mod faults;
mod huawei;
mod settings;
mod storms;
mod uses;

use serde_json::{Value, json};

use super::super::identity::CredentialLedger;
use super::super::resource::Initial;
use super::super::response::Response;
use super::client::{Client, DRS, ELASTICSEARCH, FNF, LIVE, SEARCH_ENGINE, quiet, resource};
use super::signer::Key;

const STS: &str = "2015-04-01";
const ALI: &str = "1865410598556969";
const GUESTS: &str = "1234567890123456";
const ACME: &str = "d78cbac186b744899480f25bd022f468";
const HW_GUESTS: &str = "0659ef9c9c80d4560f14c009ac000000";

/// The names of the fields of keys, as STS, IAM and STS v5 have them.
const ALI_KEYS: [&str; 3] = ["AccessKeyId", "AccessKeySecret", "SecurityToken"];
const IAM_KEYS: [&str; 3] = ["access", "secret", "securitytoken"];
const STS_KEYS: [&str; 3] = ["access_key_id", "secret_access_key", "security_token"];

/// A world of two accounts at each cloud.
fn world() -> Value {
    json!({
        "accounts": {
            ALI: {"cloud": "alibaba"}, GUESTS: {"cloud": "alibaba", "number": 1},
            ACME: {"cloud": "huawei", "name": "acme"}, HW_GUESTS: {"cloud": "huawei", "number": 1, "name": "guests"},
        },
        "users": {
            "LTAI5tOps": {"cloud": "alibaba", "secret": "ops-secret", "account": ALI, "name": "ops"},
            "LTAI5tRoot": {"cloud": "alibaba", "secret": "root-secret", "account": ALI, "name": null},
            "LTAI5tOther": {"cloud": "alibaba", "secret": "other-secret", "account": GUESTS, "name": "guest"},
            "HWOPSACCESSKEY000001": {"cloud": "huawei", "secret": "hw-secret", "account": ACME, "name": "ops"},
        },
        "roles": {
            format!("acs:ram::{ALI}:role/stopper"): {"trust": [ALI]},
            format!("acs:ram::{GUESTS}:role/second"): {"trust": [ALI], "max_duration_s": 43200, "external_id": "ext-1"},
            format!("acs:ram::{ALI}:role/rrsa"): {"provider": format!("acs:ram::{ALI}:oidc-provider/ack")},
        },
        "agencies": {
            format!("iam::{HW_GUESTS}:agency:second"): {"trust": [ACME]},
            format!("iam::{ACME}:agency:closed"): {"trust": []},
            format!("iam::{ACME}:agency:rrsa"): {"provider": format!("iam::{ACME}:oidc-provider:cce")},
        },
        "id_tokens": {"good.id.token": "good", "old.id.token": "expired"},
        "idps": {"cce": ACME},
        "passwords": {"acme/ops": "p@ss w+rd"},
        "projects": {ACME: {"cn-north-4": ["p1"], "cn-east-3": ["e1", "e2"]}, HW_GUESTS: {"cn-north-4": ["p-guests"]}},
        "alibaba_metadata": {"role": "ecs-role", "account": ALI},
        "huawei_metadata": {"agency": "ecs-agency", "account": ACME},
        "pod": {"token": "pod.sa.token", "account": ACME},
        "uri": {"account": ALI},
        "sso": {"access_token": "sso-access", "account": ALI},
        "oauth": {"access_token": "oauth-access", "refresh_token": "oauth-refresh", "account": ALI},
    })
}

/// A cloud with that world, and a resource of each kind.
fn client() -> Client {
    let resources = [FNF, SEARCH_ENGINE, ELASTICSEARCH, LIVE, DRS]
        .map(|service| resource(service, if service == ELASTICSEARCH { "" } else { "p1" }, "n", Initial::Running));
    let client = Client::new(&quiet(), resources);
    client.cloud.with_issuer(|issuer| issuer.set(&world())).unwrap();
    client
}

fn ops() -> Key {
    Key::new("LTAI5tOps", "ops-secret")
}

fn hw() -> Key {
    Key::new("HWOPSACCESSKEY000001", "hw-secret")
}

fn stopper() -> String {
    format!("acs:ram::{ALI}:role/stopper")
}

impl Client {
    fn sts(&self, key: &Key, action: &str, parameters: &[(&str, &str)]) -> Response {
        self.rpc_of(key, "GET", (action, STS), parameters)
    }

    /// Returns keys of the role `stopper`.
    fn role_keys(&self) -> Key {
        let role = [("RoleArn", &*stopper()), ("RoleSessionName", "allstop-1")];
        Key::issued(&json(&self.sts(&ops(), "AssumeRole", &role))["Credentials"], ALI_KEYS)
    }

    /// Returns keys of the agency `second`.
    fn agency_keys(&self) -> Key {
        Key::issued(&json(&self.agency(&hw(), "second", "guests"))["credential"], IAM_KEYS)
    }

    fn agency(&self, key: &Key, name: &str, domain: &str) -> Response {
        let ask = json!({"agency_name": name, "domain_name": domain, "duration_seconds": 900});
        let body = json!({"auth": {"identity": {"methods": ["assume_role"], "assume_role": ask}}});
        self.signed(key, "POST", "/v3.0/OS-CREDENTIAL/securitytokens", &body.to_string())
    }

    /// Stops an execution with a key.
    fn stop_fnf(&self, key: &Key) -> Response {
        let name = [("FlowName", "p1"), ("ExecutionName", "n")];
        self.rpc_of(key, "POST", ("StopExecution", "2019-03-15"), &name)
    }

    /// Stops a flow with a key.
    fn stop_live(&self, key: &Key) -> Response {
        self.signed(key, "PUT", "/v1/p1/flows/stop?flow_id=n", "")
    }

    fn credentials(&self) -> CredentialLedger {
        self.cloud.credential_ledger(self.now)
    }

    fn script(&self, faults: &Value) {
        self.cloud.with_issuer(|issuer| issuer.script(faults)).unwrap();
    }

    fn set(&self, parts: &Value) {
        self.cloud.with_issuer(|issuer| issuer.set(parts)).unwrap();
    }
}

fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_default()
}

/// Returns the status and the code of a refusal, in whichever envelope.
fn refusal(response: &Response) -> (u16, String) {
    let body = json(response);
    let code = [&body["Code"], &body["error_code"], &body["error"]["title"], &body["error"]];
    (response.status, code.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned())
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str())
}
