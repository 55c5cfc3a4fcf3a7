//! What the bodies of requests have in common.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::super::response::Problem;

/// The code where a parameter is not allowed.
pub(super) const INVALID: &str = "DRS.M00202";

/// Reads a body that is a JSON object.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    serde_json::from_slice(body).map_err(|_| Problem::new(400, INVALID, "The request body is invalid."))
}

/// Builds the refusal of a parameter.
pub(super) fn refusal(name: &str) -> Problem {
    Problem::new(400, INVALID, Cow::from(format!("The value of parameter {name} is invalid.")))
}
