//! A strict reader of the text format of Prometheus: what it does not know is an error.

use std::collections::{BTreeMap, BTreeSet};

/// A series: its name and its labels.
pub(super) type Series = (String, BTreeMap<String, String>);

/// A file of metrics, read.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// What `# HELP` and `# TYPE` say of each metric.
    pub(super) help: BTreeMap<String, String>,
    sorts: BTreeMap<String, String>,
    samples: BTreeMap<Series, f64>,
}

/// Reads a file of metrics.
pub(super) fn read(text: &str) -> Metrics {
    assert!(text.ends_with('\n'), "the last line has no end");
    let mut metrics = Metrics::default();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a help text");
            assert!(help.ends_with('.') && !help.contains('\\'), "{line}");
            assert!(metrics.help.insert(name.to_owned(), help.to_owned()).is_none(), "twice: {line}");
            current = name.to_owned();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, sort) = rest.split_once(' ').expect("a type");
            assert_eq!(name, current, "the type follows the help");
            assert!(["gauge", "histogram"].contains(&sort), "{line}");
            metrics.sorts.insert(name.to_owned(), sort.to_owned());
        } else if !line.starts_with('#') {
            let (series, value) = sample(line);
            assert_eq!(metrics.family(&series.0), current, "a sample away from its metric: {line}");
            assert!(metrics.samples.insert(series, value).is_none(), "twice: {line}");
        }
    }
    metrics.check();
    metrics
}

/// Reads a line with a sample.
fn sample(line: &str) -> (Series, f64) {
    let (name, rest) = line.split_once('{').expect("labels");
    assert!(is_name(name) && name.starts_with("allstop_"), "{line}");
    let (mut labels, mut rest) = (BTreeMap::new(), rest);
    loop {
        let (label, after) = rest.split_once("=\"").expect("a label");
        assert!(is_name(label) && !label.contains(':'), "{line}");
        let (value, after) = quoted(after);
        assert!(labels.insert(label.to_owned(), value).is_none(), "a label twice: {line}");
        match after.split_at(1) {
            (",", more) => rest = more,
            ("}", more) => {
                let value = more.strip_prefix(' ').expect("a blank before the value");
                return ((name.to_owned(), labels), value.parse().expect("a number"));
            }
            _ => panic!("{line}"),
        }
    }
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|ch| ch.is_ascii_alphanumeric() || ch == '_')
}

/// Reads the value of a label up to its quote.
fn quoted(text: &str) -> (String, &str) {
    let (mut value, mut chars) = (String::new(), text.char_indices());
    while let Some((at, ch)) = chars.next() {
        match ch {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.push(match chars.next().expect("what is escaped").1 {
                'n' => '\n',
                same @ ('\\' | '"') => same,
                other => panic!("no escape: {other}"),
            }),
            other => value.push(other),
        }
    }
    panic!("no end of a label: {text}")
}

impl Metrics {
    /// Returns the metric that a sample is of: the parts of a histogram have names of their own.
    fn family(&self, name: &str) -> String {
        let parts = ["_bucket", "_sum", "_count"].iter().filter_map(|part| name.strip_suffix(part));
        let histogram = parts.into_iter().find(|whole| self.sorts.get(*whole).is_some_and(|sort| sort == "histogram"));
        histogram.unwrap_or(name).to_owned()
    }

    fn check(&self) {
        for (name, sort) in &self.sorts {
            assert!(!name.ends_with("_total"), "{name} is no counter");
            let samples = self.samples.keys().any(|(sample, _)| self.family(sample) == *name);
            assert!(samples, "{name} has no sample");
            if sort == "histogram" {
                self.check_histogram(name);
            }
        }
    }

    fn check_histogram(&self, name: &str) {
        let of = |part: &str| {
            let name = format!("{name}{part}");
            self.samples.iter().filter(move |((sample, _), _)| *sample == name)
        };
        let mut buckets: BTreeMap<_, Vec<(f64, f64)>> = BTreeMap::new();
        for ((_, labels), number) in of("_bucket") {
            let mut labels = labels.clone();
            let bound = labels.remove("le").expect("a bound");
            let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().unwrap() };
            buckets.entry(labels).or_default().push((bound, *number));
        }
        let counts: BTreeMap<_, _> = of("_count").map(|((_, labels), number)| (labels.clone(), *number)).collect();
        let sums: BTreeSet<_> = of("_sum").map(|((_, labels), _)| labels.clone()).collect();
        assert_eq!(buckets.keys().collect::<Vec<_>>(), counts.keys().collect::<Vec<_>>(), "{name}");
        assert!(sums.iter().eq(counts.keys()), "{name}");
        for (labels, mut bounds) in buckets {
            bounds.sort_by(|one, other| one.0.total_cmp(&other.0));
            assert!(bounds.windows(2).all(|two| two[0].1 <= two[1].1), "{name} {labels:?}");
            assert_eq!(bounds.last(), Some(&(f64::INFINITY, counts[&labels])), "{name} {labels:?}");
        }
    }

    /// Returns the sum of the samples of a metric that have these labels.
    pub(super) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let of = self.of(name, labels);
        assert!(!of.is_empty(), "{name} {labels:?}");
        of.values().sum()
    }

    /// Returns the samples of a metric that have these labels.
    pub(super) fn of(&self, name: &str, labels: &[(&str, &str)]) -> BTreeMap<&Series, f64> {
        let has = |of: &BTreeMap<String, String>| {
            labels.iter().all(|(name, value)| of.get(*name).map(String::as_str) == Some(*value))
        };
        let samples = self.samples.iter().filter(|((sample, of), _)| sample == name && has(of));
        samples.map(|(series, value)| (series, *value)).collect()
    }

    /// Returns the names of the labels of a metric.
    pub(super) fn labels(&self, name: &str) -> BTreeSet<&str> {
        let of = self.samples.keys().filter(|(sample, _)| self.family(sample) == name);
        of.flat_map(|(_, labels)| labels.keys().map(String::as_str)).collect()
    }
}
