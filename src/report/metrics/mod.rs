//! A run in numbers, for monitoring: metrics that do not depend on their encoding, and the text file of them that
//! Prometheus' node_exporter collects.

mod family;
mod file;
mod group;
mod histogram;
mod run;
mod standing;
mod text;

pub use family::{Family, Label, Sample, Samples, Unit};
pub use file::{MetricsError, MetricsFile};
pub use histogram::{BOUNDS, Histogram};
pub use run::{RunMetrics, metrics_labels};
