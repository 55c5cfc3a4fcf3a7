//! The options of commands that read a report from a journal.

use clap::{Args, ValueHint};

use crate::session::Input;

use super::value::{input, key_value};

/// The options for a report from a journal, which names targets only by their number in the plan.
#[derive(Debug, Default, Args)]
pub(crate) struct JournalArgs {
    /// Path of the journal's plan, if it is not at the path recorded in the journal.
    #[arg(long, help_heading = "Journals", value_name = "PATH", value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) plan: Option<Input>,

    /// Set a variable that the journal's plan uses as `${NAME}`.
    #[arg(long = "set", help_heading = "Journals", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,
}
