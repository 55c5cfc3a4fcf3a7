//! `allstop completions`.

use clap::Args;
use clap_complete::Shell;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop completions bash > ~/.local/share/bash-completion/completions/allstop
  allstop completions zsh > ~/.zfunc/_allstop
  allstop completions fish > ~/.config/fish/completions/allstop.fish")]
pub(crate) struct CompletionsArgs {
    /// Shell to generate completions for.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}
