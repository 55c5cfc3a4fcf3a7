//! A schedule as people read it.

use std::fmt::{self, Display};

use allstop::Escaped;

use super::options::lasting;
use super::terms::Overlap;
use super::view::ScheduleView;
use crate::history::RunStatus;
use crate::wire::RunMemo;

/// How many times to come are shown.
const NEXT: usize = 5;

/// How many runs that have ended are shown.
const LAST: usize = 3;

/// Says how many targets the runs have, as far as that is known before they start.
fn targets(plan: &RunMemo) -> String {
    plan.targets.map_or_else(|| "targets: listed by each run".to_owned(), |targets| format!("targets: {targets}"))
}

impl Display for ScheduleView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schedule, plan, options, started, skipped, missed, .. } = self;
        write!(f, "schedule {schedule}")?;
        if self.paused {
            let why = self.note.as_deref().map(|why| format!(": {}", Escaped(why)));
            write!(f, ", paused{}", why.unwrap_or_default())?;
        }
        let mut row = |name: &str, what: &dyn Display| write!(f, "\n  {name:<9} {what}");
        let lanes = plan.targets.map_or_else(String::new, |_| format!(", lanes: {}", self.lanes));
        row("plan", &format_args!("{} ({}{lanes})", Escaped(&plan.plan), targets(plan)))?;
        row("sha256", &plan.plan_sha256)?;
        if let Some(reason) = &plan.reason {
            row("reason", &Escaped(reason))?;
        }
        let times = self.cron.as_deref().unwrap_or("set by somebody else,");
        row("times", &format_args!("{times} in {}", self.time_zone))?;
        for (number, at) in self.next.iter().take(NEXT).enumerate() {
            row(if number == 0 { "next" } else { "" }, at)?;
        }
        for change in &self.clock_changes {
            row("but", &change.text())?;
        }
        row("overlap", &self.overlap.map_or("set by somebody else", Overlap::name))?;
        row("catch-up", &format_args!("a run that was missed starts at most {} late", hours(self.catchup_seconds)))?;
        for (number, line) in options.lines().iter().enumerate() {
            row(if number == 0 { "options" } else { "" }, &Escaped(line))?;
        }
        let [checkpoint, lost] = [options.checkpoint_ms, options.heartbeat_timeout_ms].map(lasting);
        row("queue", &format_args!("{}, priority {}", Escaped(&options.queue), options.priority))?;
        row("worker", &format_args!("a heartbeat every {checkpoint}; lost after {lost} without one"))?;
        if let Some(kept) = self.kept() {
            row("rows", &format_args!("kept for {kept} after a run ends"))?;
        }
        row(
            "runs",
            &format_args!("{started} started, {skipped} skipped while another was in progress, {missed} missed"),
        )?;
        for run in &self.running {
            row("running", &format_args!("{} (report {})", run.run, run.report))?;
        }
        let over = self.recent.iter().filter(|run| !self.running.iter().any(|running| running.id == run.id));
        for run in over.take(LAST) {
            let state = run.state.map_or("not kept", RunStatus::words);
            row("last", &format_args!("{}: {state} (report {})", run.run, run.report))?;
        }
        Ok(())
    }
}

impl ScheduleView {
    /// Returns how long the rows of a run are kept after its end, in words.
    #[must_use]
    pub fn kept(&self) -> Option<String> {
        self.retention_seconds.map(hours)
    }

    /// Returns a line of a list.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { schedule, plan, cron, time_zone, running, .. } = self;
        let times = cron.as_deref().unwrap_or("set by somebody else,");
        let next = match (self.paused, self.next.first()) {
            (true, _) => "paused".to_owned(),
            (false, Some(next)) => format!("next {next}"),
            (false, None) => "no next time".to_owned(),
        };
        let runs = running.iter().map(|run| format!(", runs now as {}", run.run));
        let targets = targets(plan);
        format!(
            "{schedule}: {} ({targets}), {times} in {time_zone}, {next}{}",
            Escaped(&plan.plan),
            runs.collect::<String>()
        )
    }
}

/// Returns seconds as `1h 30m`.
fn hours(seconds: u64) -> String {
    lasting(seconds.saturating_mul(1_000))
}
