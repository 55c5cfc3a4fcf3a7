//! What people's scripts ask of the simulator itself: to take resources, and to tell what happened.

use serde::Deserialize;

use super::answer::Answer;
use super::request::Request;
use super::resource::Resource;
use super::server::Server;

/// What `load` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Load {
    resources: Vec<Resource>,
}

/// Tells whether a request is for the simulator itself.
pub(super) fn is_control(target: &str) -> bool {
    target.starts_with("/_simulator/")
}

/// Answers a request for the simulator itself.
pub(super) fn answer(request: &Request, server: &Server) -> Answer {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_simulator/ledger") => match serde_json::to_vec(&server.cloud.ledger(server.now())) {
            Ok(ledger) => Answer::new(200, "application/json", ledger),
            Err(error) => Answer::new(500, "text/plain", format!("{error}\n")),
        },
        ("POST", "/_simulator/load") => match serde_json::from_slice::<Load>(&request.body) {
            Ok(load) => Answer::json(200, &serde_json::json!({"added": server.cloud.load(load.resources)})),
            Err(error) => Answer::new(400, "text/plain", format!("the resources cannot be read: {error}\n")),
        },
        _ => Answer::new(404, "text/plain", "GET /_simulator/ledger or POST /_simulator/load\n"),
    }
}
