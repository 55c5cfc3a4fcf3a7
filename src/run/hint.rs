//! What to do about an error, in plain words.

use crate::class::ErrorClass;
use crate::operation::Kind;
use crate::vendor::Cloud;

/// Returns what a person can do about an error of this class on a target of this kind; `code` is the vendor's.
///
/// One or two sentences for the report's `error.hint` and the closing summary, starting in lower case and without a
/// full stop at the end.
#[must_use]
pub fn hint(class: ErrorClass, code: Option<&str>, kind: Kind) -> String {
    if let Some(advice) = code.and_then(|code| kind.code(code)).and_then(|code| code.advice) {
        return advice.to_owned();
    }
    match class {
        ErrorClass::Auth => format!("check {}; nothing more was sent with these credentials", variables(kind.cloud())),
        ErrorClass::Denied => format!("the credentials are good but may not do this: {}", kind.permission()),
        ErrorClass::Throttled
        | ErrorClass::Conflict
        | ErrorClass::Server
        | ErrorClass::Network
        | ErrorClass::Timeout
        | ErrorClass::Clock
        | ErrorClass::Invalid
        | ErrorClass::Rejected
        | ErrorClass::NotFound
        | ErrorClass::Protocol => advice(class).to_owned(),
    }
}

/// Returns what a person can do about any error of this class.
#[must_use]
pub const fn advice(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "the service's quota is used up; lower limits.rate, or wait and run again",
        ErrorClass::Conflict => "another change of the resource is under way; run again when it has ended",
        ErrorClass::Server => "the service failed on every try; look at its status page and run again later",
        ErrorClass::Network => {
            "the service could not be reached; check name resolution, proxy and firewall, and the account's region and endpoints"
        }
        ErrorClass::Timeout => {
            "no answer came in time; look at the resource before you run again, or raise retry.request_timeout"
        }
        ErrorClass::Clock => {
            "the service rejects the time of the request; set this machine's clock right (NTP) and run again"
        }
        ErrorClass::Invalid => {
            "the service takes the request for malformed; check the target's parameters and the account's region"
        }
        ErrorClass::Rejected => {
            "trying again will not help; look the code up in the service's documentation, or stop the resource by hand"
        }
        ErrorClass::NotFound => {
            "check the id, the account and the region; where a resource may be gone, the plan can say guards.not_found: ok"
        }
        ErrorClass::Protocol => {
            "the answer was none of this service's; check endpoints, and proxies or portals on the way there"
        }
        ErrorClass::Auth => {
            "check the variables that hold the account's key, its secret and its token; nothing more is sent with these credentials"
        }
        ErrorClass::Denied => "the credentials are good but may not do this: grant them the service's permission",
    }
}

/// Names the variables of a cloud's credentials.
const fn variables(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => {
            "the variables that the account's credentials name, else ALIBABA_CLOUD_ACCESS_KEY_ID, \
             ALIBABA_CLOUD_ACCESS_KEY_SECRET and, for a temporary key, ALIBABA_CLOUD_SECURITY_TOKEN"
        }
        Cloud::Huawei => {
            "the variables that the account's credentials name, else HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and, \
             for a temporary key, HUAWEICLOUD_SDK_SECURITY_TOKEN"
        }
    }
}
