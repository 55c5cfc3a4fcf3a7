//! `allstop explain`.

use clap::Args;

use super::value::Explained;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop explain                  list every word
  allstop explain 3                an exit status
  allstop explain accepted         an outcome, a reason, a class of errors
  allstop explain guards           a key of a plan, and the keys below it
  allstop explain drs_job          a kind of target
  allstop explain AccessDenied     a vendor's error code")]
pub(crate) struct ExplainArgs {
    /// Exit status, word of a report, key or kind of a plan, or a vendor's error code.
    #[arg(value_parser = Explained, hide_possible_values = true)]
    pub(crate) word: Option<String>,
}
