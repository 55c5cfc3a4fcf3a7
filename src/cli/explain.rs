//! `allstop explain`.

use clap::Args;

use super::value::Explained;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop explain                  lists every word
  allstop explain 3                an exit status
  allstop explain accepted         an outcome, a reason, a class of errors
  allstop explain guards           a key of a plan, and what stands below it
  allstop explain drs_job          a kind of target
  allstop explain AccessDenied     a vendor's error code")]
pub(crate) struct ExplainArgs {
    /// An exit status, a word of a report, a key or a kind of a plan, or a vendor's error code.
    #[arg(value_parser = Explained, hide_possible_values = true)]
    pub(crate) word: Option<String>,
}
