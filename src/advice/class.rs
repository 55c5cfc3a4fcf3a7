//! What to do about any error of a class.

use crate::error::ErrorClass;

/// Returns what to do about an error of this class of a listing, where that is something else than about any other.
pub(super) const fn of_listing(class: ErrorClass) -> Option<&'static str> {
    match class {
        ErrorClass::Conflict => Some("the list changed each time that it was read; run the plan again"),
        ErrorClass::Timeout => Some("no response in time; run the plan again, or raise retry.request_timeout"),
        ErrorClass::Invalid => {
            Some("the service rejects the request as malformed; check the values of `select` and the account's region")
        }
        ErrorClass::Rejected => Some(
            "a retry will not help; look up the code in the service's documentation, or leave the account out of `select`",
        ),
        ErrorClass::NotFound => Some(
            "check the name in `select`, the account and the region; if it may be gone, set guards.not_found: ok in the plan",
        ),
        ErrorClass::Throttled
        | ErrorClass::Server
        | ErrorClass::Network
        | ErrorClass::Protocol
        | ErrorClass::Clock
        | ErrorClass::Auth
        | ErrorClass::Denied => None,
    }
}

/// Returns what to do about any error of this class.
pub(super) const fn of_class(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "the service's quota is used up; lower limits.rate, or wait and run again",
        ErrorClass::Conflict => "another change of the resource is in progress; run again when it has ended",
        ErrorClass::Server => "the service failed; check its status page and run again later",
        ErrorClass::Network => "check name resolution, proxy and firewall, and the account's region and endpoints",
        ErrorClass::Timeout => {
            "no response in time; check the resource before you run again, or raise retry.request_timeout"
        }
        ErrorClass::Clock => {
            "the service rejects the time of the request; set this machine's clock right (NTP) and run again"
        }
        ErrorClass::Invalid => {
            "the service rejects the request as malformed; check the target's parameters and the account's region"
        }
        ErrorClass::Rejected => {
            "a retry will not help; look up the code in the service's documentation, or stop the resource manually"
        }
        ErrorClass::NotFound => {
            "check the id, the account and the region; if the resource may be gone, set guards.not_found: ok in the plan"
        }
        ErrorClass::Protocol => "the response is not from this service; check endpoints, proxies and captive portals",
        ErrorClass::Auth => {
            "check the account's access key id, its secret and, for a temporary key, its security token"
        }
        ErrorClass::Denied => "the credentials are good but may not do this: grant them the service's permission",
    }
}
