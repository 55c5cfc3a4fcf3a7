//! What metrics are made of, however they are encoded.

use super::histogram::Histogram;

/// One metric of a run, with all its samples.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Family {
    /// Its name: words joined by `_`, without the program's name and without the unit.
    pub name: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// What it says, in one sentence.
    pub help: &'static str,
    /// The samples.
    pub samples: Samples,
}

/// The unit of the values of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Seconds.
    Seconds,
}

/// The samples of a metric. Nothing only grows from run to run, so that no metric is a counter.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    /// Values of the run.
    Gauge(Vec<Sample<f64>>),
    /// How times are distributed.
    Histogram(Vec<Sample<Histogram>>),
}

/// One value with what tells it from the others of its metric.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Sample<V> {
    /// Its labels, besides those that all metrics of the run have.
    pub labels: Vec<Label>,
    /// The value.
    pub value: V,
}

/// A label: its name and its value.
pub type Label = (&'static str, String);

impl Family {
    /// Makes a metric of a number of things, which has one sample.
    pub(super) fn one(name: &'static str, help: &'static str, value: f64) -> Self {
        Self::gauge(name, help, vec![Sample { labels: Vec::new(), value }])
    }

    /// Makes a metric of numbers of things.
    pub(super) const fn gauge(name: &'static str, help: &'static str, samples: Vec<Sample<f64>>) -> Self {
        Self { name, unit: Unit::Count, help, samples: Samples::Gauge(samples) }
    }

    /// Returns the metric with values in seconds.
    pub(super) fn in_seconds(self) -> Self {
        Self { unit: Unit::Seconds, ..self }
    }
}

impl Unit {
    /// Returns what a name in Prometheus ends with.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Count => "",
            Self::Seconds => "_seconds",
        }
    }
}
