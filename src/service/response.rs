//! What every service does first with a response: it checks whether the response can prove anything.
//!
//! A response proves something only if its status, its code, its success flags and its word for the state agree, and
//! if it is about the requested resource. A contradictory response proves nothing: the stop may have taken effect, and
//! the state decides. The code of such a response is hidden here, so that no service takes it for a proof by mistake.

use serde::de::DeserializeOwned;

use super::info::ServiceInfo;
use super::meaning::{Meaning, Verdict};
use crate::error::{ApiError, ErrorClass};
use crate::http::Response;
use crate::provider::{self, Json, Object, ParsedResponse, Search};

/// The most characters of a service's word for a state that a report shows.
const WORD_CHARS: usize = 64;

/// What the body of a response states about the stop, in the service's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyStatus {
    /// Nothing.
    Nothing,
    /// The stop took effect, or was accepted.
    Done,
    /// It was refused, as a documented 200 can state.
    Refused,
    /// A word where none should be.
    Odd,
}

/// A 2xx response that is a JSON object, indicates no error, and is about the requested resource.
pub(super) struct Success<'a> {
    /// The object.
    pub(super) body: Object<'a>,
    /// No error, but the id of the request.
    pub(super) error: ApiError,
    /// Whether it has no code, as every documented success.
    is_plain: bool,
}

/// Any other response.
pub(super) struct Refusal {
    /// Its class by the service's own rules, else by the vendor's common ones.
    pub(super) class: ErrorClass,
    /// The error itself.
    pub(super) error: ApiError,
    /// Whether nothing in the response contradicts its code.
    is_clear: bool,
    /// Whether its class is by a code that is known, and not by the status alone.
    is_known: bool,
    /// Whether the stop may have taken effect.
    may_have_worked: bool,
}

/// The fields of a response, or of the object in a field of it, that name its resource, with the names that they must
/// have.
type Names<'n> = (Option<&'n str>, &'n [(&'n str, &'n str)]);

/// Reads the response to a stop. `status` reads what its body states about the stop; `names` are the fields that name
/// the resource.
pub(super) fn of_stop<'r>(
    info: &ServiceInfo,
    response: &'r Response,
    status: impl FnOnce(&Object<'_>) -> BodyStatus,
    names: &[(&str, &str)],
) -> Result<Success<'r>, Refusal> {
    let parsed = info.cloud.read(response, info.fields, None);
    let status = parsed.body.as_ref().map_or(BodyStatus::Nothing, status);
    read(info, response, parsed, status, (None, names))
}

/// Reads the response to a read. `names` are the fields of the response, or of the object under `within`, that name the
/// resource.
pub(super) fn of_read<'r>(
    info: &ServiceInfo,
    response: &'r Response,
    within: Option<&str>,
    names: &[(&str, &str)],
) -> Result<Success<'r>, Refusal> {
    let parsed = info.cloud.read(response, info.fields, None);
    read(info, response, parsed, BodyStatus::Nothing, (within, names))
}

/// Reads the response to a listing, and in it what `search` looks for.
pub(super) fn of_list<'r>(
    info: &ServiceInfo,
    response: &'r Response,
    search: &mut Search<'_>,
) -> Result<Success<'r>, Refusal> {
    let parsed = info.cloud.read(response, info.fields, Some(search));
    read(info, response, parsed, BodyStatus::Nothing, (None, &[]))
}

