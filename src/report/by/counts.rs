//! The targets of a report, counted.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::group::{Group, Numbers};
use super::key::CountKey;
use crate::report::json::{Report, RunInfo};
use crate::report::tally::Tally;

/// The targets of a report, counted by some keys; serializes as `allstop report show --by KEY --json` prints it.
#[derive(Debug)]
pub struct CountsBy<'a> {
    pub(super) run: &'a RunInfo,
    pub(super) tally: Tally,
    pub(super) keys: &'a [CountKey],
    /// In the order of their values; those without a label come last.
    pub(super) groups: Vec<(Values<'a>, Numbers)>,
    pub(super) total: Numbers,
}

/// The values of a group, in the order of the keys; `None` where its targets do not have the label.
pub(super) type Values<'a> = Vec<Option<&'a str>>;

impl<'a> CountsBy<'a> {
    /// Counts the rows of a report.
    #[must_use]
    pub fn new(report: &'a Report, keys: &'a [CountKey]) -> Self {
        let mut groups: BTreeMap<Vec<(bool, Option<&str>)>, Group> = BTreeMap::new();
        let mut total = Group::default();
        for row in &report.targets {
            let values = keys.iter().map(|key| key.of(row)).map(|value| (value.is_none(), value));
            groups.entry(values.collect()).or_default().add(row);
            total.add(row);
        }
        let values = |values: Vec<(bool, _)>| values.into_iter().map(|(_, value)| value).collect();
        let groups = groups.into_iter().map(|(of, group)| (values(of), group.numbers())).collect();
        Self { run: &report.run, tally: report.tally(), keys, groups, total: total.numbers() }
    }

    /// Returns the keys that no target has a value of: labels that may be misspelt.
    pub fn absent(&self) -> impl Iterator<Item = &CountKey> {
        let has_none = |at: usize| self.groups.iter().all(|(values, _)| values.get(at).copied().flatten().is_none());
        self.keys.iter().enumerate().filter(move |(at, _)| has_none(*at)).map(|(_, key)| key)
    }
}

impl Serialize for CountsBy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut counts = serializer.serialize_struct("CountsBy", 8)?;
        counts.serialize_field("version", &1)?;
        counts.serialize_field("run", &self.run.id)?;
        counts.serialize_field("mode", &self.run.mode)?;
        counts.serialize_field("plan", &self.run.plan.name)?;
        counts.serialize_field("started_at", &self.run.started_at)?;
        counts.serialize_field("by", &self.keys.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let groups = self.groups.iter().map(|(values, numbers)| Counted { keys: self.keys, values, numbers });
        counts.serialize_field("groups", &groups.collect::<Vec<_>>())?;
        counts.serialize_field("total", &Counted { keys: &[], values: &[], numbers: &self.total })?;
        counts.end()
    }
}

/// A group with its values.
struct Counted<'a> {
    keys: &'a [CountKey],
    values: &'a [Option<&'a str>],
    numbers: &'a Numbers,
}

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut group = serializer.serialize_map(None)?;
        for (key, value) in self.keys.iter().zip(self.values) {
            group.serialize_entry(&key.to_string(), value)?;
        }
        group.serialize_entry("targets", &self.numbers.targets())?;
        for (outcome, count) in self.numbers.outcomes() {
            group.serialize_entry(outcome.name(), &count)?;
        }
        group.serialize_entry("running_for", &self.numbers.running)?;
        group.end()
    }
}
