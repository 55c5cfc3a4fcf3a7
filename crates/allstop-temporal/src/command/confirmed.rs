//! A run that is prepared and confirmed here, and carried out by workers.

use allstop::ExitStatus;
use allstop::cli::{PlanArgs, SelectionArgs, ShownOptions};
use allstop::command::{Lists, confirmed_for_others};
use allstop::plan::PlanCopy;
use allstop::report::Destination;
use allstop::session::{
    AfterListing, BeginOptions, Bundle, Context, Ran, Ready, SelectedPlan, SelectionOptions, Session, SessionError,
    SessionOptions, ShardChoice,
};
use allstop::system::Signals;
use allstop::terminal::Terminal;
use tokio::runtime::Runtime;

use crate::submit::forecast;

/// A plan that was read, with a copy of what it was read from.
pub(super) struct Loaded {
    pub(super) selected: SelectedPlan,
    copy: PlanCopy,
}

/// What came of the question.
pub(super) enum Confirmed {
    /// The run may be started.
    Run(Box<Bundle>),
    /// Nothing is selected.
    Nothing(Box<Ready>),
    /// It has ended before there was anything to ask.
    Ended(Box<Ran>),
}

/// Where the report of a run goes that nobody waits for.
pub(super) fn nowhere() -> Destination {
    Destination::File("/dev/null".into())
}

/// Reads a plan. A part of one is refused, and so is one whose stages need more than an order: no barrier reaches across
/// lanes.
pub(super) fn load(plan: PlanArgs, selection: SelectionArgs, context: &Context) -> Result<Loaded, SessionError> {
    let selection = SelectionOptions::from(selection);
    if selection.shard != ShardChoice::Unstated {
        let hint = "submit the whole plan, as workers share its lanes, or run the shard with `allstop run --shard`; \
                    nothing was sent";
        return Err(SessionError::input("--shard is not for a fleet", hint));
    }
    let (selected, copy) = SelectedPlan::load_copied(&plan.plan, plan.set, selection, context)?;
    if selected.plan().stages.is_empty() {
        return Ok(Loaded { selected, copy });
    }
    let message = "the plan has stages, and lanes of a fleet go side by side";
    Err(SessionError::input(
        message,
        "run it with `allstop run`, or split it into a plan for each stage; nothing was sent",
    ))
}

impl Loaded {
    /// Lists what the plan selects, unless workers do, and asks. Returns the runtime that it listed on as well.
    pub(super) fn confirmed(
        self,
        (mut begin, options, lists): (BeginOptions, SessionOptions, Lists),
        (shown, signals, terminal): (&ShownOptions, &Signals, &Terminal),
        context: &Context,
    ) -> Result<(Runtime, Confirmed), SessionError> {
        let Self { selected, copy } = self;
        if !options.notify.is_empty() {
            let hint = "remove it: a fleet sends no notifications; nothing was sent";
            return Err(SessionError::input("--notify is not for a fleet", hint));
        }
        if !selected.plan().notify.is_empty() {
            context.ui.warning("a fleet sends no notifications: `notify` of the plan has no effect");
        }
        if lists == Lists::There && !selected.plan().selects.is_empty() && !options.yes {
            let message = "nobody can be asked about what a worker lists";
            return Err(SessionError::input(message, "pass --yes to have it stopped unasked; nothing was sent"));
        }
        begin.remark = Some(forecast);
        let session = Session::begin(selected, begin, options, context);
        let (runtime, prepared) = confirmed_for_others(session, lists, shown, signals, terminal)?;
        let ready = match prepared {
            AfterListing::Ready(ready) if ready.has_work() || (lists == Lists::There && ready.must_list()) => ready,
            AfterListing::Ready(ready) => return Ok((runtime, Confirmed::Nothing(ready))),
            AfterListing::Ended(ran) => return Ok((runtime, Confirmed::Ended(ran))),
        };
        match ready.refusal() {
            Some(refusal) => Err(SessionError::new(ExitStatus::Refused, refusal, "nothing was sent")),
            None => Ok((runtime, Confirmed::Run(Box::new(ready.bundle(copy))))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use allstop::environment::Environment;
    use allstop::session::SilentUi;
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command, ScheduleCommand};

    /// Reads the plan of a command line.
    fn read(command: &[&str], shard: &str) -> Result<Loaded, SessionError> {
        let line = ["allstop-temporal"].into_iter().chain(command.iter().copied());
        let line = line.chain(["absent.yaml", "--shard", shard]);
        let (plan, selection) = match Cli::parse_from(line).command {
            Command::Submit(args) => (args.plan, args.selection),
            Command::Schedule(args) => match args.command {
                ScheduleCommand::Create(args) => (args.frozen.plan, args.frozen.selection),
                ScheduleCommand::Update(args) => args.frozen.0.map(|frozen| (frozen.plan, frozen.selection)).unwrap(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        load(plan, selection, &Context::new(Environment::default(), Arc::new(SilentUi)))
    }

    #[test]
    fn a_shard_is_refused() {
        let commands: [&[&str]; 3] = [
            &["submit"],
            &["schedule", "create", "nightly", "--cron", "0 2 * * *"],
            &["schedule", "update", "nightly"],
        ];
        for command in commands {
            for shard in ["1/4", "auto"] {
                let error = read(command, shard).err().unwrap();
                assert_eq!(error.to_string(), "--shard is not for a fleet", "{command:?} {shard}");
                assert_eq!(error.status(), ExitStatus::BadInput, "{command:?} {shard}");
                assert!(error.hint().contains("allstop run --shard"), "{}", error.hint());
            }
        }
    }
}