/// Reads a page of a listing into a type that keeps what is needed of it, and nothing else. `list` is the field that
/// must have the list, alone.
///
/// A success that says anything else is unusable, whatever its code says: a list is whole, or there is none.
pub(super) fn of_page<'r, P: DeserializeOwned>(
    info: &ServiceInfo,
    response: &'r Response,
    list: &'static [&'static str],
) -> Result<(Success<'r>, P), Refusal> {
    let parsed = info.cloud.read(response, list, None);
    let success = match read(info, response, parsed, BodyStatus::Nothing, (None, &[])) {
        Ok(success) => success,
        Err(refusal) if response.is_success() => return Err(Refusal::protocol(refusal.error)),
        // Where it is unclear, nothing is known to be missing.
        Err(Refusal {
            is_clear: false,
            class: ErrorClass::NotFound | ErrorClass::Invalid | ErrorClass::Rejected,
            error,
            ..
        }) => {
            return Err(Refusal::protocol(error));
        }
        Err(refusal) => return Err(refusal),
    };
    let name = list.first().copied().unwrap_or_default();
    if !matches!(success.body.get(name), Some(Json::List { .. })) {
        return Err(Refusal::protocol(success.odd(&format!("a response without the list {name}"))));
    }
    match provider::parse(&response.body) {
        Some(page) => Ok((success, page)),
        None => Err(Refusal::protocol(success.odd(&format!("a list {name} with an entry that is none")))),
    }
}

fn read<'r>(
    info: &ServiceInfo,
    response: &Response,
    parsed: ParsedResponse<'r>,
    status: BodyStatus,
    names: Names<'_>,
) -> Result<Success<'r>, Refusal> {
    if !response.is_success() {
        return Err(Refusal::of(info, response.status, status, parsed));
    }
    let ParsedResponse { error, is_by_code, indicators, body, .. } = parsed;
    let body = match body {
        Ok(body) => body,
        Err(garbage) => return Err(Refusal::protocol(ApiError { request_id: error.request_id, ..garbage })),
    };
    if is_another(&body, names) {
        let message = Some("the response is about another resource".into());
        return Err(Refusal::protocol(ApiError { message, ..error }));
    }
    let contradicts = match status {
        BodyStatus::Nothing | BodyStatus::Done => indicators.error,
        BodyStatus::Refused => indicators.success,
        BodyStatus::Odd => true,
    };
    let own = own_class(info, &error);
    if contradicts {
        Err(Refusal::contradicted(own.or(error.class.filter(|_| is_by_code)), error))
    } else if status == BodyStatus::Refused && indicators.has_code {
        let class = own.or(error.class).unwrap_or(ErrorClass::Rejected);
        Err(Refusal { class, error, is_clear: true, is_known: own.is_some() || is_by_code, may_have_worked: false })
    } else {
        Ok(Success { body, error, is_plain: !indicators.has_code })
    }
}

/// Returns whether a response names another resource.
fn is_another(body: &Object<'_>, (within, names): Names<'_>) -> bool {
    let object = within.map_or(Some(body), |key| body.object(key));
    let is_other =
        |object: &Object<'_>| names.iter().any(|(key, name)| object.says(key) && object.text(key) != Some(name));
    object.is_some_and(is_other)
}

/// Returns what the service itself means by a code.
fn own_class(info: &ServiceInfo, error: &ApiError) -> Option<ErrorClass> {
    let code = error.code.as_deref()?;
    info.codes.iter().find(|known| known.code == code)?.class
}

impl Success<'_> {
    /// Returns the word under `key`.
    pub(super) fn word(&self, key: &str) -> Option<Box<str>> {
        word_at(&self.body, key)
    }

    /// Builds the verdict of a response that has a meaning. With a code, it is no documented proof of anything, even if
    /// the code means success.
    pub(super) fn verdict(self, meaning: Meaning) -> Verdict {
        let is_proof = matches!(meaning, Meaning::Stopped | Meaning::Ended);
        Verdict::new(if is_proof && !self.is_plain { Meaning::Accepted } else { meaning }, self.error)
    }

    /// Builds the error of a success that lacks what a success has.
    pub(super) fn odd(self, what: &str) -> ApiError {
        ApiError { class: Some(ErrorClass::Protocol), message: Some(what.into()), ..self.error }
    }

    /// Builds the verdict of a success that states a refusal; `what` tells people why.
    pub(super) fn but(self, meaning: Meaning, what: &str) -> Verdict {
        Verdict::new(meaning, self.odd(what))
    }

    /// Builds the verdict of a success that lacks what a success has.
    pub(super) fn unproven(self, what: &str) -> Verdict {
        self.but(Meaning::Lost(ErrorClass::Protocol), what)
    }
}

