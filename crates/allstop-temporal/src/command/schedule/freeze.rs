//! `allstop-temporal schedule create` and `update`: a plan is checked, confirmed and frozen.

use std::sync::Arc;

use allstop::ExitStatus;
use allstop::cli::{Output, ShownOptions};
use allstop::clock::{Clock, SystemClock};
use allstop::command::Lists;
use allstop::session::{BeginOptions, Bundle, Context, SessionError, SessionOptions, Ui};
use allstop::system::{self, Signals};
use allstop::terminal::Terminal;
use temporalio_client::Client;

use super::super::confirmed::{Confirmed, Loaded, load, nowhere};
use super::super::connected::{connected_with, identity, settings as read_settings};
use super::super::unsealed::warn_unsealed;
use super::due::Due;
use crate::cli::{CreateArgs, FrozenArgs, UpdateArgs};
use crate::client;
use crate::schedule::{
    Changes, ClockChange, FrozenOptions, OtherOptions, Policy, ScheduleLine, ScheduleView, Times, changed_times,
    create as make, demand_free, update as change,
};
use crate::submit::{Settings, place};

/// A plan to freeze: what was confirmed, how its runs are carried out, and their options.
type Plan = (Bundle, Settings, FrozenOptions);

pub(super) fn create(args: CreateArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let CreateArgs { name, frozen, cron, timezone, overlap, catchup, shown, connection } = args;
    let (shown, context) = (shown.shown(), terminal.context());
    let connection = read_settings(&connection, &*context.ui)?;
    let stated = Stated::read(frozen, &connection, &context)?;
    let runtime = system::runtime()?;
    let client = runtime.block_on(async {
        let client = connected_with(&connection, &identity()).await?;
        demand_free(&client, &name).await?;
        warn_unsealed(&connection, &client, &*context.ui).await;
        Ok::<_, SessionError>(client)
    })?;
    let times = Times { cron, zone: timezone };
    warn_of_clock_changes(&times, &*context.ui);
    let due = Due::at(&times, SystemClock.now()).text(&name);
    let (bundle, settings, options) = stated.confirm(due, &shown, terminal, &context)?;
    runtime.block_on(async {
        let policy = Policy { overlap, catchup };
        make(&client, &name, (&bundle, &settings, &options), (&times, policy), &context).await?;
        announce(&name, &times, &*context.ui);
        let view = show(&client, &name, &shown, terminal).await?;
        if let Some(kept) = view.kept() {
            let note = format!(
                "the rows of a run are kept for {kept} after it has ended; have a worker keep its report with \
                 `allstop-temporal worker --reports DIR`"
            );
            context.ui.warning(&note);
        }
        Ok(0)
    })
}

pub(super) fn update(args: UpdateArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let UpdateArgs { name, frozen, cron, timezone: zone, overlap, catchup, shown, connection } = args;
    let (shown, context) = (shown.shown(), terminal.context());
    let connection = read_settings(&connection, &*context.ui)?;
    let stated = frozen.0.map(|frozen| Stated::read(frozen, &connection, &context)).transpose()?;
    let changes = Changes { cron, zone, overlap, catchup };
    if stated.is_none() && changes.are_none() {
        return Err(SessionError::input(
            "there is nothing to change",
            "give --cron, --timezone, --overlap or --catchup, or a plan with all options of its runs",
        ));
    }
    let runtime = system::runtime()?;
    let (client, times, before) = runtime.block_on(async {
        let client = connected_with(&connection, &identity()).await?;
        let times = changed_times(&client, &name, &changes).await?;
        // Nothing is changed where it cannot be read, as without the payload key.
        let before = ScheduleView::get(&client, &name).await?;
        if stated.is_some() {
            warn_unsealed(&connection, &client, &*context.ui).await;
        }
        Ok::<_, SessionError>((client, times, before))
    })?;
    times.iter().for_each(|times| warn_of_clock_changes(times, &*context.ui));
    let replace = |stated: Stated| {
        warn_of_options(&before.options.changes(&stated.frozen), &*context.ui);
        let due = Due::of(&before, times.as_ref(), SystemClock.now()).text(&name);
        stated.confirm(due, &shown, terminal, &context)
    };
    let plan = stated.map(replace).transpose()?;
    runtime.block_on(async {
        let plan = plan.as_ref().map(|(bundle, settings, options)| (bundle, settings, options));
        change(&client, &name, plan, &changes, &context).await?;
        times.iter().for_each(|times| announce(&name, times, &*context.ui));
        show(&client, &name, &shown, terminal).await.map(|_| 0)
    })
}

