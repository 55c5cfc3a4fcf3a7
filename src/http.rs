//! What goes over the wire and what comes back, before and after signing. Plain values: nothing here sends.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use url::Url;

use crate::base::rate::Rate;

/// The most bytes of an answer about one resource.
pub const SHORT_RESPONSE: usize = 1 << 20;

/// The most bytes of an answer that lists resources.
pub const LONG_RESPONSE: usize = 32 << 20;

/// One API of one service: its name, version and documented quota.
#[derive(Debug, PartialEq, Eq)]
pub struct Api {
    /// The product, as in a plan's `endpoints` and in lane names: `fnf`, `searchengine`, `elasticsearch`, `live`, `drs`.
    pub product: &'static str,
    /// The vendor's name of the action.
    pub action: &'static str,
    /// The vendor's version of the API; empty where the path carries it.
    pub version: &'static str,
    /// How the vendor takes requests to this API.
    pub style: ApiStyle,
    /// The documented quota; `None` where the vendor states none.
    pub quota: Option<Quota>,
    /// How many targets one request may serve; 1 for everything but listings.
    pub batch: usize,
    /// The most bytes of an answer's body that are read: [`SHORT_RESPONSE`], or [`LONG_RESPONSE`] for listings.
    pub max_response_bytes: usize,
    /// Whether its connections carry one request after another. Not so where an answer does not name what it is about:
    /// one that comes twice on a connection would be taken for the next request's.
    pub keeps_connections: bool,
}

impl Api {
    /// Returns the name used for lanes, such as `fnf:StopExecution`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}", self.product, self.action)
    }
}

/// How a vendor takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiStyle {
    /// Alibaba Cloud RPC: the action is a parameter and the path is `/`.
    Rpc,
    /// Alibaba Cloud ROA: the path names the resource.
    Roa,
    /// Huawei Cloud REST.
    Rest,
}

/// Tells whether a URL's host is this machine: `localhost`, or a loopback address, of IPv6 in brackets.
pub(crate) fn is_loopback(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// A documented quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The sustained rate.
    pub rate: Rate,
    /// How many requests may come at once after a pause.
    pub burst: u32,
}

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
    /// The most bytes of the answer's body that are read.
    pub max_response_bytes: usize,
    /// Whether it may go over a connection that carried other requests, and other requests over its own.
    pub keeps_connection: bool,
}

/// An answer, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, at most the transport's bound.
    pub body: Bytes,
}

impl Response {
    /// Tells whether its status is one of success.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }

    /// Returns a header's value, where it is readable text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns how long the service asks to wait: `x-acs-retry-after` (milliseconds), else `Retry-After` (seconds or a
    /// date). `None` where it asks for no time at all.
    #[must_use]
    pub fn retry_after(&self, now: impl FnOnce() -> Timestamp) -> Option<Duration> {
        let millis = self.header("x-acs-retry-after").and_then(|text| text.trim().parse().ok());
        let wait = millis.filter(|millis| *millis > 0).map(Duration::from_millis);
        wait.or_else(|| self.standard_retry_after(now)).filter(|wait| !wait.is_zero())
    }

    fn standard_retry_after(&self, now: impl FnOnce() -> Timestamp) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let from = self.date().unwrap_or_else(now);
        Duration::try_from(http_date(text)?.duration_since(from)).ok()
    }

    /// Returns when the service says that it answered.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.header("date").and_then(http_date)
    }
}

/// Reads an HTTP date such as `Sun, 22 Nov 2026 05:30:00 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    PARSER.parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn response(headers: &[(&'static str, &str)]) -> Response {
        let headers = headers.iter().map(|(k, v)| (HeaderName::from_static(k), v.parse().unwrap()));
        Response { status: 429, headers: headers.collect(), body: Bytes::new() }
    }

    #[test]
    fn reads_every_form_of_the_hint() {
        let of = |headers: &[(&'static str, &str)]| response(headers).retry_after(|| Timestamp::UNIX_EPOCH);
        assert_eq!(of(&[("x-acs-retry-after", "1500"), ("retry-after", "9")]), Some(Duration::from_millis(1500)));
        assert_eq!(of(&[("x-acs-retry-after", "0"), ("retry-after", "9")]), Some(Duration::from_secs(9)));
        assert_eq!(of(&[("retry-after", " 3 ")]), Some(Duration::from_secs(3)));
        let dates = [("retry-after", "Sun, 22 Nov 2026 05:30:07 GMT"), ("date", "Sun, 22 Nov 2026 05:30:00 GMT")];
        assert_eq!(of(&dates), Some(Duration::from_secs(7)));
        assert_eq!(of(&[("retry-after", "Thu, 01 Jan 1970 00:00:05 GMT")]), Some(Duration::from_secs(5)));
        for nothing in ["soon", "0", "-1", "", "Thu, 01 Jan 1970 00:00:00 GMT", "Wed, 31 Dec 1969 23:59:59 GMT"] {
            assert_eq!(of(&[("retry-after", nothing)]), None, "{nothing}");
        }
        assert_eq!(of(&[]), None);
    }
}
