//! Keys in environment variables.

use crate::base::environment::Environment;
use crate::credentials::error::{Nature, SourceError};
use crate::plan::CredentialNames;
use crate::provider::{Cloud, Credentials};

/// The variables that configure a source together; one of each list is needed.
pub(super) type Set = &'static [&'static [&'static str]];

/// Returns the value of a variable without the blanks around it: shells and secret stores add line ends. A blank value
/// counts as unset.
pub(super) fn value<'a>(environment: &'a Environment, variable: &str) -> Option<&'a str> {
    environment.get(variable).map(str::trim).filter(|value| !value.is_empty())
}

/// Tells whether a switch is on: only `true` counts, in whatever case, as for the SDKs.
pub(super) fn is_true(environment: &Environment, variable: &str) -> bool {
    value(environment, variable).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Reads the keys in variables that a plan names; each of them must be set.
///
/// # Errors
///
/// Names every variable that is not set, or whose value cannot be a key.
pub(in crate::credentials) fn named_keys(
    environment: &Environment,
    names: &CredentialNames,
) -> Result<Credentials, SourceError> {
    let CredentialNames { access_key_id, access_key_secret, security_token, auth_token } = names;
    match (access_key_id, access_key_secret, security_token, auth_token) {
        (Some(id), Some(secret), None, None) => {
            let [id, secret] = all(environment, [id, secret])?;
            Ok(access_key(id, secret, None))
        }
        (Some(id), Some(secret), Some(token), None) => {
            let [id, secret, token] = all(environment, [id, secret, token])?;
            Ok(access_key(id, secret, Some(token)))
        }
        (None, None, None, Some(token)) => {
            let [token] = all(environment, [token])?;
            Ok(Credentials::AuthToken(token.into()))
        }
        _ => Err(SourceError::new(
            Nature::Final,
            "`credentials` must name the variables of one access key or of one auth token",
            "set `access_key_id` and `access_key_secret`, or only `auth_token`",
        )),
    }
}

/// Reads the keys in the vendor's own variables; the security token may be absent. `None` where neither the id nor the
/// secret is set.
///
/// # Errors
///
/// Fails where one is set without the other, or a value cannot be a key.
pub(in crate::credentials) fn default_keys(
    environment: &Environment,
    cloud: Cloud,
) -> Result<Option<Credentials>, SourceError> {
    let [id, secret, token] = cloud.key_variables();
    if value(environment, id).or_else(|| value(environment, secret)).is_none() {
        return Ok(None);
    }
    let [id, secret] = all(environment, [id, secret])?;
    Ok(Some(access_key(id, secret, key(environment, token)?)))
}

/// Says that the vendor's own variables are not set.
pub(in crate::credentials) fn not_set(variables: &[&str]) -> SourceError {
    let hint = "set them, or name other variables under the account's `credentials: {env: …}`";
    SourceError::new(Nature::Absent, format!("{} not set", variables.join(", ")), hint)
}

/// Reads variables that must all be set.
fn all<'a, const N: usize>(environment: &'a Environment, variables: [&str; N]) -> Result<[&'a str; N], SourceError> {
    let mut values = [""; N];
    let (mut set, mut unset) = (Vec::new(), Vec::new());
    for (to, variable) in values.iter_mut().zip(variables) {
        match key(environment, variable)? {
            Some(found) => {
                *to = found;
                set.push(variable);
            }
            None => unset.push(variable),
        }
    }
    match (set.as_slice(), unset.as_slice()) {
        (_, []) => Ok(values),
        ([], unset) => Err(not_set(unset)),
        (set, unset) => Err(half(set, unset)),
    }
}

/// Says that some variables are set and others that belong to them are not.
fn half(set: &[&str], unset: &[&str]) -> SourceError {
    let are = |names: &[&str]| if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} {} set, {} {} not", set.join(", "), are(set), unset.join(", "), are(unset));
    SourceError::new(Nature::Final, message, "set both or none: the parts of a key are never taken from two sources")
}

/// Reads a variable that holds a part of a key.
pub(super) fn key<'a>(environment: &'a Environment, variable: &str) -> Result<Option<&'a str>, SourceError> {
    match value(environment, variable) {
        Some(value) if !is_plain(value) => Err(SourceError::new(
            Nature::Final,
            format!("invalid character in {variable}"),
            "check the value for a line break or a control character",
        )),
        value => Ok(value),
    }
}

/// Tells whether a text can be a part of a key, which goes into a header.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Makes credentials of the parts of a key.
pub(super) fn access_key(id: &str, secret: &str, security_token: Option<&str>) -> Credentials {
    Credentials::AccessKey { id: id.to_owned(), secret: secret.into(), security_token: security_token.map(Into::into) }
}
