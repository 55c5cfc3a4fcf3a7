//! What the body of a response is, whatever its status.

use std::borrow::Cow;

use super::json::{self, Json, Object, Search};
use super::text::tidy;
use crate::error::{ApiError, ErrorClass};
use crate::http::Response;

/// The body of a response.
pub(super) enum Content<'a> {
    /// A JSON object, as every response of the vendors' services should be.
    Object(Object<'a>),
    /// An XML text, as Alibaba Cloud's gateway sends some errors.
    Xml(Cow<'a, str>),
    /// Neither: what it is, in words. Nothing of it is quoted but the title of an HTML page.
    Other(Box<str>),
}

impl<'a> Content<'a> {
    /// Reads the body of a response, and in it what `search` looks for; keeps `fields` besides those of the envelopes.
    pub(super) fn of(response: &'a Response, fields: &'static [&'static str], search: Option<&mut Search<'_>>) -> Self {
        // Only a refusal's code may be nested in anything.
        let is_deep = !response.is_success();
        let is_cut_short = match json::read(&response.body, fields, is_deep, search) {
            Ok(Json::Object(object)) => return Self::Object(object),
            Ok(_) => return Self::Other("a JSON response that is not an object".into()),
            Err(unreadable) => unreadable.is_cut_short,
        };
        let text = String::from_utf8_lossy(&response.body);
        let start = text.trim_start();
        if start.is_empty() {
            Self::Other("an empty response".into())
        } else if is_html(response) {
            Self::Other(html(&text))
        } else if start.starts_with("<?xml") || start.starts_with("<Error") {
            Self::Xml(text)
        } else if is_cut_short {
            Self::Other("a truncated JSON response".into())
        } else {
            Self::Other("a response that is not JSON".into())
        }
    }

    /// Returns the JSON object that the response consists of.
    ///
    /// # Errors
    ///
    /// Fails with a `protocol` error that says what came instead.
    pub(super) fn into_object(self) -> Result<Object<'a>, ApiError> {
        let what = match self {
            Self::Object(object) => return Ok(object),
            Self::Xml(_) => "an XML response instead of JSON".into(),
            Self::Other(what) => what,
        };
        Err(ApiError { class: Some(ErrorClass::Protocol), message: Some(what), ..ApiError::default() })
    }
}

/// Tells whether a response is a page for people.
#[must_use]
pub(crate) fn is_html(response: &Response) -> bool {
    let start = response.body.trim_ascii_start();
    let opens_with = |tag: &[u8]| start.get(..tag.len()).is_some_and(|open| open.eq_ignore_ascii_case(tag));
    response.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
        || opens_with(b"<html")
        || opens_with(b"<!doctype html")
}

fn html(page: &str) -> Box<str> {
    let words = "an HTML page instead of JSON";
    match title(page).map(|title| tidy(title, 80)) {
        Some(title) if !title.is_empty() => format!("{words}: {title}").into(),
        Some(_) | None => words.into(),
    }
}

fn title(page: &str) -> Option<&str> {
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let length = lower.get(start..)?.find("</title")?;
    page.get(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(content_type: &str, body: &str) -> Box<str> {
        let mut headers = http::HeaderMap::new();
        headers.insert("content-type", content_type.parse().unwrap());
        let response = Response { status: 200, headers, body: body.to_owned().into() };
        Content::of(&response, &[], None).into_object().unwrap_err().message.unwrap()
    }

    #[test]
    fn says_what_came_instead_of_an_object() {
        for (content_type, body, what) in [
            ("application/json", "", "an empty response"),
            ("application/json", " \n", "an empty response"),
            ("application/json", "{\"Status\": \"Sto", "a truncated JSON response"),
            ("application/json", "\u{0}\u{1}", "a response that is not JSON"),
            ("application/json", "[]", "a JSON response that is not an object"),
            ("text/html", "<html>captive</html>", "an HTML page instead of JSON"),
            ("text/plain", " <!DOCTYPE HTML><html>", "an HTML page instead of JSON"),
            ("text/HTML; charset=utf-8", "log in", "an HTML page instead of JSON"),
            ("", "<HTML><Title lang=en> 502 Bad\nGateway </TITLE>", "an HTML page instead of JSON: 502 Bad Gateway"),
            ("", "<html><title>", "an HTML page instead of JSON"),
            ("text/xml", "<?xml version='1.0'?><Error/>", "an XML response instead of JSON"),
        ] {
            assert_eq!(&*said(content_type, body), what, "{content_type} {body}");
        }
    }
}
