//! What goes over the wire and what comes back, before and after signing. Plain values: nothing here sends.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use http::{HeaderMap, Method};
use url::Url;

use crate::rate::Rate;

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
    pub style: Style,
    /// The documented quota; `None` where the vendor states none.
    pub quota: Option<Quota>,
    /// How many targets one request may serve; 1 for everything but listings.
    pub batch: usize,
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
pub enum Style {
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
pub struct Signed {
    /// The HTTP method.
    pub method: Method,
    /// The absolute URL, encoded exactly as it was signed.
    pub url: Url,
    /// All headers that must be sent, `host` included.
    pub headers: HeaderMap,
    /// The exact bytes of the body.
    pub body: Bytes,
}

/// An answer, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, at most the transport's bound.
    pub body: Bytes,
}

impl Reply {
    /// Returns a header's value, where it is readable text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
