//! The error envelope of Alibaba Cloud, and what its common codes mean.

use crate::error::{ApiError, ErrorClass};
use crate::http::Response;
use crate::provider::content::Content;
use crate::provider::envelope::{Envelope, code, text};

/// Reads the error of a response, if it carries one, and returns whether its class is by the code.
///
/// The envelope is `{"RequestId", "Code", "Message"}` with either case of keys, or the same as XML. The status is
/// no guide (the same code comes with different ones), so the code is asked first. Follows the vendor's pages
/// "Common error codes" and "Response structure".
#[must_use]
pub(in crate::provider) fn error(response: &Response, content: &Content<'_>) -> (ApiError, bool) {
    let (code, message, body_id) = match content {
        Content::Object(object) => (
            code(object, &["Code", "code"]),
            text(object, &["Message", "message"]),
            text(object, &["RequestId", "requestId", "request_id"]),
        ),
        Content::Xml(xml) => (element(xml, "Code"), element(xml, "Message"), element(xml, "RequestId")),
        Content::Other(what) => (None, Some(&**what), None),
    };
    let request_id = body_id.or_else(|| response.header("x-acs-request-id"));
    let envelope = Envelope::new(content, code, message, request_id);
    envelope.into_error(response, |envelope| by_code(envelope.code.as_deref()?))
}

/// Returns the text of the only element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let (text, rest) = xml.split_once(&open)?.1.split_once(&close)?;
    (!rest.contains(&open)).then_some(text)
}

fn by_code(code: &str) -> Option<ErrorClass> {
    let is_of = |families: &[&str]| families.iter().any(|family| code.starts_with(family));
    if let Some(class) = by_exact_code(code) {
        Some(class)
    } else if is_of(&["InvalidAccessKeyId", "InvalidAccessKeyID", "InvalidSecurityToken", "MissingSecurityToken"]) {
        Some(ErrorClass::Auth)
    } else if is_of(&["InvalidTimeStamp", "IllegalTimestamp"]) {
        Some(ErrorClass::Clock)
    } else if is_of(&["AccessDenied", "NoPermission", "Forbidden"]) {
        Some(ErrorClass::Denied)
    } else if is_of(&["InvalidApi", "InvalidAction", "InvalidProduct", "InvalidVersion", "InvalidProtocol"]) {
        Some(ErrorClass::Rejected)
    } else if is_of(&["InvalidParameter", "InvalidArgument", "Missing"]) {
        Some(ErrorClass::Invalid)
    } else if ["NotFound", "NotExists", "NotExist"].iter().any(|end| code.ends_with(end)) {
        Some(ErrorClass::NotFound)
    } else {
        None
    }
}

/// Returns whether a code means that the service had received a copy of this request before, and may have executed it.
#[must_use]
pub(in crate::provider) fn is_repeat(code: &str) -> bool {
    matches!(code, "SignatureNonceUsed" | "TokenPreviousRequestProcessError")
}

fn by_exact_code(code: &str) -> Option<ErrorClass> {
    match code {
        "ServiceUnavailable" | "InternalError" | "InternalServerError" | "InternalFailure" => Some(ErrorClass::Server),
        "ConcurrentUpdateError"
        | "ConcurrencyUpdateInstanceConflict"
        | "InstanceDuplicateScheduledTask"
        | "TokenPreviousRequestProcessError"
        | "SignatureNonceUsed" => Some(ErrorClass::Conflict),
        "SignatureDoesNotMatch" | "SignatureNotMatch" | "IncompleteSignature" => Some(ErrorClass::Auth),
        "RequestTimeTooSkewed" => Some(ErrorClass::Clock),
        "EntityTooLarge" | "UnsupportedMediaType" => Some(ErrorClass::Invalid),
        "ActionNotSupported" | "APIVersionNotSupported" | "NoSuchVersion" | "UnsupportedOperation" => {
            Some(ErrorClass::Rejected)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
