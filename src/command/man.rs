//! `allstop man`: the manual pages.

use std::io::{self, IsTerminal};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::base::ExitStatus;
use crate::cli::{Cli, ManArgs};
use crate::report::Destination;
use crate::session::{SessionError, Ui};
use crate::terminal::{Terminal, unwritten};
use crate::wording;

use super::pager;

pub(super) fn man(args: &ManArgs, terminal: &Terminal) -> Result<u8, SessionError> {
    // Building gives the commands their whole names, such as `allstop-run`.
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(folder) = &args.out else { return show(&program, terminal) };
    let commands = family(&program);
    for command in &commands {
        let (name, page) = page(command).map_err(|error| unwritten(&error))?;
        Destination::File(folder.join(name)).write(|out| out.write_all(&page))?;
    }
    terminal.status(&format!("wrote {} manual pages to {}", commands.len(), folder.display()));
    Ok(0)
}

/// Shows the program's page, or the help to somebody at a terminal where nothing shows pages.
fn show(program: &Command, terminal: &Terminal) -> Result<u8, SessionError> {
    let (_, page) = page(program).map_err(|error| unwritten(&error))?;
    if !io::stdout().is_terminal() {
        terminal.print(String::from_utf8_lossy(&page).trim_end())?;
    } else {
        let help = Cli::command().render_long_help().to_string();
        if !pager::show(&page, &help, terminal.environment()) {
            terminal.print(help.trim_end())?;
        }
    }
    Ok(0)
}

/// Returns a command and all below it.
fn family(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().filter(|command| command.get_name() != "help");
    std::iter::once(command).chain(below.flat_map(family)).collect()
}

/// Renders the page of a command, with the name of its file.
fn page(command: &Command) -> io::Result<(String, Vec<u8>)> {
    let is_program = command.get_name() == "allstop";
    let (has_commands, has_options) = (command.has_subcommands(), command.get_arguments().next().is_some());
    let closing = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let source = format!("allstop {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual("allstop");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if has_options {
        man.render_options_section(&mut page)?;
    }
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    if is_program {
        exit_status().to_writer(&mut page)?;
    }
    examples(&closing).to_writer(&mut page)?;
    Ok((man.get_filename(), page))
}

/// Renders what every exit status means.
fn exit_status() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for status in ExitStatus::ALL {
        roff.control("TP", []);
        roff.text([bold(status.code().to_string())]);
        roff.text([roman(wording::exit(status).means)]);
    }
    roff
}

/// Renders what a command's help closes with: perhaps a paragraph, and then examples, line by line as they are.
fn examples(closing: &str) -> Roff {
    let is_heading = |line: &&str| matches!(*line, "Example:" | "Examples:");
    let mut roff = Roff::new();
    let before: Vec<_> = closing.lines().take_while(|line| !is_heading(line)).collect();
    if !before.is_empty() {
        roff.control("SH", ["NOTES"]);
        roff.text([roman(before.join(" ").trim())]);
    }
    roff.control("SH", ["EXAMPLES"]);
    roff.control("nf", []);
    // The program's own ends with the exit statuses, which have a section.
    let lines =
        closing.lines().skip_while(|line| !is_heading(line)).skip(1).take_while(|line| !line.starts_with("Exit"));
    for line in lines {
        roff.text([roman(line.trim_start())]);
    }
    roff.control("fi", []);
    roff
}
