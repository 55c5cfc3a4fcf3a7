//! The options that the runs of a schedule are frozen with.

use std::collections::BTreeMap;

use allstop::plan::Filters;
use allstop::session::{SessionOptions, quoted};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::submit::{Settings, millis};

/// The options that the runs of a schedule are frozen with, as the command line gave them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenOptions {
    /// The reason for the stops.
    pub reason: Option<String>,
    /// How long a run may take, in milliseconds.
    pub deadline_ms: Option<u64>,
    /// The rate of every lane.
    pub rate: Option<String>,
    /// The maximum of concurrent requests.
    pub concurrency: Option<u32>,
    /// How many failures end a run.
    pub max_failures: Option<String>,
    /// Whether a run stops what could be listed even if something could not.
    pub partial: bool,
    /// The names of the variables that were set. Their values may be secret.
    pub set: Vec<String>,
    /// The patterns of `--only`.
    pub only: Vec<String>,
    /// The patterns of `--skip`.
    pub skip: Vec<String>,
    /// The kinds of `--kind`.
    pub kind: Vec<String>,
    /// The labels of `--label`, as `KEY=VALUE`.
    pub label: Vec<String>,
    /// The patterns of `--account`.
    pub account: Vec<String>,
    /// The patterns of `--region`.
    pub region: Vec<String>,
    /// The task queues of the lanes of accounts, by the account's name in the plan.
    pub route: BTreeMap<String, String>,
    /// The task queue of the runs.
    pub queue: String,
    /// Whose turn comes first where runs share a quota: 1 to 5, 1 first.
    pub priority: u8,
    /// The time between two heartbeats of a lane, in milliseconds.
    pub checkpoint_ms: u64,
    /// How long after its last heartbeat a worker counts as lost, in milliseconds.
    pub heartbeat_timeout_ms: u64,
    /// Whether Temporal's own tools find the runs by search attributes.
    #[serde(default)]
    pub search_attributes: bool,
}

