//! The names of task queues.

/// The task queue of runs, where no other is named.
pub const QUEUE: &str = "allstop";

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
}
