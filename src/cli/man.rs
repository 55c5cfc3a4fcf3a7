//! `allstop man`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
On a terminal, the `man` program shows the page. If it is not installed, $MANPAGER, $PAGER or less shows the help. \
If standard output is not a terminal, the page is printed as roff.

Examples:
  allstop man                                     show the page on a terminal
  allstop man --out ~/.local/share/man/man1       then: man allstop-run")]
pub(crate) struct ManArgs {
    /// Write one page for the program and one for each command into this directory.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
