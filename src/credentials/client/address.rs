//! Where requests for credentials may go.

use url::Url;

use super::call::Way;
use crate::credentials::error::{Nature, SourceError};
use crate::http::is_adjacent;

/// Completes a base URL: one without a scheme is `https`.
pub(in crate::credentials) fn with_scheme(endpoint: &str) -> String {
    let endpoint = endpoint.trim().trim_end_matches('/');
    if endpoint.contains("://") { endpoint.to_owned() } else { format!("https://{endpoint}") }
}

/// Reads a URL, and refuses one to another machine over plain `http`, or to a metadata service elsewhere.
pub(super) fn address(url: &str, way: Way, insecure_http: bool) -> Result<Url, SourceError> {
    let refused = |message: String, hint: &'static str| Err(SourceError::new(Nature::Final, message, hint));
    let Ok(url) = Url::parse(url) else {
        return refused("the address of a service of credentials is no URL".to_owned(), "write it as https://HOST");
    };
    let is_near = is_adjacent(url.host_str().unwrap_or_default());
    match url.scheme() {
        "http" | "https" if way == Way::Metadata && !is_near => refused(
            format!("{} is another machine, and no metadata service", shown(&url)),
            "a metadata service has a loopback or link-local address",
        ),
        "https" => Ok(url),
        "http" if insecure_http || is_near => Ok(url),
        "http" => refused(
            format!("{} is another machine: credentials do not go there over plain http", shown(&url)),
            "use https; for a credentials URI, `insecure_http: true` allows it",
        ),
        other => refused(format!("{other}: is not a scheme for credentials"), "use https"),
    }
}

/// Names where a URL goes: host and port.
pub(super) fn shown(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
