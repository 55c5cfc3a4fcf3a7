//! `allstop completions`: what a shell sources to complete the command line.

use clap::CommandFactory;
use clap_complete::generate;

use super::failure::Failure;
use super::say;
use crate::cli::{Cli, CompletionsArgs};

pub(super) fn completions(args: &CompletionsArgs) -> Result<u8, Failure> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "allstop", &mut script);
    say::aloud(String::from_utf8_lossy(&script).trim_end())?;
    Ok(0)
}
