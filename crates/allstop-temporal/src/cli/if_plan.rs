//! Options that come with a plan, or not at all.

use std::collections::HashSet;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Id};

/// The argument that names the plan.
const PLAN: &str = "plan";

/// The argument that may be given without a plan: it changes nothing.
const YES: &str = "yes";

/// Options that come with a plan, or not at all: the plan may be left out, and then the others must be.
#[derive(Debug)]
pub struct IfPlan<T>(pub Option<T>);

impl<T: Args> Args for IfPlan<T> {
    fn augment_args(command: Command) -> Command {
        let before: HashSet<Id> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
        let command = T::augment_args(command);
        let new = command.get_arguments().map(|arg| arg.get_id().clone()).filter(|id| !before.contains(id));
        let new: Vec<Id> = new.collect();
        new.into_iter().fold(command, |command, id| match id.as_str() {
            PLAN => command.mut_arg(id, |arg| arg.required(false)),
            YES => command,
            _ => command.mut_arg(id, |arg| arg.requires(PLAN)),
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for IfPlan<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        matches.contains_id(PLAN).then(|| T::from_arg_matches(matches)).transpose().map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
