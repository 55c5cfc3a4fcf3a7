//! What to do about a target that is not done.

use super::class::of_class;
use crate::error::ErrorClass;

/// How a target with an error ended, as far as advice depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Its error says everything.
    Error,
    /// The resource does not exist, as a read showed after another error.
    Gone,
    /// The stop was accepted, and its verification failed for a reason that can be fixed.
    Unreadable,
    /// The stop was accepted, and not verified in time.
    Unverified,
    /// No request reached the service before the run ended.
    Unreached,
    /// The run ended before the next attempt.
    NotRetried,
    /// The run ended while its state could not be read.
    CutWhileReading,
    /// The run ended before its state was known.
    CutInDoubt,
    /// The account's credentials were refused before the next attempt.
    AccountRefused,
    /// An earlier process of the run ended before it recorded the response.
    ResponseLost,
    /// The state could not be read.
    Unread,
}

/// Who signed a target's requests.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The account's name in the plan.
    pub account: &'a str,
    /// Where its credentials come from, in words, if that is known.
    pub source: Option<&'a str>,
}

impl Signer<'_> {
    fn words(self) -> String {
        match self.source {
            Some(source) => format!("the credentials of account {} come from {source}", self.account),
            None => format!("the account is {}", self.account),
        }
    }
}

/// Returns what to do about a target that ended so with an error of this class; `advice` is on the error alone.
#[must_use]
pub fn of_target(ending: Ending, class: ErrorClass, mut advice: String, signer: Signer<'_>) -> String {
    if class == ErrorClass::Auth {
        advice = format!("{advice}; {}", signer.words());
    }
    let text = match ending {
        Ending::Error => return advice,
        Ending::Unreadable => return format!("the stop was accepted, but its end could not be read: {advice}"),
        Ending::Unreached => return format!("{advice}; the run ended before the next attempt"),
        Ending::Unread => return format!("check if it still runs; its state could not be read: {advice}"),
        Ending::AccountRefused => {
            return format!("the account's credentials were refused before the next attempt; {}", signer.words());
        }
        Ending::Gone => of_class(ErrorClass::NotFound),
        Ending::Unverified => {
            "the stop was accepted, but not verified; check the resource, or run `allstop retry REPORT`"
        }
        Ending::NotRetried => "the run ended before the next attempt; run `allstop retry REPORT`",
        Ending::CutWhileReading => "the run ended while its state could not be read; run `allstop retry REPORT`",
        Ending::CutInDoubt => "the run ended before its state was known; run `allstop retry REPORT`",
        Ending::ResponseLost => "the response was lost when the run was interrupted; run `allstop retry REPORT`",
    };
    text.to_owned()
}
