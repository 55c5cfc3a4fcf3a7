//! What a command has of the process it runs in.

use std::sync::Arc;

use allstop::environment::Environment;
use allstop::session::Context;

use super::signals::Leave;
use super::terminal::Terminal;

/// What a command has of the process it runs in.
pub(super) struct Process {
    pub(super) environment: Environment,
    pub(super) terminal: Arc<Terminal>,
    pub(super) leave: Leave,
}

impl Process {
    /// Returns what a session has of the process.
    pub(super) fn context(&self) -> Context {
        let terminal = Arc::clone(&self.terminal);
        Context::new(self.environment.clone(), terminal)
    }
}
