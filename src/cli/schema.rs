//! `allstop schema`.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop schema plan > allstop.schema.json
  allstop schema report > report.schema.json

To use it in an editor, make this the first line of a plan:
  # yaml-language-server: $schema=allstop.schema.json")]
pub(crate) struct SchemaArgs {
    /// Which schema to print.
    #[arg(value_enum)]
    pub(crate) of: Schema,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Schema {
    /// The plan: the YAML file that lists what to stop.
    Plan,
    /// The report: the JSON file that a run writes.
    Report,
}
