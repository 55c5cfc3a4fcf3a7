//! The shard of a process in a job that runs several times in parallel, by the variables that its system sets.

use super::shard::{Shard, ShardError};
use crate::base::environment::Environment;

/// A system that numbers the parallel runs of a job.
struct System {
    /// Names the variable with the number of the run.
    index: &'static str,
    /// The number of the first run.
    first: u32,
    /// Names the variable with the number of runs.
    total: &'static str,
    /// Names a variable that must be set too, if other systems use the same names with another meaning.
    mark: Option<&'static str>,
    /// The hint when one of the variables is missing.
    advice: &'static str,
}

/// Kubernetes does not give a pod the number of runs, so `ALLSTOP_SHARDS` is our own variable.
const SYSTEMS: [System; 4] = [
    System {
        index: "JOB_COMPLETION_INDEX",
        first: 0,
        total: "ALLSTOP_SHARDS",
        mark: None,
        advice: "set the variable ALLSTOP_SHARDS in the Indexed Job's container to its spec.completions",
    },
    System {
        index: "CI_NODE_INDEX",
        first: 1,
        total: "CI_NODE_TOTAL",
        mark: Some("GITLAB_CI"),
        advice: "GitLab CI sets both for a job with `parallel`",
    },
    System {
        index: "CIRCLE_NODE_INDEX",
        first: 0,
        total: "CIRCLE_NODE_TOTAL",
        mark: None,
        advice: "CircleCI sets both for every job",
    },
    System {
        index: "BUILDKITE_PARALLEL_JOB",
        first: 0,
        total: "BUILDKITE_PARALLEL_JOB_COUNT",
        mark: None,
        advice: "Buildkite sets both for a step with `parallelism`",
    },
];

/// A shard that the environment names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    /// The shard.
    pub shard: Shard,
    /// Names the variables: the number, and how many there are.
    pub by: [&'static str; 2],
}

/// The environment names no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{title}")]
pub struct NodeError {
    title: String,
    hint: &'static str,
}

impl NodeError {
    fn new(title: String) -> Self {
        Self { title, hint: "pass --shard I/N; nothing was sent" }
    }

    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        self.hint
    }
}

impl Node {
    /// Finds the shard that the job system around this process gives it.
    ///
    /// # Errors
    ///
    /// Fails when no known system has set its variables, when they are no shard, or when two systems disagree.
    pub(crate) fn of_environment(environment: &Environment) -> Result<Self, NodeError> {
        let nodes = SYSTEMS.iter().filter_map(|system| system.node(environment)).collect::<Result<Vec<_>, _>>()?;
        let Some(first) = nodes.first().copied() else {
            let indices = SYSTEMS.map(|system| system.index).join(", ");
            return Err(NodeError::new(format!("cannot detect the shard: none of {indices} is set")));
        };
        match nodes.iter().find(|node| node.shard != first.shard) {
            None => Ok(first),
            Some(other) => Err(NodeError::new(format!(
                "{} means shard {}, but {} means shard {}",
                first.by[0], first.shard, other.by[0], other.shard
            ))),
        }
    }
}

impl System {
    /// Returns the shard by this system's variables; `None` if it has set none.
    fn node(&self, environment: &Environment) -> Option<Result<Node, NodeError>> {
        let number = environment.get(self.index)?;
        if self.mark.is_some_and(|mark| environment.get(mark).is_none()) {
            return None;
        }
        let &Self { index, total, advice, .. } = self;
        let Some(of) = environment.get(total) else {
            return Some(Err(NodeError { title: format!("{index} is set, but {total} is not"), hint: advice }));
        };
        let wrong = |why| NodeError::new(format!("{index}={number} and {total}={of} are not a valid shard: {why}"));
        Some(self.shard(number, of).map(|shard| Node { shard, by: [index, total] }).map_err(wrong))
    }

    fn shard(&self, number: &str, of: &str) -> Result<Shard, String> {
        let parse = |text: &str| text.parse::<u32>().map_err(|_| "both must be numbers".to_owned());
        let (number, of) = (parse(number)?, parse(of)?);
        let from_one = number.checked_add(1).and_then(|number| number.checked_sub(self.first));
        let shard = from_one.and_then(|number| Shard::new(number, of));
        shard.ok_or_else(|| match (number, self.first, of) {
            (0, 1, _) => ShardError::Zero(of).to_string(),
            (_, 0, 1..) => format!("the index must be from 0 to {}", of - 1),
            _ => ShardError::Beyond(number, of).to_string(),
        })
    }
}

#[cfg(test)]
mod tests;