/// A plan that was read, and what its runs are to do.
struct Stated {
    loaded: Loaded,
    begin: BeginOptions,
    options: SessionOptions,
    settings: Settings,
    /// All of its options, as they are frozen with it.
    frozen: FrozenOptions,
}

impl Stated {
    /// Reads a plan, and refuses one that says something else every night or once only.
    fn read(args: FrozenArgs, connection: &client::Settings, context: &Context) -> Result<Self, SessionError> {
        let FrozenArgs { plan, selection, reason, partial, options, fleet } = args;
        let options = SessionOptions::from(options);
        if !options.exports.is_empty() {
            let hint = "use `allstop-temporal report RUN` with these options when a run has ended";
            return Err(SessionError::input("a schedule writes no reports", hint));
        }
        let (queue, settings) = (fleet.queue.clone(), Settings::from(fleet));
        settings.check(&queue)?;
        let loaded = load(plan, selection, context)?;
        refuse_reviewed(&loaded)?;
        let selected = &loaded.selected;
        let others = OtherOptions { reason: reason.clone(), partial, set: selected.set().to_vec() };
        let frozen = FrozenOptions::of((selected.filters(), &options), (&queue, &settings), others);
        let mut begin = BeginOptions::default();
        (begin.reason, begin.partial, begin.report) = (reason, partial, Some(nowhere()));
        begin.elsewhere = true;
        begin.place = Some(format!("Its runs go to {}.", place(&queue, &settings.routes, connection)));
        Ok(Self { loaded, begin, options, settings, frozen })
    }

    /// Asks whether to have the plan run when `due` says.
    fn confirm(
        self,
        due: String,
        shown: &ShownOptions,
        terminal: &Terminal,
        context: &Context,
    ) -> Result<Plan, SessionError> {
        let Self { loaded, mut begin, options, settings, frozen } = self;
        begin.later = Some(due);
        let signals = Signals::new(Arc::clone(&context.ui));
        // What was listed once is old the next night: each run lists anew.
        match loaded.confirmed((begin, options, Lists::There), (shown, &signals, terminal), context)?.1 {
            Confirmed::Run(bundle) => Ok((*bundle, settings, frozen)),
            Confirmed::Nothing(_) | Confirmed::Ended(_) => Err(SessionError::new(
                ExitStatus::NothingSelected,
                "nothing is selected, so the runs of the schedule would stop nothing",
                "check --only and the other filters with `allstop check`; nothing was changed",
            )),
        }
    }
}

/// Refuses a reviewed plan.
fn refuse_reviewed(loaded: &Loaded) -> Result<(), SessionError> {
    if loaded.selected.plan().reviewed.is_none() {
        return Ok(());
    }
    let hint = "run it with `allstop-temporal submit`, or schedule the plan that it was made of; nothing was changed";
    Err(SessionError::input("a reviewed plan is carried out once, and not every night", hint))
}

/// Says which of the times clock changes leave out or repeat, before anything is made.
fn warn_of_clock_changes(Times { cron, zone }: &Times, ui: &dyn Ui) {
    for change in ClockChange::all(cron, zone, SystemClock.now()) {
        ui.warning(&change.text());
    }
}

/// Says which options of the runs change, before anybody is asked.
fn warn_of_options(changes: &[String], ui: &dyn Ui) {
    if !changes.is_empty() {
        let changes = changes.join("; ");
        ui.warning(&format!("options of the runs change: {changes}; `update` removes those that are not given again"));
    }
}

/// Says when the runs of a schedule that was made or changed start.
fn announce(name: &str, Times { cron, zone }: &Times, ui: &dyn Ui) {
    ui.note(&format!("the schedule {name} starts a run at {cron} in {zone}"));
}

/// Shows what the engine has made of it.
async fn show(
    client: &Client,
    name: &str,
    shown: &ShownOptions,
    terminal: &Terminal,
) -> Result<ScheduleView, SessionError> {
    let view = ScheduleView::get(client, name).await?;
    match shown.output {
        Output::Json => terminal.print_json(&ScheduleLine::new(&view))?,
        Output::Text => terminal.print(&view)?,
    }
    Ok(view)
}
