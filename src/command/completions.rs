//! `allstop completions`: what a shell sources to complete the command line.

use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};

use crate::cli::{Cli, CompletionsArgs};
use crate::session::SessionError;
use crate::terminal::Terminal;

pub(super) fn completions(args: &CompletionsArgs, terminal: &Terminal) -> Result<u8, SessionError> {
    let mut program = Cli::command();
    let mut script = Vec::new();
    generate(args.shell, &mut program, "allstop", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if args.shell == Shell::Fish {
        script.push_str(&words_for_fish(&program));
    }
    terminal.print(script.trim_end())?;
    Ok(0)
}

/// Returns what completes the words of commands that take one of a list, which the generator for fish leaves out.
fn words_for_fish(program: &Command) -> String {
    let mut script = String::new();
    for command in program.get_subcommands() {
        let words =
            command.get_positionals().flat_map(|arg| arg.get_value_parser().possible_values().into_iter().flatten());
        for word in words.filter(|word| !word.is_hide_set()) {
            let about = word.get_help().map(|help| format!(" -d {}", quoted(&help.to_string()))).unwrap_or_default();
            let (command, word) = (command.get_name(), quoted(word.get_name()));
            script.push_str(&format!(
                "complete -c allstop -n \"__fish_allstop_using_subcommand {command}\" -f -a {word}{about}\n"
            ));
        }
    }
    script
}

/// Quotes a text for fish.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
