//! A request as it arrived: nothing decoded that a signature covers, everything decoded that a service reads.

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::encoding::{decode_parameters, decode_segment};

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// The method.
    pub(super) method: Method,
    /// The path, byte for byte.
    pub(super) path: String,
    /// The segments of the path, decoded.
    pub(super) segments: Vec<String>,
    /// The parameters of the query, decoded.
    pub(super) query: Vec<(String, String)>,
    /// The parameters of a form body, decoded.
    pub(super) form: Vec<(String, String)>,
    /// All headers.
    pub(super) headers: HeaderMap,
    /// The body.
    pub(super) body: Bytes,
}

impl Request {
    /// Takes a request apart; `None` where its target or form is no UTF-8 once decoded.
    pub(super) fn read(method: Method, target: &str, headers: HeaderMap, body: Bytes) -> Option<Self> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let is_form = headers
            .get(http::header::CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let form = if is_form { decode_parameters(std::str::from_utf8(&body).ok()?)? } else { Vec::new() };
        Some(Self {
            method,
            path: path.to_owned(),
            segments: path.split('/').skip(1).map(decode_segment).collect::<Option<_>>()?,
            query: decode_parameters(query)?,
            form,
            headers,
            body,
        })
    }

    /// Returns a header's value, where it is sent once or more and is readable text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns a parameter of the query or the form.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().chain(&self.form).find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns a parameter as a number, or `default` where it is absent or no number.
    pub(super) fn number(&self, name: &str, default: usize) -> usize {
        self.parameter(name).and_then(|text| text.parse().ok()).unwrap_or(default)
    }

    /// Returns the segments of the path as texts, for matching.
    pub(super) fn route(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }
}
