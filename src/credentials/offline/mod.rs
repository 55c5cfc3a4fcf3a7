//! Which source an account has, worked out without a network and without starting a program.

use super::error::{Nature, SourceError};
use super::source::Source;
use crate::base::environment::Environment;
use crate::plan::Account;

/// Which source an account has.
#[derive(Debug)]
pub(super) struct Resolution {
    /// The source, or why the one that is configured does not work, or that none is.
    pub(super) source: Result<Source, SourceError>,
    /// Where the credentials come from, in words, such as `CLI profile "ops" (~/.aliyun/config.json) → RamRoleArn …`.
    pub(super) words: String,
    /// What is set besides and not used, one sentence each.
    pub(super) notes: Vec<String>,
    /// The sources that are not configured, one line each, and why; said where the last one fails as well.
    pub(super) tried: Vec<String>,
}

/// Which files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// The usual files of the vendors' tools, and no file that the plan names.
    ProfilesOnly,
    /// Every file that it takes.
    Everything,
}

/// Works out which source an account has.
pub(super) fn resolve(_account: &Account, _environment: &Environment, _reads: Reads) -> Resolution {
    let source = Err(SourceError::new(Nature::Absent, "", ""));
    Resolution { source, words: String::new(), notes: Vec::new(), tried: Vec::new() }
}

/// Says that nothing is configured, with a line for each source that was looked for and why it does not serve.
pub(super) fn nothing_found(tried: &[String]) -> SourceError {
    SourceError::new(Nature::Absent, format!("Tried:\n  {}", tried.join("\n  ")), "or name one: credentials: {…}")
}

/// Reads a file that holds a secret and nothing else.
pub(super) fn secret_of_file(path: &std::path::Path, _: &Environment) -> Result<secrecy::SecretString, SourceError> {
    let text = std::fs::read_to_string(path).map_err(|error| SourceError::new(Nature::Final, error.to_string(), ""))?;
    Ok(text.trim().into())
}

type Found = (crate::provider::Credentials, Option<jiff::Timestamp>);

/// Reads a JSON file with keys.
pub(super) async fn keys_of_file(
    path: &std::path::Path,
    cloud: crate::provider::Cloud,
    _: &Environment,
) -> Result<Found, SourceError> {
    let text = std::fs::read(path).map_err(|error| SourceError::new(Nature::Final, error.to_string(), ""))?;
    keys_json(&text, cloud).map_err(|fault| SourceError::new(Nature::Final, fault, ""))
}

/// Reads keys and their expiry in JSON.
pub(super) fn keys_json(bytes: &[u8], _: crate::provider::Cloud) -> Result<Found, String> {
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| "no JSON".to_owned())?;
    let field = |name: &str| value.get(name).and_then(serde_json::Value::as_str);
    let keys = crate::provider::Credentials::AccessKey {
        id: field("AccessKeyId").ok_or("JSON without access_key_id")?.to_owned(),
        secret: field("AccessKeySecret").ok_or("JSON without access_key_secret")?.into(),
        security_token: field("SecurityToken").map(Into::into),
    };
    Ok((keys, field("Expiration").and_then(|at| at.parse().ok())))
}
