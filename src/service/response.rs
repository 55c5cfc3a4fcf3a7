//! Where every service's reading of an answer starts: what the answer proves before anybody looks for a proof in it.
//!
//! A response proves something only when its status, its code, its success flags and its word for the state agree, and
//! when it is about the resource that was asked for. One that contradicts itself proves nothing: the stop may have
//! taken effect, and the state decides. Whose code nobody may rely on has none here, so that no service can take it
//! for a proof by mistake.

use super::{Meaning, ServiceInfo, Verdict};
use crate::error::{ApiError, ErrorClass};
use crate::http::Response;
use crate::provider::{self, Heard, Object, Search};

/// The most characters of a service's word for a state that a report shows.
const WORD_CHARS: usize = 64;

/// What the body of an answer says of the stop, in the service's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nothing.
    Nothing,
    /// The stop took effect, or was taken.
    Done,
    /// It was refused, as a documented success can say.
    Refused,
    /// A word where none should be.
    Odd,
}

/// A 2xx answer that is a JSON object, says nothing of an error, and is about what was asked for.
pub(super) struct Success<'a> {
    /// The object.
    pub(super) body: Object<'a>,
    /// No error, but the request's id.
    pub(super) error: ApiError,
    /// Whether it has no code, as every documented success.
    is_plain: bool,
}

/// Any other answer.
pub(super) struct Refusal {
    /// What it means by the service's own rules, else by the vendor's common ones.
    pub(super) class: ErrorClass,
    /// The error itself.
    pub(super) error: ApiError,
    /// Whether its code says what it says, and nothing in the answer contradicts that.
    is_clear: bool,
    /// Whether its class is by a code that is known, and not by the status alone.
    is_known: bool,
    /// Whether the stop may have taken effect all the same.
    may_have_worked: bool,
}

/// Which fields of an answer name the resource that it is about, and how they must.
#[derive(Clone, Copy)]
struct Names<'n> {
    /// The field whose object has them; `None` where they stand at the top.
    within: Option<&'n str>,
    names: &'n [(&'n str, &'n str)],
}

/// Reads the answer to a stop: `claim` says what its body says of the stop, `names` which fields name the resource.
pub(super) fn of<'r>(
    facts: &ServiceInfo,
    response: &'r Response,
    claim: impl FnOnce(&Object<'_>) -> Claim,
    names: &[(&str, &str)],
) -> Result<Success<'r>, Refusal> {
    let heard = facts.cloud.read(response, None);
    let claim = heard.body.as_ref().map_or(Claim::Nothing, claim);
    read(facts, response, heard, claim, Names { within: None, names })
}

/// Reads the answer to a read: `names` says which fields of the answer, or of the object under `within`, name the
/// resource.
pub(super) fn of_read<'r>(
    facts: &ServiceInfo,
    response: &'r Response,
    within: Option<&str>,
    names: &[(&str, &str)],
) -> Result<Success<'r>, Refusal> {
    read(facts, response, facts.cloud.read(response, None), Claim::Nothing, Names { within, names })
}

/// Reads the answer to a listing, and in it what `search` looks for.
pub(super) fn of_list<'r>(
    facts: &ServiceInfo,
    response: &'r Response,
    search: &mut Search<'_>,
) -> Result<Success<'r>, Refusal> {
    let heard = facts.cloud.read(response, Some(search));
    read(facts, response, heard, Claim::Nothing, Names { within: None, names: &[] })
}

fn read<'r>(
    facts: &ServiceInfo,
    response: &Response,
    heard: Heard<'r>,
    claim: Claim,
    names: Names<'_>,
) -> Result<Success<'r>, Refusal> {
    if !response.is_success() {
        return Err(Refusal::of(facts, response.status, claim, heard));
    }
    let Heard { error, is_by_code, claims, body, .. } = heard;
    let body = match body {
        Ok(body) => body,
        Err(garbage) => return Err(Refusal::protocol(ApiError { request_id: error.request_id, ..garbage })),
    };
    if names.is_another(&body) {
        let message = Some("the answer is about another resource".into());
        return Err(Refusal::protocol(ApiError { message, ..error }));
    }
    let contradicts = match claim {
        Claim::Nothing | Claim::Done => claims.ill,
        Claim::Refused => claims.well,
        Claim::Odd => true,
    };
    let own = own_class(facts, &error);
    if contradicts {
        Err(Refusal::contradicted(own.or(error.class.filter(|_| is_by_code)), error))
    } else if claim == Claim::Refused && claims.has_code {
        let class = own.or(error.class).unwrap_or(ErrorClass::Rejected);
        Err(Refusal { class, error, is_clear: true, is_known: own.is_some() || is_by_code, may_have_worked: false })
    } else {
        Ok(Success { body, error, is_plain: !claims.has_code })
    }
}

