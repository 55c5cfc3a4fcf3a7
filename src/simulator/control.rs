//! Requests of people's scripts to the simulator itself: to add resources, for the ledgers, and to set what credentials do.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cloud::Cloud;
use super::identity::Revocation;
use super::request::Request;
use super::resource::Resource;
use super::response::Response;

/// What is there, for whoever asks for something else.
const PATHS: &str = "\
GET /_simulator/ledger
POST /_simulator/load
GET /_simulator/credentials
POST /_simulator/credentials
POST /_simulator/credentials/faults
POST /_simulator/credentials/revoke
POST /_simulator/credentials/clock
GET /_simulator/credentials/ledger
";

/// The body of `load`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Load {
    resources: Vec<Resource>,
}

/// The body of `clock`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOffset {
    offset_s: i32,
}

/// Returns whether a request is for the simulator itself.
pub(super) fn is_control(target: &str) -> bool {
    target.starts_with("/_simulator/")
}

/// Responds to a request for the simulator itself.
pub(super) fn respond(request: &Request, cloud: &Cloud) -> Response {
    let response = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_simulator/ledger") => Ok(shown(&cloud.ledger(cloud.now()))),
        ("POST", "/_simulator/load") => {
            read::<Load>(request, "resources").map(|load| shown(&json!({"added": cloud.load(load.resources)})))
        }
        ("GET", "/_simulator/credentials") => Ok(shown(&cloud.with_issuer(|issuer| issuer.world()))),
        ("POST", "/_simulator/credentials") => read::<Value>(request, "credentials")
            .and_then(|parts| {
                cloud.with_issuer(|issuer| issuer.set(&parts)).map_err(|error| wrong("credentials", &error))
            })
            .map(|()| done()),
        ("POST", "/_simulator/credentials/faults") => read::<Value>(request, "faults")
            .and_then(|faults| {
                cloud.with_issuer(|issuer| issuer.script(&faults)).map_err(|error| wrong("faults", &error))
            })
            .map(|()| done()),
        ("POST", "/_simulator/credentials/revoke") => read::<Revocation>(request, "revocation")
            .and_then(|what| {
                cloud.with_issuer(|issuer| issuer.revoke(&what)).map_err(|error| wrong("revocation", &error))
            })
            .map(|count| shown(&json!({"revoked": count}))),
        ("POST", "/_simulator/credentials/clock") => read::<ClockOffset>(request, "clock").map(|clock| {
            cloud.set_clock(SignedDuration::from_secs(clock.offset_s.into()));
            done()
        }),
        ("GET", "/_simulator/credentials/ledger") => Ok(shown(&cloud.credential_ledger(cloud.now()))),
        _ => Ok(Response::new(404, "text/plain", PATHS)),
    };
    response.unwrap_or_else(|wrong| wrong)
}

/// Reads the body of a request.
fn read<T: for<'de> Deserialize<'de>>(request: &Request, what: &str) -> Result<T, Response> {
    serde_json::from_slice(&request.body).map_err(|error| wrong(what, &error))
}

fn wrong(what: &str, error: &dyn fmt::Display) -> Response {
    Response::new(400, "text/plain", format!("cannot read the {what}: {error}\n"))
}

fn shown(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => Response::new(200, "application/json", text),
        Err(error) => Response::new(500, "text/plain", format!("{error}\n")),
    }
}

fn done() -> Response {
    shown(&json!({}))
}
