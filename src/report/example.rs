//! A made-up result of a run, to show what a message would say.

use std::time::Duration;

use super::brief::{Brief, BriefCause};
use super::disposition::Disposition;
use super::json::RunMode;
use super::tally::Tally;
use super::text::spoken;
use super::verdict;
use crate::engine::{Outcome, Status};

/// How many targets the run is about.
const TARGETS: usize = 214;

/// The id of the run.
const RUN: &str = "01a2188c-bfd6-7f57-8ed9-f86e553a77d6";

/// Why a guard refuses the run.
const REFUSAL: &str = "214 targets would be stopped, and guards.max_targets is 100";

/// The causes: an error, and the targets that have it.
const CAUSES: [(&str, &[&str]); 2] = [
    ("denied, NoPermission: no permission", &["etl-orders/run-1", "etl-orders/run-2"]),
    ("server error, InternalError: try again later", &["es-cn-1"]),
];

impl Brief {
    /// Returns a made-up result of a live run of a plan; if it is not `whole`, some targets have failed.
    #[must_use]
    pub fn example(plan: &str, whole: bool) -> Self {
        let causes: Vec<_> = if whole { Vec::new() } else { CAUSES.iter().map(cause).collect() };
        let failed: u64 = causes.iter().map(|cause| cause.count).sum();
        let mut tally = Tally::default();
        for number in 0..TARGETS as u64 {
            match number < failed {
                true => tally.add(Disposition::Open, Outcome::Failed, None, std::iter::empty()),
                false => tally.add(Disposition::Done, Outcome::Stopped, None, std::iter::empty()),
            }
        }
        let next = verdict::next_step(&tally, RunMode::Live, Status::Completed, Some("allstop retry plan.report.json"));
        Self {
            host: Some("ops-1".to_owned()),
            verdict: verdict::sentence(&tally, RunMode::Live, Status::Completed),
            counts: verdict::short_counts(&tally).collect(),
            done: tally.done,
            open: tally.open(),
            causes,
            took: spoken(Duration::from_secs(125)),
            report: Some("/srv/plans/plan.report.json".to_owned()),
            next: next.as_ref().map(|step| step.words.clone()),
            directory: Some("/srv/plans".to_owned()),
            command: next.and_then(|step| step.command).map(ToOwned::to_owned),
            ..Self::of_start(plan, RUN, RunMode::Live, tally.selected())
        }
    }
}

impl Brief {
    /// Returns a made-up result of a live run of a plan that a guard refused.
    #[must_use]
    pub fn refused_example(plan: &str) -> Self {
        let (took, next) = (spoken(Duration::ZERO), Some(verdict::after_refusal(None).words));
        Self { refusal: Some(REFUSAL.to_owned()), took, next, ..Self::example(plan, true) }
    }
}

fn cause((error, ids): &(&str, &[&str])) -> BriefCause {
    let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
    BriefCause { count: ids.len() as u64, headline: format!("{}: {error}", Outcome::Failed.name()), ids }
}
