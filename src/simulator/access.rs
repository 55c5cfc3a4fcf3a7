//! Who may call: programs of this machine that name it, and no page in a browser.
//!
//! A page can make a browser send requests to any port of this machine. Where its own name is made to lead here, the
//! browser gives the responses to the page, but still names that host; otherwise it names the page as `Origin`.

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;

use super::response::Response;
use crate::http::is_loopback;

/// Returns the response to a request that is not allowed.
pub(super) fn refusal(head: &Parts) -> Option<Response> {
    let Some(host) = host(head) else {
        let text = "the Host header must be localhost or a loopback address\n";
        return Some(Response::new(421, "text/plain", text));
    };
    let origins = head.headers.get_all(ORIGIN);
    let is_own = |origin: &[u8]| origin.eq_ignore_ascii_case(format!("http://{host}").as_bytes());
    if origins.iter().all(|origin| is_own(origin.as_bytes())) {
        return None;
    }
    Some(Response::new(403, "text/plain", "cross-origin requests are not allowed\n"))
}

/// Returns the one host that a request names, if it is this machine.
fn host(head: &Parts) -> Option<Authority> {
    let mut named = head.headers.get_all(HOST).iter();
    let host: Authority = named.next()?.to_str().ok()?.parse().ok()?;
    let is_alone = named.next().is_none() && head.uri.authority().is_none_or(|other| *other == host);
    let is_plain = !host.as_str().contains('@');
    (is_alone && is_plain && is_loopback(host.host())).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(target: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = http::Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).expect("a request").into_parts();
        refusal(&head).map_or(200, |response| response.status)
    }

    #[test]
    fn only_names_of_this_machine_lead_in() {
        for host in ["127.0.0.1", "127.0.0.1:8080", "127.1.2.3:1", "localhost", "LocalHost:80", "[::1]:80", "[::1]"] {
            assert_eq!(status("/", &[("host", host)]), 200, "{host}");
        }
        for host in [
            "",
            "example.com",
            "example.com:8080",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "127.0.0.1@example.com",
            "example.com@127.0.0.1",
            "[127.0.0.1]",
            "10.0.0.1",
            "0.0.0.0",
            "[::]",
            "2130706433",
        ] {
            assert_eq!(status("/", &[("host", host)]), 421, "{host}");
        }
        assert_eq!(status("/", &[]), 421, "no host");
        assert_eq!(status("/", &[("host", "localhost"), ("host", "example.com")]), 421, "two hosts");
        assert_eq!(status("http://example.com/", &[("host", "localhost")]), 421, "a proxy's request");
        assert_eq!(status("http://localhost/", &[("host", "localhost")]), 200);
    }

    #[test]
    fn no_page_of_another_origin_is_let_in() {
        let from = |origin| status("/", &[("host", "127.0.0.1:8080"), ("origin", origin)]);
        assert_eq!(from("http://127.0.0.1:8080"), 200);
        for origin in [
            "https://example.com",
            "http://127.0.0.1:9090",
            "https://127.0.0.1:8080",
            "http://localhost:8080",
            "null",
            "",
        ] {
            assert_eq!(from(origin), 403, "{origin}");
        }
    }
}
