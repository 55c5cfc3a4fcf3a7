//! The text format of Prometheus.

use std::io::{self, Write};

use super::family::{Family, Label, Sample, Samples};
use super::run::RunMetrics;

/// The first line of every file: what has it may be replaced.
pub(super) const MARK: &str = "# Metrics of a run of allstop; the next run replaces this file.";

/// The name of the metric that says when a run succeeded last.
pub(super) const LAST_SUCCESS: &str = "last_success_timestamp_seconds";

/// Writes the metrics of a run; `last_success` says when the plan's last live run that succeeded ended, where that can
/// be known.
pub(super) fn write(metrics: &RunMetrics, last_success: Option<f64>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{MARK}")?;
    if let Some(at) = last_success {
        let help =
            "When the last live run of the plan that succeeded ended, in seconds since 1970; 0 if none is known.";
        head(LAST_SUCCESS, help, "gauge", out)?;
        writeln!(out, "{}{at}", series(LAST_SUCCESS, &live(&metrics.labels)))?;
    }
    metrics.families.iter().try_for_each(|family| write_family(family, &metrics.labels, out))
}

/// Returns the labels of the live runs of the plan of a run.
pub(super) fn live(labels: &[Label]) -> Vec<Label> {
    let live = |(name, value): &Label| (*name, if *name == "mode" { "live".to_owned() } else { value.clone() });
    labels.iter().map(live).collect()
}

/// Returns all of the line of a sample but its value.
pub(super) fn series(name: &str, labels: &[Label]) -> String {
    let mut labels: Vec<_> = labels.iter().collect();
    labels.sort();
    let labels: Vec<_> = labels.into_iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("allstop_{name}{{{}}} ", labels.join(","))
}

/// Escapes the value of a label.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn head(name: &str, help: &str, sort: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# HELP allstop_{name} {help}\n# TYPE allstop_{name} {sort}")
}

fn write_family(family: &Family, common: &[Label], out: &mut dyn Write) -> io::Result<()> {
    let name = format!("{}{}", family.name, family.unit.suffix());
    let labels =
        |own: &[Label], more: Option<Label>| -> Vec<Label> { common.iter().chain(own).cloned().chain(more).collect() };
    match &family.samples {
        Samples::Gauge(samples) => {
            head(&name, family.help, "gauge", out)?;
            for Sample { labels: own, value } in samples {
                writeln!(out, "{}{value}", series(&name, &labels(own, None)))?;
            }
        }
        Samples::Histogram(samples) => {
            head(&name, family.help, "histogram", out)?;
            for Sample { labels: own, value } in samples {
                for (bound, number) in value.cumulative() {
                    let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_owned() };
                    let labels = labels(own, Some(("le", bound)));
                    writeln!(out, "{}{number}", series(&format!("{name}_bucket"), &labels))?;
                }
                let labels = labels(own, None);
                writeln!(out, "{}{}", series(&format!("{name}_sum"), &labels), value.sum().as_secs_f64())?;
                writeln!(out, "{}{}", series(&format!("{name}_count"), &labels), value.count())?;
            }
        }
    }
    Ok(())
}
