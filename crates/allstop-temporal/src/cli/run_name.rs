//! Which run a command is about.

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
