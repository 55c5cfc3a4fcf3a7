//! The error envelope of Alibaba Cloud, and what its common codes mean.

use crate::class::ErrorClass;
use crate::vendor::Fault;
use crate::vendor::content::Content;
use crate::vendor::envelope::{Envelope, text};
use crate::wire::Reply;

/// Reads the error an answer carries, if it carries one.
///
/// The envelope is `{"RequestId", "Code", "Message"}` with either case of keys, or the same as XML. The status is
/// no guide (the same code comes with different ones), so the code is asked first. Follows the vendor's pages
/// "Common error codes" and "Response structure".
#[must_use]
pub(in crate::vendor) fn fault(reply: &Reply, content: &Content<'_>) -> Fault {
    let (code, message, body_id) = match content {
        Content::Object(object) => (
            text(object, &["Code", "code"]),
            text(object, &["Message", "message"]),
            text(object, &["RequestId", "requestId", "request_id"]),
        ),
        Content::Xml(xml) => (element(xml, "Code"), element(xml, "Message"), element(xml, "RequestId")),
        Content::Other(what) => (None, Some(&**what), None),
    };
    let request_id = body_id.or_else(|| reply.header("x-acs-request-id"));
    let envelope = Envelope::new(content, code, message, request_id);
    envelope.into_fault(reply, |envelope| by_code(envelope.code.as_deref()?))
}

/// Returns the text of the first element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

fn by_code(code: &str) -> Option<ErrorClass> {
    let is_of = |families: &[&str]| families.iter().any(|family| code.starts_with(family));
    if code.contains("Throttl") {
        Some(ErrorClass::Throttled)
    } else if let Some(class) = by_exact_code(code) {
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

fn by_exact_code(code: &str) -> Option<ErrorClass> {
    match code {
        "ServiceUnavailable" | "InternalError" | "InternalServerError" | "InternalFailure" => Some(ErrorClass::Server),
        "ConcurrentUpdateError"
        | "ConcurrencyUpdateInstanceConflict"
        | "InstanceDuplicateScheduledTask"
        | "TokenPreviousRequestProcessError"
        // A copy of this very request was there first, which no service is to blame for. The next try has a new nonce.
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
