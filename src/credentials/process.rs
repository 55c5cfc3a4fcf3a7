//! Starts a program that prints keys.

use jiff::Timestamp;

use super::error::{Nature, SourceError};
use crate::base::environment::Environment;
use crate::plan::Process;
use crate::provider::{Cloud, Credentials};

/// Runs a program and reads the keys that it prints.
pub(super) async fn run(
    _: &Process,
    _: Cloud,
    _: &Environment,
) -> Result<(Credentials, Option<Timestamp>), SourceError> {
    Err(SourceError::new(Nature::Final, "this source is not supported yet", ""))
}
