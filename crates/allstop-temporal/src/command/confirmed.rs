//! A run that is prepared and confirmed here, and carried out by workers.

use allstop::ExitStatus;
use allstop::cli::{PlanArgs, SelectionArgs, ShownOptions};
use allstop::command::{Lists, confirmed_for_others};
use allstop::plan::PlanCopy;
use allstop::report::Destination;
use allstop::session::{
    AfterListing, BeginOptions, Bundle, Context, Ran, Ready, SelectedPlan, Session, SessionError, SessionOptions,
};
use allstop::system::Signals;
use allstop::terminal::Terminal;
use tokio::runtime::Runtime;

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

/// Reads a plan. One whose stages need more than an order is refused: no barrier reaches across lanes.
pub(super) fn load(plan: PlanArgs, selection: SelectionArgs, context: &Context) -> Result<Loaded, SessionError> {
    let (selected, copy) = SelectedPlan::load_copied(&plan.plan, plan.set, selection.into(), context)?;
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
        (begin, options, lists): (BeginOptions, SessionOptions, Lists),
        (shown, signals, terminal): (&ShownOptions, &Signals, &Terminal),
        context: &Context,
    ) -> Result<(Runtime, Confirmed), SessionError> {
        let Self { selected, copy } = self;
        if lists == Lists::There && !selected.plan().selects.is_empty() && !options.yes {
            let message = "nobody can be asked about what a worker lists";
            return Err(SessionError::input(message, "pass --yes to have it stopped unasked; nothing was sent"));
        }
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
