//! `allstop-temporal schedule`.

mod client;
mod due;
mod freeze;
mod manage;
mod show;

use allstop::command::at_terminal;

use crate::cli::ScheduleCommand;

/// Runs a command of schedules, and returns the exit status to end with.
pub(super) fn schedule(command: ScheduleCommand) -> u8 {
    match command {
        ScheduleCommand::Create(args) => {
            let shown = args.shown.shown();
            at_terminal(Some(&shown), |terminal| freeze::create(*args, terminal))
        }
        ScheduleCommand::Update(args) => {
            let shown = args.shown.shown();
            at_terminal(Some(&shown), |terminal| freeze::update(*args, terminal))
        }
        ScheduleCommand::List(args) => at_terminal(Some(&args.output.shown()), |terminal| show::list(args, terminal)),
        ScheduleCommand::Describe(args) => {
            at_terminal(Some(&args.output.shown()), |terminal| show::describe(args, terminal))
        }
        ScheduleCommand::Pause(args) => at_terminal(None, |terminal| manage::pause(args, terminal)),
        ScheduleCommand::Resume(args) => at_terminal(None, |terminal| manage::resume(args, terminal)),
        ScheduleCommand::Trigger(args) => at_terminal(None, |terminal| manage::trigger(args, terminal)),
        ScheduleCommand::Delete(args) => at_terminal(None, |terminal| manage::delete(args, terminal)),
    }
}
