//! The error envelope of Huawei Cloud, and what the codes of its API gateway mean.

use crate::error::{ApiError, ErrorClass};
use crate::http::Response;
use crate::provider::content::Content;
use crate::provider::envelope::{Envelope, code, text};
use crate::provider::json::Object;

/// The keys of code and message in the envelopes of services, gateway and IAM, in the order they are tried.
const PAIRS: [(&str, &str); 3] = [("error_code", "error_msg"), ("errorCode", "errorMsg"), ("code", "message")];
/// How deep an envelope may be nested.
const DEPTH: u8 = 4;

/// Reads the error of a response, if it carries one, and returns whether its class is by the code.
///
/// The envelope is `{"error_code", "error_msg"}`, with a `request_id` where the gateway refused; IAM nests it and
/// numbers its codes. In a success only `error_code` or `errorCode` at the top counts, because listings carry the
/// errors of what they list. Follows the vendor's page "Error codes" of the API request signing guide.
#[must_use]
pub(in crate::provider) fn error(response: &Response, content: &Content<'_>) -> (ApiError, bool) {
    let (code, message, body_id) = match content {
        Content::Object(object) => {
            let (code, message) = if response.is_success() {
                top(object).unwrap_or_default()
            } else {
                nested(object, DEPTH).unwrap_or_default()
            };
            (code, message, text(object, &["request_id", "requestId"]))
        }
        Content::Xml(_) => (None, Some("an XML response instead of JSON"), None),
        Content::Other(what) => (None, Some(&**what), None),
    };
    let request_id = response.header("x-request-id").or_else(|| response.header("x-iam-trace-id")).or(body_id);
    Envelope::new(content, code, message, request_id).into_error(response, by_code)
}

type Pair<'a> = (Option<&'a str>, Option<&'a str>);

fn top<'a>(object: &'a Object<'_>) -> Option<Pair<'a>> {
    PAIRS.iter().take(2).find_map(|(key, message)| Some((Some(code(object, &[key])?), text(object, &[message]))))
}

fn nested<'a>(object: &'a Object<'_>, depth: u8) -> Option<Pair<'a>> {
    let here = PAIRS.iter().find_map(|(key, message)| {
        let pair = (code(object, &[key]), text(object, &[message]));
        (pair.0.is_some() || pair.1.is_some()).then_some(pair)
    });
    here.or_else(|| {
        let depth = depth.checked_sub(1)?;
        object.objects().find_map(|object| nested(object, depth))
    })
}

/// Classifies the gateway's codes, `APIGW.0308` or `APIG.0308`. A service classifies its own.
fn by_code(envelope: &Envelope) -> Option<ErrorClass> {
    let (prefix, number) = envelope.code.as_deref()?.split_once('.')?;
    if prefix != "APIGW" && prefix != "APIG" {
        return None;
    }
    match number {
        "0101" | "0103" | "0501" | "0502" => Some(ErrorClass::Rejected),
        "0104" | "0105" | "0106" | "0602" | "0607" => Some(ErrorClass::Invalid),
        "0301" | "0303" if is_stale(envelope.message.as_deref().unwrap_or_default()) => Some(ErrorClass::Clock),
        "0301" | "0303" | "0305" | "0307" | "0311" => Some(ErrorClass::Auth),
        "0302" | "0304" | "0306" | "0310" | "0401" | "0402" | "0404" | "0801" | "0802" => Some(ErrorClass::Denied),
        "0308" => Some(ErrorClass::Throttled),
        "0601" | "0605" | "0606" | "0608" | "0609" | "0610" | "0611" | "0612" | "0613" | "0705" => {
            Some(ErrorClass::Server)
        }
        _ => None,
    }
}

/// Returns whether the gateway found the signature too old, which the clock causes, and not a token.
fn is_stale(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let says = |word| message.contains(word);
    says("expire") && (says("signature") || says("date")) && !says("token")
}

#[cfg(test)]
mod tests;
