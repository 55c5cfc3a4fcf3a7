//! What both vendors' error envelopes have in common: three fields, and the class by code first and status second.

use http::Uri;
use jiff::Timestamp;

use super::content::Content;
use super::indicators::is_success;
use super::json::Object;
use super::text::tidy;
use super::throttle;
use crate::error::{ApiError, ErrorClass};
use crate::http::Response;

/// The most characters of a message that a report shows.
const MESSAGE_CHARS: usize = 300;
/// The most characters of a code or a request id that a report shows.
const TOKEN_CHARS: usize = 128;

/// The fields of an error, tidied.
#[derive(Default)]
pub(super) struct Envelope {
    pub(super) code: Option<Box<str>>,
    pub(super) message: Option<Box<str>>,
    pub(super) request_id: Option<Box<str>>,
    /// Whether the response has no form that the vendor's services use, so that somebody else may have sent it.
    is_foreign: bool,
}

impl Envelope {
    /// Tidies the fields of an error; an empty one counts as absent.
    pub(super) fn new(
        content: &Content<'_>,
        code: Option<&str>,
        message: Option<&str>,
        request_id: Option<&str>,
    ) -> Self {
        let field = |text: Option<&str>, chars| text.map(|text| tidy(text, chars)).filter(|text| !text.is_empty());
        let code = field(code, TOKEN_CHARS);
        Self {
            is_foreign: code.is_none() && !matches!(content, Content::Object(_)),
            code,
            message: field(message, MESSAGE_CHARS),
            request_id: field(request_id, TOKEN_CHARS),
        }
    }

    /// Makes the error of a response; `by_code` knows the vendor's codes. Returns whether its class is by the code, too.
    pub(super) fn into_error(
        self,
        response: &Response,
        by_code: impl Fn(&Self) -> Option<ErrorClass>,
    ) -> (ApiError, bool) {
        if (300..400).contains(&response.status) {
            // Whoever redirects is not the service: a code in its response is none of the service's.
            let (class, message) = (Some(ErrorClass::Protocol), Some(redirect(response)));
            return (ApiError { class, code: None, message, request_id: self.request_id }, false);
        }
        let known = self.code.as_deref().and_then(throttle::by_code).or_else(|| by_code(&self));
        let class = match &self.code {
            _ if !response.is_success() => known.or_else(|| Some(self.by_status(response))),
            Some(code) if !is_success(code) => known.or(Some(ErrorClass::Rejected)),
            Some(_) | None => None,
        };
        let message = self.message.filter(|_| class.is_some());
        (ApiError { class, code: self.code, message, request_id: self.request_id }, known.is_some())
    }

    /// Classifies an error by its status alone, and by whether the service asks to come back later.
    ///
    /// A page or nothing in place of the vendor's envelope comes from a proxy, a portal or a load balancer. It knows
    /// whether something is busy or broken. It does not know about keys, permissions or resources.
    fn by_status(&self, response: &Response) -> ErrorClass {
        match response.status {
            408 => ErrorClass::Timeout,
            409 => ErrorClass::Conflict,
            429 => ErrorClass::Throttled,
            500..600 => ErrorClass::Server,
            400..500 if response.retry_after(|| Timestamp::UNIX_EPOCH).is_some() => ErrorClass::Throttled,
            _ if self.is_foreign => ErrorClass::Protocol,
            400 => ErrorClass::Invalid,
            // Without a code, it may not be the vendor who refuses the key.
            401 if self.code.is_none() => ErrorClass::Protocol,
            401 => ErrorClass::Auth,
            403 => ErrorClass::Denied,
            404 => ErrorClass::NotFound,
            402..500 => ErrorClass::Rejected,
            _ => ErrorClass::Protocol,
        }
    }
}

/// Returns the text or the number of the first of `keys` that has one; an empty text counts as none.
pub(super) fn code<'a>(object: &'a Object<'_>, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| object.get(key)?.as_code().filter(|code| !code.is_empty()))
}

/// Returns a text field of a JSON object under the first of `keys` that has one.
pub(super) fn text<'a>(object: &'a Object<'_>, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| object.text(key))
}

/// Says where a redirect leads, by host only: the rest of a URL may carry a signature.
fn redirect(response: &Response) -> Box<str> {
    let to = response.header("location").and_then(|location| location.parse::<Uri>().ok());
    match to.as_ref().and_then(Uri::host) {
        Some(host) => format!("a redirect to {}, not followed", tidy(host, TOKEN_CHARS)).into(),
        None => "a redirect, not followed".into(),
    }
}