impl Refusal {
    /// Reads a refusal by its status.
    fn of(info: &ServiceInfo, status: u16, body: BodyStatus, parsed: ParsedResponse<'_>) -> Self {
        let ParsedResponse { error, is_by_code, is_repeat, indicators, .. } = parsed;
        let own = own_class(info, &error);
        if indicators.success || body == BodyStatus::Done {
            return Self::contradicted(own.or(error.class), error);
        }
        let class = own.or(error.class).unwrap_or(ErrorClass::Protocol);
        let may_have_worked = match class {
            ErrorClass::Protocol => true,
            // A gateway may respond so to a request that it had passed on.
            ErrorClass::Timeout | ErrorClass::Conflict => own.is_none() && !is_by_code,
            // The status is that of a failure, the code that of a refusal.
            ErrorClass::Denied => status >= 500,
            // The same; and without a code, which every refusal of a service has, nobody knows what it means.
            ErrorClass::NotFound | ErrorClass::Invalid | ErrorClass::Rejected => status >= 500 || error.code.is_none(),
            ErrorClass::Throttled | ErrorClass::Server | ErrorClass::Network | ErrorClass::Clock | ErrorClass::Auth => {
                false
            }
        };
        let may_have_worked = may_have_worked || is_repeat;
        let is_known = own.is_some() || is_by_code;
        Self { class, error, is_clear: matches!(status, 400..500), is_known, may_have_worked }
    }

    /// Builds the refusal of a contradictory response, of the class that its code or status has, if it has one: but not
    /// `auth`, which would end the account.
    fn contradicted(class: Option<ErrorClass>, error: ApiError) -> Self {
        let class = class.filter(|class| *class != ErrorClass::Auth).unwrap_or(ErrorClass::Protocol);
        let message = error.message.or_else(|| Some("the response is contradictory".into()));
        Self { class, error: ApiError { message, ..error }, is_clear: false, is_known: false, may_have_worked: true }
    }

    /// Builds the refusal of an unusable response.
    fn protocol(error: ApiError) -> Self {
        Self { class: ErrorClass::Protocol, error, is_clear: false, is_known: false, may_have_worked: true }
    }

    /// Returns the code to judge the response by; empty if it has none or if the code is unreliable.
    pub(super) fn code(&self) -> &str {
        self.error.code.as_deref().filter(|_| self.is_clear).unwrap_or_default()
    }

    /// Returns the vendor's message; empty if it has none.
    pub(super) fn message(&self) -> &str {
        self.error.message.as_deref().unwrap_or_default()
    }

    /// Builds the verdict of a refusal that has a meaning of its own.
    pub(super) fn verdict(self, meaning: Meaning) -> Verdict {
        Verdict::new(meaning, self.error)
    }

    /// Builds the verdict of a refusal without a meaning of its own.
    pub(super) fn failed(self) -> Verdict {
        let meaning = if self.may_have_worked {
            Meaning::Lost
        } else if self.is_open() {
            Meaning::Doubtful
        } else {
            Meaning::Failed
        };
        let class = self.class;
        self.verdict(meaning(class))
    }

    /// Returns whether it may mean that there is nothing to stop: the resource has ended, or does not exist. The status
    /// alone does not tell what a refusal by the service itself means.
    const fn is_open(&self) -> bool {
        match self.is_known {
            true => matches!(self.class, ErrorClass::NotFound),
            false => matches!(self.class, ErrorClass::NotFound | ErrorClass::Invalid | ErrorClass::Rejected),
        }
    }

    /// Builds the error of a read that was refused.
    pub(super) fn into_error(self) -> ApiError {
        ApiError { class: Some(self.class), ..self.error }
    }
}

/// Returns the word under `key` of an object, bounded.
pub(super) fn word_at(object: &Object<'_>, key: &str) -> Option<Box<str>> {
    object.text(key).map(|word| provider::tidy(word, WORD_CHARS))
}
