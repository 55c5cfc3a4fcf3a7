//! Which run a command is about.

use allstop::session::quoted;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

/// Which run a command is about.
#[derive(Debug, Clone, Args)]
pub struct RunName {
    /// Id of the run, as `submit` printed it, or of its workflow.
    #[arg(value_name = "RUN", value_parser = NonEmptyStringValueParser::new())]
    pub run: String,

    /// Temporal's id of the run, if it is not the latest one of the workflow.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub run_id: Option<String>,
}

impl RunName {
    /// Returns it as words of a command line.
    #[must_use]
    pub fn words(&self) -> String {
        let run = quoted(&self.run);
        self.run_id.as_ref().map_or_else(|| run.to_string(), |id| format!("{run} --run-id {}", quoted(id)))
    }
}
