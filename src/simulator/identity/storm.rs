//! What a storm does to credentials: their services fail for a moment, keys live shortly, and some end early.
//!
//! It is drawn from the seed, the operation, whose credentials they are and the number of the issue, never from the time.

use std::collections::HashMap;

use super::super::fault_injector::FaultInjector;
use super::operation::{Envelope, Operation};
use super::script::{Mode, Trouble};

/// The most calls of one operation that fail in a row.
const MOST_IN_A_ROW: u32 = 2;

/// The salts of the draws.
const CALL: u64 = 11;
const HOW: u64 = 12;
const FATE: u64 = 13;
const WHEN: u64 = 14;
const LIFETIME: u64 = 15;

/// What happens to credentials besides that their time ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing.
    Quiet,
    /// They are revoked after so many requests.
    Revoked(u64),
    /// The request of this number is refused, though they are good.
    Refused(u64),
}

/// What a storm did to credentials, by the name used in ledgers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyFault {
    /// A call that hands credentials out fails.
    Call,
    /// Keys live shortly.
    Expire,
    /// Keys are revoked.
    Revoke,
    /// Good keys are refused.
    Refuse,
}

impl KeyFault {
    /// Returns the name used in ledgers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Call => "credentials",
            Self::Expire => "expire_keys",
            Self::Revoke => "revoke_keys",
            Self::Refuse => "refuse_keys",
        }
    }
}

/// What a storm does to credentials.
#[derive(Debug)]
pub(super) struct Storm {
    injector: FaultInjector,
    /// The number of the last call, and how many failed in a row, by operation and who asks.
    calls: HashMap<(Operation, String), (u64, u32)>,
}

impl Storm {
    /// Builds the storm of a simulator.
    pub(super) fn new(injector: FaultInjector) -> Self {
        Self { injector, calls: HashMap::new() }
    }

    /// Draws what goes wrong with a call.
    pub(super) fn call(&mut self, operation: Operation, by: &str) -> Option<Trouble> {
        let measure = self.injector.keys();
        if !operation.is_configured() || measure.share <= 0.0 {
            return None;
        }
        let (number, in_a_row) = self.calls.entry((operation, by.to_owned())).or_default();
        *number += 1;
        let text = format!("{}/{by}/{number}", operation.name());
        if *in_a_row >= MOST_IN_A_ROW || self.injector.share_of(&text, CALL) >= measure.share {
            *in_a_row = 0;
            return None;
        }
        *in_a_row += 1;
        let busy = match operation.envelope() {
            Envelope::Alibaba | Envelope::Oauth | Envelope::Plain => "Throttling.User",
            Envelope::Huawei => "APIGW.0308",
        };
        let status = |status, code: &str, message: &str| Trouble::Status {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
        };
        Some(match self.injector.share_of(&text, HOW) {
            ..0.4 => status(503, "ServiceUnavailable", "The service is unavailable."),
            ..0.6 => status(429, busy, "The request was denied due to flow control."),
            ..0.7 => Trouble::Mode(Mode::Html),
            ..0.85 => Trouble::Mode(Mode::Reset),
            _ => Trouble::Mode(Mode::Truncated),
        })
    }

    /// Draws how long issued keys live at most, in seconds.
    pub(super) fn lifetime(&self, operation: Operation, holder: &str, number: u64) -> Option<u64> {
        let (shortest, longest) = self.injector.keys().lifetime?;
        let share = self.injector.share_of(&format!("{}/{holder}/{number}", operation.name()), LIFETIME);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "seconds"
        )]
        let more = (share * (longest - shortest + 1) as f64) as u64;
        Some(shortest + more)
    }

    /// Draws what happens to issued keys; what comes after keys that end early does not.
    pub(super) fn fate(&self, operation: Operation, holder: &str, number: u64) -> Fate {
        let share = self.injector.keys().share;
        let text = |number: u64| format!("{}/{holder}/{number}", operation.name());
        let is_drawn = |number| self.injector.share_of(&text(number), FATE) < share;
        // Of a row of such draws, every second one counts.
        let row = (0..=number).rev().take_while(|number| is_drawn(*number)).count();
        if row % 2 == 0 {
            return Fate::Quiet;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few")]
        let at = 2 + (self.injector.share_of(&text(number), WHEN) * 8.0) as u64;
        match self.injector.share_of(&text(number), HOW) {
            ..0.6 => Fate::Revoked(at),
            _ => Fate::Refused(at),
        }
    }
}
