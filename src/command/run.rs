//! `allstop run`: a plan carried out, a report written.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use allstop::credentials::project_id;
use allstop::environment::Environment;
use allstop::plan::Plan;
use allstop::report::progress::{self, Namer, Progress};
use allstop::report::{About, Destination, Harmless, Mode, Rehearsal, Report, Summary, exit_code};
use allstop::run::{Record, Run};

use super::confirm::confirm;
use super::failure::Failure;
use super::rehearsal::Stage;
use crate::cli::RunArgs;

pub(super) fn run(args: RunArgs, environment: &Environment) -> Result<u8, Failure> {
    let mut plan = super::load(&args.plan.plan, args.plan.set.clone(), environment)?.plan;
    apply(&args, &mut plan, environment);
    let path = args.report.clone().unwrap_or_else(|| default_report(&plan));
    let destination = Destination::new(&path);
    destination.prepare()?;
    let stage = if args.rehearse { Some(Stage::set(&mut plan, &args.simulator)?) } else { None };
    if !args.yes && !args.rehearse {
        confirm(&plan)?;
    }
    let plan = Arc::new(plan);
    let record = execute(&args, &plan, stage.as_ref())?;
    let about = about(&plan, &record, stage.as_ref());
    let report = Report::new(&plan, &record, &about);
    let written = destination.write(|out| report.write_json(out));
    let shown = matches!(destination, Destination::File(_)).then_some(path.as_path());
    let colour = super::colours(environment, io::stderr().is_terminal());
    let (mode, rehearsal) = (about.mode, about.rehearsal.as_ref());
    show(&Summary { plan: &plan, record: &record, mode, rehearsal, report: shown, colour }, args.quiet);
    written?;
    Ok(about.exit_code)
}

/// Lets the command line and the environment fill in or replace what the plan says.
fn apply(args: &RunArgs, plan: &mut Plan, environment: &Environment) {
    for account in &mut plan.accounts {
        account.project_id = project_id(account, environment);
    }
    if let Some(concurrency) = args.concurrency {
        plan.limits.concurrency = concurrency as usize;
    }
    if let Some(rate) = args.rate {
        (plan.limits.rate, plan.limits.burst) = (Some(rate), None);
        for limits in plan.limits.per_kind.values_mut() {
            (limits.rate, limits.burst) = (None, None);
        }
    }
}

fn default_report(plan: &Plan) -> PathBuf {
    let stem = plan.path.file_stem().filter(|_| plan.path.as_os_str() != "-");
    let mut name = stem.map_or_else(|| "allstop".into(), ToOwned::to_owned);
    name.push(".report.json");
    PathBuf::from(name)
}

fn execute(args: &RunArgs, plan: &Arc<Plan>, stage: Option<&Stage>) -> Result<Record, Failure> {
    let mut run = Run::new(Arc::clone(plan)).reason(args.reason.clone());
    for observer in observers(args, plan) {
        run = run.observer(observer);
    }
    if let Some(stage) = stage {
        run = run.credentials(stage.keys.clone()).speed(stage.speed).seed(stage.seed);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::input(format!("the runtime cannot start: {error}"), ""))?;
    Ok(runtime.block_on(run.execute())?)
}

fn observers(args: &RunArgs, plan: &Arc<Plan>) -> Vec<Box<dyn allstop::run::Observer>> {
    let mode = if args.quiet { Progress::Off } else { args.progress };
    let named = Arc::clone(plan);
    let namer: Namer = Box::new(move |target| {
        named.targets.get(target).map_or_else(String::new, |target| Harmless(&target.id).to_string())
    });
    let attempts = (args.verbose > 0).then_some(namer);
    progress::observers(mode, io::stderr().is_terminal(), attempts, progress::to_stderr())
}

fn about(plan: &Plan, record: &Record, stage: Option<&Stage>) -> About {
    let rehearsal: Option<Rehearsal> = stage.map(|stage| stage.compare(plan, record));
    let lied = rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.agrees);
    About {
        mode: if rehearsal.is_some() { Mode::Rehearsal } else { Mode::Live },
        exit_code: exit_code(plan, record, None).max(u8::from(lied)),
        rehearsal,
        ..About::default()
    }
}

/// Shows the closing summary; who cannot read standard error still has the report and the exit status.
fn show(summary: &Summary<'_>, quiet: bool) {
    let mut text = Vec::new();
    if summary.write(&mut text).is_ok() {
        let text = String::from_utf8_lossy(&text);
        let shown = if quiet { text.lines().next().unwrap_or_default() } else { text.trim_end() };
        let _ = writeln!(io::stderr().lock(), "{shown}");
    }
}
