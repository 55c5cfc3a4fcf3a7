//! `allstop man`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
On a terminal, `man` shows the page, or where there is none, $MANPAGER, $PAGER or less shows the help; elsewhere it \
is printed as roff.

Examples:
  allstop man                                     shows the page on a terminal
  allstop man --out ~/.local/share/man/man1       then: man allstop-run")]
pub(crate) struct ManArgs {
    /// Writes one page for the program and one for each command into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
