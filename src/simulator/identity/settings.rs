//! What scripts and tests set: parts of the world, faults, what is revoked.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::operation::Operation;
use super::script::Knob;

/// Why something cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CredentialSettingsError(pub(super) String);

/// Which issued credentials are revoked: those of an operation, one key, or all.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::simulator) struct Revocation {
    /// The operation.
    pub(in crate::simulator) op: Option<String>,
    /// The key id, also of a permanent key.
    pub(in crate::simulator) key: Option<String>,
}

/// Reads what is to be an object.
pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, CredentialSettingsError> {
    value.as_object().ok_or_else(|| CredentialSettingsError("expected an object".to_owned()))
}

/// Reads faults by operation, where `*` is every operation that has none of its own.
pub(super) fn knobs(faults: &Value) -> Result<Vec<(Option<Operation>, Knob)>, CredentialSettingsError> {
    let knob = |(name, knob): (&String, &Value)| {
        let operation = match name.as_str() {
            "*" => None,
            name => Some(operation(name)?),
        };
        let knob = Knob::deserialize(knob).map_err(|error| CredentialSettingsError(format!("{name}: {error}")))?;
        Ok((operation, knob))
    };
    object(faults)?.iter().map(knob).collect()
}

/// Finds an operation.
pub(super) fn operation(name: &str) -> Result<Operation, CredentialSettingsError> {
    let known = || Operation::ALL.iter().map(|operation| operation.name()).collect::<Vec<_>>().join(", ");
    Operation::named(name)
        .ok_or_else(|| CredentialSettingsError(format!("no operation {name:?}; there are {}", known())))
}
