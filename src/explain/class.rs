//! The classes of errors.

use super::{Entry, Topic};
use crate::advice::{self, Origin};
use crate::error::ErrorClass;
use crate::provider::Cloud;
use crate::service::Kind;

/// Returns what went wrong where an error has this class.
#[must_use]
pub const fn class(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "a quota was exceeded",
        ErrorClass::Conflict => "another change of the same resource is under way",
        ErrorClass::Server => "the service failed",
        ErrorClass::Network => "the connection could not be made, or broke",
        ErrorClass::Timeout => "no answer came in time",
        ErrorClass::Protocol => {
            "the answer makes no sense: garbage, a page, a redirect, a contradiction, or it is about another resource"
        }
        ErrorClass::Clock => "the request's date was refused",
        ErrorClass::Auth => "the credentials are wrong, unknown or expired",
        ErrorClass::Denied => "the credentials may not do this",
        ErrorClass::Invalid => "the service takes the request for malformed",
        ErrorClass::Rejected => "the service refused for a reason that stays",
        ErrorClass::NotFound => "the service does not know the resource",
    }
}

/// Says whether an error of this class is tried again.
pub(super) const fn tried_again(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "yes, does not count against `max_attempts`",
        ErrorClass::Clock => "once the offset is learnt",
        ErrorClass::Auth => "no; a second target refused so closes the account",
        ErrorClass::Conflict
        | ErrorClass::Server
        | ErrorClass::Network
        | ErrorClass::Timeout
        | ErrorClass::Protocol => "yes",
        ErrorClass::Denied | ErrorClass::Invalid | ErrorClass::Rejected | ErrorClass::NotFound => "no",
    }
}

/// Returns what the services of a cloud, or of all, need where permission is denied.
pub(super) fn details(class: ErrorClass, cloud: Option<Cloud>) -> Vec<(&'static str, &'static str)> {
    let is_concerned = |kind: &&Kind| class == ErrorClass::Denied && cloud.is_none_or(|cloud| cloud == kind.cloud());
    Kind::all().iter().filter(is_concerned).map(|kind| (kind.name(), kind.permission())).collect()
}

pub(super) fn entries() -> Vec<Entry> {
    let entry = |word: ErrorClass| {
        let treatment = Some(format!("tried again: {}", tried_again(word)));
        let details = details(word, None);
        let advice = advice::advice(word, None, None, Origin::Any);
        Entry { treatment, details, ..Entry::own(Topic::Class, word.name(), class(word), Some(&advice)) }
    };
    ErrorClass::ALL.into_iter().map(entry).collect()
}
