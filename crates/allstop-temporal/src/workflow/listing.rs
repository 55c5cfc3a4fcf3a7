//! How a run has a worker list what its plan selects.

use std::time::Duration;

use allstop::engine::Status;
use temporalio_sdk::{ActivityExecutionError, ActivityOptions, WorkflowCancellationToken};

use super::holding;
use crate::wire::{CameTo, Ended, ListEnd, Listed, Lists, Pace, lists_queue};

/// How often workers may say that they cannot list.
const FRUITLESS: u32 = 3;

/// How long after a worker that cannot list another is asked.
pub(super) const AGAIN: Duration = Duration::from_secs(2);

/// What a run makes of the end of a listing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It goes on, or ends, as this says.
    Listed(Box<Listed>),
    /// It ends, and nothing was listed.
    Over(Ended),
    /// Another worker is asked.
    Again,
}

/// Takes in how a listing ended, of which there were so many.
pub(super) fn take(end: Result<ListEnd, ActivityExecutionError>, tries: u32) -> Taken {
    match end {
        Ok(end) => taken(end.came_to, tries),
        // No worker had begun it, or the one that had is gone: the run was cancelled.
        Err(ActivityExecutionError::Cancelled(_)) => Taken::Over(Ended { status: Status::Interrupted, by: None }),
        Err(error) => Taken::Over(Ended { status: Status::Unlisted, by: Some(error.to_string()) }),
    }
}

fn taken(came_to: CameTo, tries: u32) -> Taken {
    match came_to {
        CameTo::Listed(listed) => Taken::Listed(listed),
        CameTo::Failed { ended, is_final } if is_final || tries >= FRUITLESS => Taken::Over(ended),
        CameTo::Failed { .. } => Taken::Again,
    }
}

/// The longest that one attempt to list may take, should it heartbeat and never end.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Returns the options of a listing: another worker lists again when one is lost. `queue` is the task queue of the run.
pub(super) fn options(lists: &Lists, queue: &str, pace: Pace, token: WorkflowCancellationToken) -> ActivityOptions {
    let queue = lists_queue(lists.queue.as_deref().unwrap_or(queue));
    holding::options((pace, LONGEST), token, "lists what the plan selects".to_owned(), Some(queue))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::HeldAt;

    #[test]
    fn workers_that_cannot_list_are_not_asked_for_ever() {
        let failed = |is_final| CameTo::failed(Status::Unlisted, "no key".to_owned(), is_final);
        let over = Taken::Over(Ended { status: Status::Unlisted, by: Some("no key".to_owned()) });
        assert_eq!(taken(failed(false), 1), Taken::Again);
        assert_eq!(taken(failed(false), 2), Taken::Again);
        assert_eq!(taken(failed(false), 3), over);
        assert_eq!(taken(failed(true), 1), over);
    }

    #[test]
    fn what_was_listed_is_taken() {
        let listed = Box::new(Listed {
            held: HeldAt { workflow_id: "w".to_owned(), run_id: "r".to_owned() },
            fingerprint: String::new(),
            lanes: Vec::new(),
            max_failures: None,
            max_failures_rule: None,
            ended: None,
        });
        assert_eq!(taken(CameTo::Listed(listed.clone()), 7), Taken::Listed(listed));
    }
}
