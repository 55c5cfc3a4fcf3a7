//! Requests to IAM and STS that are signed with keys, or carry the auth token in place of a signature.

use http::Method;

use super::endpoints::{IAM, STS};
use crate::credentials::client::{Refusal, Reply, SignedCall};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::offline::shown_key_id;
use crate::credentials::surroundings::Surroundings;
use crate::error::ErrorClass;
use crate::http::{Api, Body, Signature};
use crate::provider::Credentials;
use crate::provider::huawei::is_key_lock;

/// The content type of IAM, as the official SDK writes it where it signs.
pub(super) const IAM_JSON: (&str, &str) = ("content-type", "application/json;charset=utf-8");

/// IAM. Its paths carry the version.
pub(super) static IAM_API: Api = Api::new(&IAM, "", "", Signature::SdkHmac);

/// STS. Its paths carry the version.
pub(super) static STS_API: Api = Api::new(&STS, "", "", Signature::SdkHmac);

/// A request.
pub(super) struct Ask<'a> {
    pub(super) api: &'static Api,
    pub(super) endpoint: &'a str,
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) query: Vec<(&'static str, String)>,
    /// Headers that are signed besides the usual ones.
    pub(super) headers: Vec<(&'static str, &'a str)>,
    pub(super) body: Body,
}

impl<'a> Ask<'a> {
    /// Makes a `GET`.
    pub(super) fn get(api: &'static Api, endpoint: &'a str, path: &'static str) -> Self {
        let (query, headers) = (Vec::new(), Vec::new());
        Self { api, endpoint, method: Method::GET, path, query, headers, body: Body::Empty }
    }

    /// Makes a `POST` of a JSON text.
    pub(super) fn post(api: &'static Api, endpoint: &'a str, path: &'static str, json: String) -> Self {
        Self { method: Method::POST, body: Body::Json(json), ..Self::get(api, endpoint, path) }
    }

    /// Adds a header that is signed.
    pub(super) fn header(mut self, (name, value): (&'static str, &'a str)) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a parameter of the query.
    pub(super) fn parameter(mut self, name: &'static str, value: &str) -> Self {
        self.query.push((name, value.to_owned()));
        self
    }

    /// Sends it with these keys.
    pub(super) async fn send(self, around: Surroundings<'_>, keys: &Credentials) -> Result<Reply, SourceError> {
        let (call, headers) = self.call(keys);
        around.clients.send_signed_with(&call, &headers).await
    }

    fn call(self, credentials: &'a Credentials) -> (SignedCall<'a>, Vec<(&'static str, &'a str)>) {
        let Self { api, endpoint, method, path, query, headers, body } = self;
        (SignedCall { api, endpoint, method, path, query, body, credentials }, headers)
    }
}

/// Says why a request that keys signed is refused.
pub(super) fn refused(refusal: &Refusal, keys: &Credentials) -> SourceError {
    let key = shown(keys);
    if refusal.message.as_deref().is_some_and(is_key_lock) {
        let message = format!("Huawei Cloud has locked {key} for 5 minutes after failed sign-ins");
        return SourceError::new(Nature::Locked, message, "wait, and correct the key wherever it is used");
    }
    let is_temporary = matches!(keys, Credentials::AccessKey { security_token: Some(_), .. });
    if is_temporary && refusal.class == ErrorClass::Clock {
        // What is dated wrongly was dated and sent again before.
        let message = format!("the temporary key {key} has expired ({})", refusal.words());
        return SourceError::new(Nature::Refused, message, "get a new one where it came from");
    }
    if refusal.class == ErrorClass::Auth {
        return refusal.error_with("check the key: it may be mistyped, disabled, deleted or expired");
    }
    refusal.error()
}

/// Names keys without showing them.
pub(super) fn shown(keys: &Credentials) -> String {
    match keys {
        Credentials::AccessKey { id, .. } => shown_key_id(id),
        Credentials::AuthToken(_) => "the auth token".to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::credentials::client::signed;
    use crate::http::SignedRequest;

    /// Signs a request for a moment.
    pub(in crate::credentials::huawei) fn signed_at(ask: Ask<'_>, keys: &Credentials, at: &str) -> SignedRequest {
        let (call, headers) = ask.call(keys);
        signed(&call, &headers, at.parse().unwrap(), "").unwrap()
    }
}
