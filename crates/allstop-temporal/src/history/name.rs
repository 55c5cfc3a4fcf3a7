//! How a run is named.

use crate::wire::run_workflow_id;

/// Returns the id of the workflow of a run that somebody names: by its id, or by that of the workflow.
#[must_use]
pub fn workflow_id(name: &str) -> String {
    if name.starts_with(&run_workflow_id("")) { name.to_owned() } else { run_workflow_id(name) }
}