/// An option with the words that follow it; without words, it was not given.
type Given = (&'static str, Vec<String>);

impl FrozenOptions {
    /// Their key in the memo of what a schedule starts.
    pub(super) const KEY: &str = "options";

    /// Takes the options of runs: which targets they take, what every run has, the task queue, and how they are carried
    /// out.
    #[must_use]
    pub fn of(
        (filters, options): (&Filters, &SessionOptions),
        (queue, settings): (&str, &Settings),
        others: OtherOptions,
    ) -> Self {
        let OtherOptions { reason, partial, set } = others;
        Self {
            reason,
            deadline_ms: options.deadline.map(millis),
            rate: options.rate.map(|rate| rate.to_string()),
            concurrency: options.concurrency,
            max_failures: options.max_failures.map(|most| most.to_string()),
            partial,
            set,
            only: words(&filters.only),
            skip: words(&filters.skip),
            kind: words(&filters.kinds),
            label: filters.labels.iter().map(|(key, value)| format!("{key}={value}")).collect(),
            account: words(&filters.accounts),
            region: words(&filters.regions),
            route: settings.routes.clone(),
            queue: queue.to_owned(),
            priority: settings.priority,
            checkpoint_ms: millis(settings.checkpoint),
            heartbeat_timeout_ms: millis(settings.heartbeat_timeout),
            search_attributes: settings.search_attributes,
        }
    }

    /// Returns the options that were given and that have no line of their own in a text, as on a command line.
    pub(super) fn lines(&self) -> Vec<String> {
        let given = self.of_runs().into_iter().filter(|(_, words)| !words.is_empty());
        given.map(|(option, words)| line(option, &words)).collect()
    }

    /// Returns each option in which `new` differs, such as `--deadline 2h → none`.
    #[must_use]
    pub fn changes(&self, new: &Self) -> Vec<String> {
        let [old, new] = [self, new].map(|options| options.of_runs().into_iter().chain(options.of_fleet()));
        let changed = old.zip(new).filter(|((_, old), (_, new))| old != new);
        changed.map(|((option, old), (_, new))| change(option, &old, &new)).collect()
    }

    fn of_runs(&self) -> [Given; 14] {
        let one = |value: Option<String>| value.into_iter().collect();
        let route = self.route.iter().map(|(account, queue)| format!("{account}={queue}"));
        [
            ("--deadline", one(self.deadline_ms.map(lasting))),
            ("--rate", one(self.rate.clone())),
            ("--concurrency", one(self.concurrency.map(|most| most.to_string()))),
            ("--max-failures", one(self.max_failures.clone())),
            ("--partial", one(self.partial.then(String::new))),
            ("--set", self.set.clone()),
            ("--only", self.only.clone()),
            ("--skip", self.skip.clone()),
            ("--kind", self.kind.clone()),
            ("--label", self.label.clone()),
            ("--account", self.account.clone()),
            ("--region", self.region.clone()),
            ("--route", route.collect()),
            ("--search-attributes", one(self.search_attributes.then(String::new))),
        ]
    }

    fn of_fleet(&self) -> [Given; 5] {
        [
            ("--reason", self.reason.clone().into_iter().collect()),
            ("--queue", vec![self.queue.clone()]),
            ("--priority", vec![self.priority.to_string()]),
            ("--checkpoint", vec![lasting(self.checkpoint_ms)]),
            ("--heartbeat-timeout", vec![lasting(self.heartbeat_timeout_ms)]),
        ]
    }
}

/// The options of runs that belong to nothing else.
#[derive(Debug, Clone, Default)]
pub struct OtherOptions {
    /// The reason for the stops.
    pub reason: Option<String>,
    /// Whether a run stops what could be listed even if something could not.
    pub partial: bool,
    /// The names of the variables that are set.
    pub set: Vec<String>,
}

fn words<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// Writes an option as on a command line; a name of a variable stands for its value, too.
fn line(option: &str, words: &[String]) -> String {
    let words = words.iter().map(|word| match (option, word.as_str()) {
        ("--set", name) => format!("--set {}=…", quoted(name)),
        (_, "") => option.to_owned(),
        (_, word) => format!("{option} {}", quoted(word)),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn change(option: &str, old: &[String], new: &[String]) -> String {
    let before = if old.is_empty() { format!("{option} none") } else { line(option, old) };
    let after = match new {
        [] => "none".to_owned(),
        [word] if word.is_empty() => "given".to_owned(),
        [word] if option != "--set" => quoted(word).into_owned(),
        words => line(option, words),
    };
    format!("{before} → {after}")
}

/// Returns milliseconds as a command line has them, such as `1h 30m`.
pub(crate) fn lasting(millis: u64) -> String {
    format!("{:#}", SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn options() -> FrozenOptions {
        let settings = Settings {
            priority: 3,
            routes: BTreeMap::new(),
            checkpoint: Duration::from_secs(1),
            heartbeat_timeout: Duration::from_secs(10),
            search_attributes: false,
        };
        let run = SessionOptions::default();
        FrozenOptions::of((&Filters::default(), &run), ("allstop", &settings), OtherOptions::default())
    }

    #[test]
    fn options_that_are_not_given_have_no_line_and_change_nothing() {
        assert_eq!(options().lines(), [""; 0]);
        assert_eq!(options().changes(&options()), [""; 0]);
    }

    #[test]
    fn every_option_that_changes_is_named_with_both_values() {
        let full = FrozenOptions {
            reason: Some("every night".to_owned()),
            deadline_ms: Some(5_400_000),
            rate: Some("7/s".to_owned()),
            concurrency: Some(8),
            max_failures: Some("10%".to_owned()),
            partial: true,
            set: vec!["REGION".to_owned()],
            only: vec!["etl-*".to_owned(), "load".to_owned()],
            skip: vec!["it's".to_owned()],
            kind: vec!["drs_job".to_owned()],
            label: vec!["team=data".to_owned()],
            account: vec!["prod".to_owned()],
            region: vec!["cn-*".to_owned()],
            route: [("prod".to_owned(), "allstop.prod".to_owned())].into(),
            queue: "other".to_owned(),
            priority: 1,
            checkpoint_ms: 500,
            heartbeat_timeout_ms: 20_000,
            search_attributes: true,
        };
        let table = [
            "--deadline '1h 30m' → none",
            "--rate 7/s → none",
            "--concurrency 8 → none",
            "--max-failures 10% → none",
            "--partial → none",
            "--set REGION=… → none",
            "--only 'etl-*' --only load → none",
            r"--skip 'it'\''s' → none",
            "--kind drs_job → none",
            "--label team=data → none",
            "--account prod → none",
            "--region 'cn-*' → none",
            "--route prod=allstop.prod → none",
            "--search-attributes → none",
            "--reason 'every night' → none",
            "--queue other → allstop",
            "--priority 1 → 3",
            "--checkpoint 500ms → 1s",
            "--heartbeat-timeout 20s → 10s",
        ];
        assert_eq!(full.changes(&options()), table);
        let back = options().changes(&full);
        assert_eq!(back[..2], ["--deadline none → '1h 30m'", "--rate none → 7/s"]);
        assert_eq!(
            back[4..7],
            ["--partial none → given", "--set none → --set REGION=…", "--only none → --only 'etl-*' --only load"]
        );
        assert_eq!(full.lines().len(), 14);
        // What is shown is what the command line reads.
        assert_eq!(allstop::cli::value::duration("1h 30m").unwrap(), Duration::from_millis(5_400_000));
    }

    /// An option that a newer version adds must be listed, too.
    #[test]
    fn no_field_is_forgotten() {
        let fields = serde_json::to_value(options()).unwrap();
        let named = options().of_runs().len() + options().of_fleet().len();
        assert_eq!(fields.as_object().unwrap().len(), named);
    }
}
