//! Requests before and after signing.

use bytes::Bytes;
use http::{HeaderMap, Method};
use url::Url;

use super::api::Api;

/// A request that is not signed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The API it calls.
    pub api: &'static Api,
    /// The HTTP method.
    pub method: Method,
    /// The path, percent-encoded, starting with `/`; sent byte for byte.
    pub path: String,
    /// The query parameters, not encoded, in any order.
    pub query: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

/// The body of a [`Request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// No body and no content type.
    Empty,
    /// `application/x-www-form-urlencoded` parameters, not encoded.
    Form(Vec<(&'static str, String)>),
    /// `application/json`; an empty text is sent as no bytes.
    Json(String),
}

/// A signed request, ready for a transport.
///
/// It has no `Debug`: its URL and headers carry signatures and tokens.
#[derive(Clone)]
pub struct SignedRequest {
    /// The HTTP method.
    pub method: Method,
    /// The absolute URL, encoded exactly as it was signed.
    pub url: Url,
    /// All headers that must be sent, `host` included.
    pub headers: HeaderMap,
    /// The exact bytes of the body.
    pub body: Bytes,
    /// The most bytes of the response's body that are read.
    pub max_response_bytes: usize,
    /// Whether it may go over a connection that carried other requests, and other requests over its own.
    pub keeps_connection: bool,
}
