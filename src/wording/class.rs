//! The classes of errors. What to do about each is [`crate::advice`]'s.

use crate::error::ErrorClass;

/// Returns what went wrong if an error has this class.
#[must_use]
pub const fn class(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "a quota was exceeded",
        ErrorClass::Conflict => "another change of the same resource is in progress",
        ErrorClass::Server => "the service failed",
        ErrorClass::Network => "the connection could not be made, or broke",
        ErrorClass::Timeout => "no response in time",
        ErrorClass::Protocol => {
            "the response is unusable: garbage, an HTML page, a redirect, a contradiction, or about another resource"
        }
        ErrorClass::Clock => "the request's date was refused",
        ErrorClass::Auth => "the credentials are wrong, unknown or expired",
        ErrorClass::Denied => "the credentials lack the permission",
        ErrorClass::Invalid => "the service rejects the request as malformed",
        ErrorClass::Rejected => "the service refused for a permanent reason",
        ErrorClass::NotFound => "the service does not know the resource",
    }
}

/// Says whether an error of this class is retried.
#[must_use]
pub const fn retried(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "yes, without counting against `max_attempts`",
        ErrorClass::Clock => "once, after the clock offset is measured",
        ErrorClass::Auth => "no; if a second target is refused for the same reason, the account is closed",
        ErrorClass::Conflict
        | ErrorClass::Server
        | ErrorClass::Network
        | ErrorClass::Timeout
        | ErrorClass::Protocol => "yes",
        ErrorClass::Denied | ErrorClass::Invalid | ErrorClass::Rejected | ErrorClass::NotFound => "no",
    }
}
