//! A request that is encoded, and not signed yet.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};

use super::encode;
use super::origin::Origin;
use super::sign_error::SignError;
use crate::http::{Body, Request, SignedRequest};

/// What this program calls itself.
pub(crate) const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("allstop/", env!("CARGO_PKG_VERSION")));

/// The headers whose values let others act with these credentials.
const SECRET: [&str; 5] =
    ["authorization", "x-acs-security-token", "x-security-token", "x-auth-token", "x-subject-token"];

/// A request whose host and body are encoded.
pub(super) struct EncodedRequest<'a> {
    /// The request.
    pub(super) request: &'a Request,
    origin: &'a Origin,
    /// The content type of the body, if there is one.
    pub(super) content_type: Option<&'static str>,
    /// The bytes of the body.
    pub(super) body: Bytes,
}

impl<'a> EncodedRequest<'a> {
    /// Encodes the body of a request.
    pub(super) fn new(request: &'a Request, origin: &'a Origin) -> Self {
        let (content_type, body) = match &request.body {
            Body::Empty => (None, Bytes::new()),
            Body::Form(pairs) => (Some("application/x-www-form-urlencoded"), encode::form(encode::lend(pairs)).into()),
            Body::Json(text) => (Some("application/json"), Bytes::copy_from_slice(text.as_bytes())),
        };
        Self { request, origin, content_type, body }
    }

    /// Returns the value of the `host` header.
    pub(super) fn host(&self) -> &str {
        &self.origin.host
    }

    /// Returns the canonical form of the request's own query.
    pub(super) fn query(&self) -> String {
        encode::query(encode::lend(&self.request.query))
    }

    /// Puts the signed request together from its encoded query and its headers, whose names are in lower case.
    ///
    /// # Errors
    ///
    /// Fails when a header's value has characters that HTTP does not allow.
    pub(super) fn finish<'v>(
        &self,
        query: &str,
        pairs: impl IntoIterator<Item = (&'static str, &'v str)>,
    ) -> Result<SignedRequest, SignError> {
        let mut headers = HeaderMap::with_capacity(12);
        for (name, value) in pairs {
            let mut value = HeaderValue::from_str(value).map_err(|_| SignError::Header(name))?;
            value.set_sensitive(SECRET.contains(&name));
            headers.insert(name, value);
        }
        headers.insert(header::USER_AGENT, USER_AGENT);
        // The SDKs send it, and HTTP libraries leave it out where there is no body.
        if self.body.is_empty() && self.request.method != Method::GET {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Ok(SignedRequest {
            method: self.request.method.clone(),
            url: self.origin.url(&self.request.path, query),
            headers,
            body: self.body.clone(),
            max_response_bytes: self.request.api.max_response_bytes,
            keeps_connection: self.request.api.keeps_connections,
        })
    }
}
