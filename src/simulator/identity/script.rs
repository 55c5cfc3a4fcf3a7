//! The faults of credential operations that somebody scripts.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::operation::Operation;

/// What is scripted for one operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Knob {
    /// How long what it issues lives, in seconds.
    lifetime_s: Option<u64>,
    /// How many calls go well before some fail.
    after: u64,
    /// How many calls fail; -1 for all.
    fail: i64,
    /// The HTTP status of those.
    status: Option<u16>,
    /// The code of those.
    code: Option<String>,
    /// The message of those.
    message: Option<String>,
    /// What comes instead of an error.
    mode: Option<Mode>,
    /// How long every response takes, in milliseconds.
    delay_ms: u64,
}

/// What comes instead of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mode {
    /// Bytes that are no JSON.
    Garbage,
    /// A page.
    Html,
    /// A 200 without a body.
    Empty,
    /// Nothing.
    Hang,
    /// A reset of the connection.
    Reset,
    /// Half of the response.
    Truncated,
    /// Keys whose time is over.
    Past,
    /// A 200 without keys.
    NoKeys,
}

/// What goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is refused.
    Status {
        /// The HTTP status.
        status: u16,
        /// The code.
        code: String,
        /// The message.
        message: String,
    },
    /// Something else comes.
    Mode(Mode),
}

/// What is scripted.
#[derive(Debug, Default)]
pub(super) struct Script(BTreeMap<Option<Operation>, Knob>);

impl Script {
    /// Scripts operations; `None` is every one that has nothing of its own.
    pub(super) fn set(&mut self, knobs: impl IntoIterator<Item = (Option<Operation>, Knob)>) {
        self.0.extend(knobs);
    }

    /// Takes what goes wrong with the next call of an operation.
    pub(super) fn take(&mut self, operation: Operation) -> Option<Trouble> {
        let knob = self.knob_mut(operation)?;
        if knob.after > 0 {
            knob.after -= 1;
            return None;
        }
        if knob.fail == 0 {
            return None;
        }
        if knob.fail > 0 {
            knob.fail -= 1;
        }
        Some(match knob.mode {
            Some(mode) => Trouble::Mode(mode),
            None => Trouble::Status {
                status: knob.status.unwrap_or(500),
                code: knob.code.clone().unwrap_or_else(|| "InternalError".to_owned()),
                message: knob.message.clone().unwrap_or_else(|| "The request processing has failed.".to_owned()),
            },
        })
    }

    /// Returns how long responses of an operation take.
    pub(super) fn delay(&self, operation: Operation) -> Duration {
        self.knob(operation).map_or(Duration::ZERO, |knob| Duration::from_millis(knob.delay_ms))
    }

    /// Returns how long what an operation issues lives, in seconds.
    pub(super) fn lifetime(&self, operation: Operation) -> Option<u64> {
        self.knob(operation)?.lifetime_s
    }

    fn knob(&self, operation: Operation) -> Option<&Knob> {
        self.0.get(&Some(operation)).or_else(|| self.0.get(&None))
    }

    fn knob_mut(&mut self, operation: Operation) -> Option<&mut Knob> {
        let key = Some(operation).filter(|operation| self.0.contains_key(&Some(*operation)));
        self.0.get_mut(&key)
    }
}
