//! Where every service's reading of an answer starts: a success with a JSON object, or a classed refusal.

use serde_json_borrow::{ObjectAsVec, Value};

use super::{Meaning, Verdict};
use crate::class::ErrorClass;
use crate::vendor::{self, Cloud, Fault};
use crate::wire::Reply;

/// The most characters of a service's word for a state that a report shows.
const WORD_CHARS: usize = 64;

/// A 2xx answer that is a JSON object without an error code.
pub(super) struct Success<'a> {
    /// The object.
    pub(super) body: ObjectAsVec<'a>,
    /// No error, but the request's id.
    pub(super) fault: Fault,
}

/// Any other answer.
pub(super) struct Refusal {
    /// What it means by the vendor's common rules.
    pub(super) class: ErrorClass,
    /// The error itself.
    pub(super) fault: Fault,
}

/// Reads an answer of a service of this cloud.
pub(super) fn of(cloud: Cloud, reply: &Reply) -> Result<Success<'_>, Refusal> {
    let (fault, body) = cloud.read(reply);
    match (fault.class, body) {
        (Some(class), _) => Err(Refusal { class, fault }),
        (None, Ok(body)) => Ok(Success { body, fault }),
        (None, Err(garbage)) => {
            let fault = Fault { request_id: fault.request_id, ..garbage };
            Err(Refusal { class: ErrorClass::Protocol, fault })
        }
    }
}

impl Success<'_> {
    /// Returns the word under `key`.
    pub(super) fn word(&self, key: &str) -> Option<Box<str>> {
        self.body.get(key).and_then(word)
    }

    /// Builds the verdict of an answer that has a meaning.
    pub(super) fn verdict(self, meaning: Meaning) -> Verdict {
        Verdict::new(meaning, self.fault)
    }

    /// Builds the fault of a success that lacks what a success has.
    pub(super) fn odd(self, what: &str) -> Fault {
        Fault { class: Some(ErrorClass::Protocol), message: Some(what.into()), ..self.fault }
    }

    /// Builds the verdict of a success that says no; `what` tells people why.
    pub(super) fn but(self, meaning: Meaning, what: &str) -> Verdict {
        Verdict::new(meaning, self.odd(what))
    }

    /// Builds the verdict of a success that lacks what a success has.
    pub(super) fn unproven(self, what: &str) -> Verdict {
        self.but(Meaning::Failed(ErrorClass::Protocol), what)
    }
}

impl Refusal {
    /// Returns the vendor's code, or nothing.
    pub(super) fn code(&self) -> &str {
        self.fault.code.as_deref().unwrap_or_default()
    }

    /// Tells whether the message has this phrase, in any case.
    pub(super) fn says(&self, phrase: &str) -> bool {
        self.fault.message.as_deref().is_some_and(|message| message.to_ascii_lowercase().contains(phrase))
    }

    /// Builds the verdict of a refusal that is none, or that leaves a doubt.
    pub(super) fn verdict(self, meaning: Meaning) -> Verdict {
        Verdict::new(meaning, self.fault)
    }

    /// Builds the verdict of a refusal that is one.
    pub(super) fn failed(self) -> Verdict {
        let class = self.class;
        self.verdict(Meaning::Failed(class))
    }

    /// Builds the fault of a read that was refused.
    pub(super) fn into_fault(self) -> Fault {
        Fault { class: Some(self.class), ..self.fault }
    }
}

/// Returns a service's word, bounded.
pub(super) fn word(value: &Value<'_>) -> Option<Box<str>> {
    value.as_str().map(|word| vendor::tidy(word, WORD_CHARS))
}

/// Returns the word under `key` of an object, bounded.
pub(super) fn word_at(value: &Value<'_>, key: &str) -> Option<Box<str>> {
    value.as_object()?.get(key).and_then(word)
}
