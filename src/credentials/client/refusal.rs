//! What a response says where it brings no credentials.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::base::clock::{Clock, SystemClock};
use crate::base::duration::spoken;
use crate::credentials::error::{Nature, SourceError};
use crate::error::ErrorClass;

/// What a response says where it brings no credentials: that of the service, or that it cannot be read. Its texts are
/// without secrets.
#[derive(Debug)]
pub(in crate::credentials) struct Refusal {
    pub(super) host: String,
    pub(in crate::credentials) status: u16,
    pub(super) is_html: bool,
    pub(in crate::credentials) class: ErrorClass,
    /// The vendor's code.
    pub(in crate::credentials) code: Option<String>,
    /// The vendor's message, or what came in place of one.
    pub(in crate::credentials) message: Option<String>,
    /// The service's time, where it refuses ours.
    pub(super) clock: Option<Timestamp>,
}

impl Refusal {
    /// Returns what can be expected of another try.
    pub(in crate::credentials) const fn nature(&self) -> Nature {
        match (self.class, self.status) {
            (ErrorClass::Auth, _) => Nature::Refused,
            (ErrorClass::Throttled | ErrorClass::Timeout | ErrorClass::Network, _) => Nature::Passing,
            (ErrorClass::Protocol, _) | (_, 408 | 429 | 500..) => Nature::Passing,
            (
                ErrorClass::Conflict
                | ErrorClass::Server
                | ErrorClass::Clock
                | ErrorClass::Denied
                | ErrorClass::Invalid
                | ErrorClass::Rejected
                | ErrorClass::NotFound,
                _,
            ) => Nature::Final,
        }
    }

    /// Returns whether the code is this one, or one of its family.
    pub(in crate::credentials) fn has_code(&self, family: &str) -> bool {
        self.code.as_deref().is_some_and(|code| code.starts_with(family))
    }

    /// Returns whether the message has these words, whatever their case.
    pub(in crate::credentials) fn says(&self, words: &str) -> bool {
        self.message.as_deref().is_some_and(|text| text.to_ascii_lowercase().contains(&words.to_ascii_lowercase()))
    }

    /// Returns code and message in words, such as `NoPermission: You are not authorized`; the status where it has neither.
    pub(in crate::credentials) fn words(&self) -> String {
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(text), None) | (None, Some(text)) => text.clone(),
            (None, None) => format!("status {}", self.status),
        }
    }

    /// Makes an error of it that begins with `what`, such as `profile ops may not assume stopper (NoPermission)`.
    pub(in crate::credentials) fn saying(
        &self,
        what: impl Into<String>,
        hint: impl Into<Cow<'static, str>>,
    ) -> SourceError {
        SourceError::new(self.nature(), what, hint)
    }

    /// Makes an error of it in its own words.
    pub(in crate::credentials) fn error(&self) -> SourceError {
        self.error_with("")
    }

    /// Makes an error of it in its own words, with a hint for what the service refuses.
    pub(in crate::credentials) fn error_with(&self, hint: impl Into<Cow<'static, str>>) -> SourceError {
        let Self { host, status, .. } = self;
        if self.is_html {
            let message = format!("{host} answered with HTML (a proxy or captive portal?)");
            return SourceError::new(Nature::Passing, message, "check the network and the proxy");
        }
        if let Some(theirs) = self.clock {
            let off = SystemClock.now().duration_since(theirs);
            let (length, side) = (spoken(off.unsigned_abs()), if off.is_negative() { "behind" } else { "ahead of" });
            let message = format!("this machine's clock is {length} {side} the cloud's: {}", self.words());
            return self.saying(message, "set the clock");
        }
        let message = if self.class == ErrorClass::Protocol {
            format!("{host} answered with {}", self.words())
        } else if self.nature() == Nature::Passing {
            format!("{host} failed with {status}: {}", self.words())
        } else {
            format!("{host} refused: {}", self.words())
        };
        self.saying(message, hint)
    }
}
