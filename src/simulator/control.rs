//! Requests of people's scripts to the simulator itself: to add resources, and for the ledger.

use serde::Deserialize;

use super::cloud::Cloud;
use super::request::Request;
use super::resource::Resource;
use super::response::Response;

/// The body of `load`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Load {
    resources: Vec<Resource>,
}

/// Returns whether a request is for the simulator itself.
pub(super) fn is_control(target: &str) -> bool {
    target.starts_with("/_simulator/")
}

/// Responds to a request for the simulator itself.
pub(super) fn respond(request: &Request, cloud: &Cloud) -> Response {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_simulator/ledger") => match serde_json::to_vec(&cloud.ledger(cloud.now())) {
            Ok(ledger) => Response::new(200, "application/json", ledger),
            Err(error) => Response::new(500, "text/plain", format!("{error}\n")),
        },
        ("POST", "/_simulator/load") => match serde_json::from_slice::<Load>(&request.body) {
            Ok(load) => Response::json(200, &serde_json::json!({"added": cloud.load(load.resources)})),
            Err(error) => Response::new(400, "text/plain", format!("cannot read the resources: {error}\n")),
        },
        _ => Response::new(404, "text/plain", "GET /_simulator/ledger or POST /_simulator/load\n"),
    }
}
