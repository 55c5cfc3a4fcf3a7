//! The stages of a plan, in the order in which a run goes through them.

use super::grid::grid;
use crate::base::count::HumanCount;
use crate::base::duration::spoken;
use crate::base::escape::Escaped;
use crate::plan::{Overview, Pause, Plan, Stage};

/// Returns a table with a line for each stage; `None` where the plan has none.
pub(super) fn stages(plan: &Plan, overview: &Overview) -> Option<String> {
    if plan.stages.is_empty() {
        return None;
    }
    let header = ["stage", "canary", "pause", "stops", "ends the run"].map(str::to_owned);
    let rows = plan.stage_stops(overview).map(|(stage, stops)| row(stage, stops));
    let table = grid(&std::iter::once(header).chain(rows).collect::<Vec<_>>(), &[3]);
    Some(format!("Stages run one after the other, in this order:\n\n{table}"))
}

fn row(stage: &Stage, stops: Option<u64>) -> [String; 5] {
    let none = || "none".to_owned();
    let pause = stage.pause.map_or_else(none, |pause| match pause {
        Pause::For(time) => spoken(time),
        Pause::Ask => "asks".to_owned(),
    });
    [
        Escaped(&stage.name).to_string(),
        stage.canary.map_or_else(none, |canary| match stops {
            Some(stops) => HumanCount(canary.size(stops)).to_string(),
            None => canary.to_string(),
        }),
        pause,
        stops.map_or_else(|| "known after the listing".to_owned(), |stops| HumanCount(stops).to_string()),
        stage.max_failures.map_or_else(String::new, |rule| format!("at {rule} failed")),
    ]
}