impl Names<'_> {
    /// Tells whether an answer names another resource.
    fn is_another(self, body: &Object<'_>) -> bool {
        let Some(object) = self.within.map_or(Some(body), |key| body.object(key)) else { return false };
        self.names.iter().any(|(key, name)| object.says(key) && object.text(key) != Some(name))
    }
}

/// Returns what the service itself means by a code.
fn own_class(facts: &ServiceInfo, error: &ApiError) -> Option<ErrorClass> {
    let code = error.code.as_deref()?;
    facts.codes.iter().find(|known| known.code == code)?.class
}

impl Success<'_> {
    /// Returns the word under `key`.
    pub(super) fn word(&self, key: &str) -> Option<Box<str>> {
        word_at(&self.body, key)
    }

    /// Builds the verdict of an answer that has a meaning. One with a code is not the documented proof of anything, even
    /// where the code says that all is well.
    pub(super) fn verdict(self, meaning: Meaning) -> Verdict {
        let is_proof = matches!(meaning, Meaning::Stopped | Meaning::Ended);
        Verdict::new(if is_proof && !self.is_plain { Meaning::Accepted } else { meaning }, self.error)
    }

    /// Builds the error of a success that lacks what a success has.
    pub(super) fn odd(self, what: &str) -> ApiError {
        ApiError { class: Some(ErrorClass::Protocol), message: Some(what.into()), ..self.error }
    }

    /// Builds the verdict of a success that says no; `what` tells people why.
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
    fn of(facts: &ServiceInfo, status: u16, claim: Claim, heard: Heard<'_>) -> Self {
        let Heard { error, is_by_code, is_repeat, claims, .. } = heard;
        let own = own_class(facts, &error);
        if claims.well || claim == Claim::Done {
            return Self::contradicted(own.or(error.class), error);
        }
        let class = own.or(error.class).unwrap_or(ErrorClass::Protocol);
        let may_have_worked = match class {
            ErrorClass::Protocol => true,
            // Some gateway may say so of a request that it had passed on.
            ErrorClass::Timeout | ErrorClass::Conflict => own.is_none() && !is_by_code,
            // The service failed, and says that it refused.
            ErrorClass::Denied => status >= 500,
            // So it does without a code, which every refusal of a service has: nobody knows what that is.
            ErrorClass::NotFound | ErrorClass::Invalid | ErrorClass::Rejected => status >= 500 || error.code.is_none(),
            ErrorClass::Throttled | ErrorClass::Server | ErrorClass::Network | ErrorClass::Clock | ErrorClass::Auth => {
                false
            }
        };
        let may_have_worked = may_have_worked || is_repeat;
        let is_known = own.is_some() || is_by_code;
        Self { class, error, is_clear: matches!(status, 400..500), is_known, may_have_worked }
    }

    /// Builds the refusal of an answer that contradicts itself, of the class that its code or status has, if it has one.
    /// No key is refused by half a word.
    fn contradicted(class: Option<ErrorClass>, error: ApiError) -> Self {
        let class = class.filter(|class| *class != ErrorClass::Auth).unwrap_or(ErrorClass::Protocol);
        let message = error.message.or_else(|| Some("the answer contradicts itself".into()));
        Self { class, error: ApiError { message, ..error }, is_clear: false, is_known: false, may_have_worked: true }
    }

    /// Builds the refusal of an answer that makes no sense.
    fn protocol(error: ApiError) -> Self {
        Self { class: ErrorClass::Protocol, error, is_clear: false, is_known: false, may_have_worked: true }
    }

    /// Returns the code that the answer is to be judged by; nothing where it has none or cannot be relied on.
    pub(super) fn code(&self) -> &str {
        self.error.code.as_deref().filter(|_| self.is_clear).unwrap_or_default()
    }

    /// Returns the vendor's message, or nothing.
    pub(super) fn message(&self) -> &str {
        self.error.message.as_deref().unwrap_or_default()
    }

    /// Builds the verdict of a refusal that is none, or that leaves a doubt.
    pub(super) fn verdict(self, meaning: Meaning) -> Verdict {
        Verdict::new(meaning, self.error)
    }

    /// Builds the verdict of a refusal whose code says nothing more.
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

    /// Tells whether it may mean that there is nothing to stop: that it ended already, or is not there. By its status
    /// alone, nobody knows what a refusal by the service itself means.
    const fn is_open(&self) -> bool {
        match self.is_known {
            true => matches!(self.class, ErrorClass::NotFound),
            false => matches!(self.class, ErrorClass::NotFound | ErrorClass::Invalid | ErrorClass::Rejected),
        }
    }

    /// Builds the error of a read that was refused.
    pub(super) fn into_fault(self) -> ApiError {
        ApiError { class: Some(self.class), ..self.error }
    }
}

/// Returns the word under `key` of an object, bounded.
pub(super) fn word_at(object: &Object<'_>, key: &str) -> Option<Box<str>> {
    object.text(key).map(|word| provider::tidy(word, WORD_CHARS))
}
