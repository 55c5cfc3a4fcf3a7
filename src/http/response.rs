//! Responses, and what their headers say of time.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// A whole response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, at most as long as the transport allows.
    pub body: Bytes,
}

impl Response {
    /// Returns whether its status is one of success.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }

    /// Returns a header's value, if it is readable text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns how long the service asks to wait: `x-acs-retry-after` (milliseconds), else `Retry-After` (seconds or a
    /// date). `None` if it asks for no time at all.
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

    /// Returns when the service sent it, by its own clock.
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
    fn reads_every_form_of_retry_after() {
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
