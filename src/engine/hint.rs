//! What to do about an error, in plain words: the one place that gives advice, for reports and for `explain`.
//!
//! What is told of an error alone comes from [`advice`]; [`of_result`] adds what a run knows besides.

use crate::error::{Code, ErrorClass};
use crate::provider::{self, Cloud};
use crate::service::Kind;

use super::outcome::{Outcome, TargetError, TargetResult};

/// Whose error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// That of a request to stop a target of this kind.
    Stop(Kind),
    /// That of a request to read the state of a target of this kind.
    Read(Kind),
    /// That of any service of this cloud.
    Cloud(Cloud),
    /// Anybody's.
    Any,
}

impl Origin {
    fn code(self, code: &str) -> Option<&'static Code> {
        match self {
            Self::Stop(kind) | Self::Read(kind) => kind.code(code),
            Self::Cloud(cloud) => cloud.codes().iter().find(|known| known.code == code),
            Self::Any => None,
        }
    }

    /// Returns what to grant where the service says that it is not permitted.
    fn permission(self) -> Option<&'static str> {
        match self {
            Self::Stop(kind) => Some(kind.permission()),
            Self::Read(kind) => Some(kind.read_permission()),
            Self::Cloud(_) | Self::Any => None,
        }
    }
}

/// Returns what a person can do about an error: what its code says, else what the vendor's codes of its sort say, else
/// the service, else its class.
///
/// One or two sentences for the report's `error.hint`, the closing summary and `allstop explain`, starting in lower
/// case and without a full stop at the end. `code` and `message` are the vendor's.
#[must_use]
pub fn advice(class: ErrorClass, code: Option<&str>, message: Option<&str>, origin: Origin) -> String {
    let own = code.and_then(|code| origin.code(code)).and_then(|code| code.advice);
    if let Some(advice) = own.or_else(|| provider::hint(class, code, message)) {
        return advice.to_owned();
    }
    match origin.permission().filter(|_| class == ErrorClass::Denied) {
        Some(permission) => format!("the credentials are good but may not do this: {permission}"),
        None => of_class(class).to_owned(),
    }
}

/// Returns what a person can do about an error of this class on a target of this kind; `code` is the vendor's.
#[must_use]
pub fn hint(class: ErrorClass, code: Option<&str>, kind: Kind) -> String {
    let advice = advice(class, code, None, Origin::Stop(kind));
    if class == ErrorClass::Auth { format!("{advice}; {}", variables(kind.cloud())) } else { advice }
}

/// Names the variables that hold the credentials of a cloud's accounts.
#[must_use]
pub fn variables(cloud: Cloud) -> String {
    let [id, secret, token] = cloud.key_variables();
    format!(
        "they stand in the variables that the account's credentials name, else in {id}, {secret} and, for a temporary \
         key, {token}"
    )
}

/// Returns what a person can do about any error of this class.
const fn of_class(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Throttled => "the service's quota is used up; lower limits.rate, or wait and run again",
        ErrorClass::Conflict => "another change of the resource is under way; run again when it has ended",
        ErrorClass::Server => "the service failed; look at its status page and run again later",
        ErrorClass::Network => "check name resolution, proxy and firewall, and the account's region and endpoints",
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
            "check the account's access key id, its secret and, for a temporary key, its security token"
        }
        ErrorClass::Denied => "the credentials are good but may not do this: grant them the service's permission",
    }
}

/// What a target went through, as far as advice depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Circumstances {
    /// What ended its story before it was told.
    pub(super) cut: Option<Cut>,
    /// Whether its error is that of a read.
    pub(super) was_reading: bool,
    /// Whether its error is that an earlier part of the run noted no answer.
    pub(super) is_unnoted: bool,
}

/// What ended a target's story before it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// The run ended.
    Run,
    /// The account's credentials were refused.
    Account,
    /// The API that comes next was given up.
    Lane,
}

/// Whom a target's requests were signed for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signer<'a> {
    /// The account's name in the plan.
    pub(super) account: &'a str,
    /// Where its credentials come from, in words, where that is known.
    pub(super) source: Option<&'a str>,
}

impl Signer<'_> {
    fn words(self) -> String {
        match self.source {
            Some(source) => format!("account {} has its credentials from {source}", self.account),
            None => format!("the account is {}", self.account),
        }
    }
}

/// Returns what a person can do about a target that has this result and this error.
pub(super) fn of_result(
    (result, error): (&TargetResult, &TargetError),
    told: Circumstances,
    kind: Kind,
    signer: Signer<'_>,
) -> String {
    let origin = if told.was_reading { Origin::Read(kind) } else { Origin::Stop(kind) };
    let mut advice = advice(error.class, error.code.as_deref(), Some(&error.message), origin);
    if error.class == ErrorClass::Auth {
        advice = format!("{advice}; {}", signer.words());
    }
    match (result.outcome, told.cut) {
        (Outcome::NotFound, _) if error.class != ErrorClass::NotFound => of_class(ErrorClass::NotFound).to_owned(),
        (Outcome::Accepted, _) if is_telling(error.class) => {
            format!("the stop was accepted, but its end could not be read: {advice}")
        }
        (Outcome::Accepted, _) => {
            "the stop was accepted, but its end was not seen; look at the resource, or run `allstop retry REPORT`"
                .to_owned()
        }
        (Outcome::Failed, Some(Cut::Run)) if error.class == ErrorClass::Network => {
            format!("{advice}; the run ended before it was tried again")
        }
        (Outcome::Unknown | Outcome::Failed, Some(Cut::Run)) => cut_short(result.outcome, told).to_owned(),
        (Outcome::Unknown | Outcome::Failed, Some(Cut::Account)) if error.class != ErrorClass::Auth => {
            format!("the account's credentials were refused before more was tried; {}", signer.words())
        }
        (Outcome::Unknown | Outcome::Failed, _) if told.is_unnoted && !told.was_reading => {
            "the answer came to a part of the run that was ended; run `allstop retry REPORT`".to_owned()
        }
        (Outcome::Unknown, _) if told.was_reading => {
            format!("look if it still runs. Its state could not be read: {advice}")
        }
        _ => advice,
    }
}

/// Tells whether an error of this class says what to mend, so that what follows can be seen.
const fn is_telling(class: ErrorClass) -> bool {
    matches!(class, ErrorClass::Denied | ErrorClass::Auth | ErrorClass::Clock)
}

/// Says where the end of the run left a target. Many rows may share it: it counts nothing.
const fn cut_short(outcome: Outcome, told: Circumstances) -> &'static str {
    match (outcome, told.was_reading) {
        (Outcome::Unknown, true) => "the run ended while its state could not be read; run `allstop retry REPORT`",
        (Outcome::Unknown, false) => "the run ended before its state was known; run `allstop retry REPORT`",
        _ => "the run ended before it was tried again; run `allstop retry REPORT`",
    }
}
