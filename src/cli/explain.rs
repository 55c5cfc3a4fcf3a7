//! `allstop explain`.

use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop explain                  lists every word
  allstop explain 3                an exit status
  allstop explain accepted         an outcome, a reason, a class of errors
  allstop explain AccessDenied     a vendor's error code")]
pub(crate) struct ExplainArgs {
    /// An exit status, or a word of a report: an outcome, a reason, a class, a vendor's error code.
    pub(crate) word: Option<String>,
}
