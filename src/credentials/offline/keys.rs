//! Keys in JSON, in every spelling of the two vendors: their STS, metadata, command lines and SDKs, and a plain one.

use jiff::Timestamp;

use super::fields::{Fields, parse_json};
use super::variables::{access_key, is_plain};
use crate::provider::{Cloud, Credentials};

/// The fields that an answer may wrap keys in.
const WRAPPERS: [&str; 6] =
    ["Credentials", "credentials", "credential", "Credential", "CloudCredential", "cloudCredential"];

const ID: [&str; 5] = ["access_key_id", "AccessKeyId", "accessKeyId", "access", "ak"];
const SECRET: [&str; 8] = [
    "access_key_secret",
    "AccessKeySecret",
    "accessKeySecret",
    "secret_access_key",
    "SecretAccessKey",
    "secretAccessKey",
    "secret",
    "sk",
];
const TOKEN: [&str; 8] = [
    "security_token",
    "SecurityToken",
    "securityToken",
    "securitytoken",
    "sts_token",
    "StsToken",
    "SessionToken",
    "session_token",
];
const EXPIRY: [&str; 5] = ["expiration", "Expiration", "expires_at", "ExpiresAt", "sts_expiration"];

/// Why JSON has no keys. Its text begins with a noun: `no JSON`, `JSON without access_key_id`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::credentials) enum KeysFault {
    /// It is broken, or no JSON at all.
    #[error("no JSON")]
    NoJson {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// What was expected there, with nothing of what stands there.
        expected: String,
    },
    /// It is JSON, and no object.
    #[error("no JSON object")]
    NoObject,
    /// A field is missing.
    #[error("JSON without {0}")]
    Without(&'static str),
    /// A field has a value that it cannot have.
    #[error("JSON with an invalid {0}")]
    Invalid(&'static str),
    /// It says itself that it is no success.
    #[error("JSON that says of itself that it is no success")]
    NoSuccess,
    /// It has a token of the other cloud.
    #[error("an auth_token, which Alibaba Cloud does not know")]
    AuthToken,
    /// It is a profile of a mode that has no keys.
    #[error("JSON of another mode than AK and StsToken")]
    Mode,
}

/// Reads keys and their expiry in JSON.
///
/// # Errors
///
/// Says what is wrong, and shows nothing of the text.
pub(in crate::credentials) fn keys_json(
    bytes: &[u8],
    cloud: Cloud,
) -> Result<(Credentials, Option<Timestamp>), KeysFault> {
    let value = parse_json(bytes).map_err(|fault| KeysFault::NoJson {
        line: fault.line,
        column: fault.column,
        expected: fault.expected,
    })?;
    let fields = value.as_fields().ok_or(KeysFault::NoObject)?;
    if fields.get("Code").is_some_and(|code| !code.eq_ignore_ascii_case("success")) {
        return Err(KeysFault::NoSuccess);
    }
    if fields.get("mode").is_some_and(|mode| !["ak", "ststoken"].contains(&mode.to_lowercase().as_str())) {
        return Err(KeysFault::Mode);
    }
    let wrapped = WRAPPERS.iter().find_map(|name| fields.fields(name));
    keys_of(wrapped.unwrap_or(fields), cloud)
}

/// Reads keys and their expiry in the fields of an object.
fn keys_of(fields: &Fields, cloud: Cloud) -> Result<(Credentials, Option<Timestamp>), KeysFault> {
    let expires_at = match text(fields, &EXPIRY, "expiration")? {
        Some(text) => Some(time(text).ok_or(KeysFault::Invalid("expiration"))?),
        None => None,
    };
    let (id, secret) = (text(fields, &ID, "access_key_id")?, text(fields, &SECRET, "access_key_secret")?);
    let token = text(fields, &TOKEN, "security_token")?;
    if let Some(auth_token) = text(fields, &["auth_token"], "auth_token")? {
        return match (cloud, id.or(secret)) {
            (Cloud::Alibaba, _) => Err(KeysFault::AuthToken),
            (Cloud::Huawei, Some(_)) => Err(KeysFault::Invalid("auth_token beside an access key")),
            (Cloud::Huawei, None) => Ok((Credentials::AuthToken(auth_token.into()), expires_at)),
        };
    }
    let id = id.ok_or(KeysFault::Without("access_key_id"))?;
    let secret = secret.ok_or(KeysFault::Without("access_key_secret"))?;
    Ok((access_key(id, secret, token), expires_at))
}

/// Returns a field under the one name that it has; under two, nobody knows which is meant.
fn text<'f>(fields: &'f Fields, names: &[&str], what: &'static str) -> Result<Option<&'f str>, KeysFault> {
    let mut found = names.iter().filter_map(|name| fields.get(name));
    let first = found.next();
    if found.any(|other| Some(other) != first) || first.is_some_and(|text| !is_plain(text)) {
        return Err(KeysFault::Invalid(what));
    }
    Ok(first)
}

/// Reads a time: RFC 3339 with or without a fraction, or seconds since 1970 as the command line of Alibaba Cloud has them.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(seconds) => Timestamp::from_second(seconds).ok(),
        Err(_) => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    /// Shows what was read as text, which nothing but a test may do.
    fn read(text: &str, cloud: Cloud) -> Result<String, String> {
        let (credentials, expires_at) = keys_json(text.as_bytes(), cloud).map_err(|fault| fault.to_string())?;
        let keys = match credentials {
            Credentials::AccessKey { id, secret, security_token } => {
                let token = security_token.map_or("-".to_owned(), |token| token.expose_secret().to_owned());
                format!("{id} {} {token}", secret.expose_secret())
            }
            Credentials::AuthToken(token) => format!("token {}", token.expose_secret()),
        };
        Ok(expires_at.map_or(keys.clone(), |at| format!("{keys} {at}")))
    }

    #[test]
    fn every_spelling_of_the_vendors_is_read() {
        let whole = Ok("i s t 2026-11-22T06:30:00Z".to_owned());
        for text in [
            r#"{"access_key_id":"i","access_key_secret":"s","security_token":"t","expiration":"2026-11-22T06:30:00Z"}"#,
            r#"{"RequestId":"r","AssumedRoleUser":{"Arn":"a"},"Credentials":{"AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-11-22T06:30:00Z"}}"#,
            r#"{"Code":"Success","AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-11-22T06:30:00Z"}"#,
            r#"{"credential":{"access":"i","secret":"s","securitytoken":"t","expires_at":"2026-11-22T06:30:00.000000Z"}}"#,
            r#"{"assumed_agency":{"urn":"u"},"credentials":{"access_key_id":"i","secret_access_key":"s","security_token":"t","expiration":"2026-11-22T06:30:00.000Z"}}"#,
            r#"{"credentials":{"accessKeyId":"i","secretAccessKey":"s","securityToken":"t","expiration":"2026-11-22T06:30:00Z"}}"#,
            r#"{"mode":"StsToken","access_key_id":" i ","access_key_secret":"s\n","sts_token":"t","expiration":"2026-11-22T14:30:00+08:00"}"#,
            r#"{"mode":"StsToken","access_key_id":"i","access_key_secret":"s","sts_token":"t","sts_expiration":1795329000}"#,
            r#"{"CloudCredential":{"AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-11-22T06:30:00Z"}}"#,
        ] {
            for cloud in Cloud::ALL {
                assert_eq!(read(text, cloud), whole, "{text}");
            }
        }
        let short = r#"{"mode":"ak","access_key_id":"i","access_key_secret":"s","security_token":"","expiration":null,"more":[1]}"#;
        assert_eq!(read(short, Cloud::Alibaba), Ok("i s -".into()));
    }

    #[test]
    fn an_auth_token_is_of_huawei_cloud() {
        let text = r#"{"auth_token":"t","expiration":"2026-11-22T06:30:00Z"}"#;
        assert_eq!(read(text, Cloud::Huawei), Ok("token t 2026-11-22T06:30:00Z".into()));
        assert_eq!(read(text, Cloud::Alibaba), Err("an auth_token, which Alibaba Cloud does not know".into()));
    }

    #[test]
    fn a_fault_says_what_is_missing_and_shows_nothing() {
        for (text, fault) in [
            ("", "no JSON"),
            ("<html>hush</html>", "no JSON"),
            ("[]", "no JSON object"),
            ("{}", "JSON without access_key_id"),
            (r#"{"access_key_id":"hush"}"#, "JSON without access_key_secret"),
            (r#"{"access_key_id":"i","access_key_secret":"hu\u0007sh"}"#, "JSON with an invalid access_key_secret"),
            (
                r#"{"access_key_id":"i","AccessKeyId":"j","access_key_secret":"hush"}"#,
                "JSON with an invalid access_key_id",
            ),
            (
                r#"{"access_key_id":"i","access_key_secret":"hush","expiration":"soon"}"#,
                "JSON with an invalid expiration",
            ),
            (
                r#"{"Code":"Failed","AccessKeyId":"i","AccessKeySecret":"hush"}"#,
                "JSON that says of itself that it is no success",
            ),
            (
                r#"{"mode":"RamRoleArn","access_key_id":"i","access_key_secret":"hush"}"#,
                "JSON of another mode than AK and StsToken",
            ),
        ] {
            assert_eq!(read(text, Cloud::Alibaba), Err(fault.into()), "{text}");
        }
    }
}
