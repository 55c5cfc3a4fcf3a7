//! What a session has of the process it runs in.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::base::clock::{Clock, SystemClock};
use crate::base::environment::Environment;

use super::ui::Ui;

/// The environment and the user interface of a session.
#[derive(Clone)]
#[non_exhaustive]
pub struct Context {
    /// The environment variables that plans, accounts and shards are completed from.
    pub environment: Environment,
    /// Who is told and asked.
    pub ui: Arc<dyn Ui>,
}

impl Context {
    /// Creates a context.
    #[must_use]
    pub const fn new(environment: Environment, ui: Arc<dyn Ui>) -> Self {
        Self { environment, ui }
    }

    /// Returns the wall time.
    pub(super) fn now(&self) -> Timestamp {
        SystemClock.now()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("environment", &self.environment).finish_non_exhaustive()
    }
}
