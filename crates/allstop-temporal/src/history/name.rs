//! How a run is named.

use crate::wire::run_workflow_id;

/// Returns the id of the workflow of a run that somebody names: by its id, or by that of the workflow.
#[must_use]
pub fn workflow_id(name: &str) -> String {
    if name.starts_with(&run_workflow_id("")) { name.to_owned() } else { run_workflow_id(name) }
}

/// Returns the name of the report that a worker writes of the run with this id, in the directory of `--reports`.
#[must_use]
pub fn report_file(id: &str) -> String {
    format!("{id}.report.json")
}

/// Returns what names a run in commands, by the id of its workflow or of that of a lane.
#[must_use]
pub fn run_name(workflow: &str) -> &str {
    let run = workflow.rsplit_once("/lane-").map_or(workflow, |(run, _)| run);
    run.strip_prefix(&run_workflow_id("")).unwrap_or(run)
}
