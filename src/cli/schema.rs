//! `allstop schema`.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop schema plan > allstop.schema.json
  allstop schema report > report.schema.json

For editors, the first line of a plan is then:
  # yaml-language-server: $schema=allstop.schema.json")]
pub(crate) struct SchemaArgs {
    /// Of what.
    #[arg(value_enum)]
    pub(crate) of: Schema,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Schema {
    /// The plan: the YAML file that says what to stop.
    Plan,
    /// The report: the JSON file that a run writes.
    Report,
}
