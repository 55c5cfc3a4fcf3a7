//! The names of task queues.

/// The task queue of runs, where no other is named.
pub const QUEUE: &str = "allstop";

/// The task queue of the workflows that share quotas out. Every worker of the namespace serves it: lanes of runs on different
/// task queues may need the same quota.
pub const QUOTA_QUEUE: &str = "allstop-quotas";

/// The task queue of the workflows that hold plans. Nobody serves it.
pub const PLAN_QUEUE: &str = "allstop-plans";

/// What the names of the task queues of listings end with.
const LISTS: &str = "/lists";

/// What the names of the task queues of reports end with.
const REPORTS: &str = "/reports";

/// Returns what the program itself uses a task queue for; `None` where its name is free for runs and lanes.
#[must_use]
pub fn own_use(queue: &str) -> Option<&'static str> {
    match queue {
        QUOTA_QUEUE => Some("the quotas that runs share"),
        PLAN_QUEUE => Some("the plans that are too large for the input of a run"),
        _ if queue.ends_with(LISTS) => Some("the listings of another task queue"),
        _ if queue.ends_with(REPORTS) => Some("the reports of another task queue"),
        _ => None,
    }
}

/// Returns the task queue of the listings that could be in this one. Lanes, which may keep their slots for minutes, have it.
#[must_use]
pub fn lists_queue(queue: &str) -> String {
    format!("{queue}{LISTS}")
}

/// Returns the task queue of the reports of the runs of this one. Lanes, which may keep their slots for minutes, have it.
#[must_use]
pub fn reports_queue(queue: &str) -> String {
    format!("{queue}{REPORTS}")
}

/// Returns the task queue of the lanes that only those workers of the queue `runs` hold that serve them, too: `name` is
/// what they are told with `--for`.
#[must_use]
pub fn account_queue(runs: &str, name: &str) -> String {
    format!("{runs}.{name}")
}

/// Returns the name that workers of the queue `runs` are told with `--for` to serve `queue`; `None` where none makes them.
#[must_use]
pub fn served_for<'a>(queue: &'a str, runs: &str) -> Option<&'a str> {
    queue.strip_prefix(runs)?.strip_prefix('.').filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_of_an_account_is_that_of_the_runs_a_dot_and_a_name() {
        assert_eq!(served_for(&account_queue("a.b", "prod.eu"), "a.b"), Some("prod.eu"));
        for queue in ["a.b", "a.b.", "a.bc.prod", "prod", "", "b.a.b.prod"] {
            assert_eq!(served_for(queue, "a.b"), None, "{queue}");
        }
    }

    #[test]
    fn the_queues_that_the_program_uses_are_for_nothing_else() {
        for queue in [QUOTA_QUEUE, PLAN_QUEUE, &lists_queue(QUEUE), &reports_queue("eu.prod")] {
            assert!(own_use(queue).is_some(), "{queue}");
        }
        for queue in [QUEUE, "allstop.prod", "plans", "allstop-plans-2", "lists", "reports"] {
            assert_eq!(own_use(queue), None, "{queue}");
        }
    }
}
