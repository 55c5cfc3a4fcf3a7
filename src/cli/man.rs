//! `allstop man`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop man | man -l -
  allstop man --out ~/.local/share/man/man1       then: man allstop-run")]
pub(crate) struct ManArgs {
    /// Writes one page for the program and one for each command into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
