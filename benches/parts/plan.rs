//! Loading plans: targets in the plan itself, and in files beside it.

use std::fs;
use std::path::Path;

use allstop::plan::{Plan, Variables};
use criterion::{Criterion, Throughput};

use crate::world::{HEAD, parsed, yaml};

const ROWS: usize = 100_000;

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10);
    for targets in [10, 10_000] {
        let text = yaml(targets);
        group.throughput(Throughput::Elements(targets as u64));
        group.bench_function(format!("YAML, {targets}"), |bencher| bencher.iter(|| parsed(&text).targets.len()));
    }
    let folder = tempfile::tempdir().expect("a folder");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, rows) in [("ndjson", ndjson()), ("csv", csv())] {
        let path = folder.path().join(format!("{name}.yaml"));
        fs::write(folder.path().join(format!("targets.{name}")), rows).expect("a file");
        fs::write(&path, format!("{HEAD}- {{kind: fnf_execution, from: targets.{name}}}\n")).expect("a file");
        group.bench_function(format!("{}, {ROWS}", name.to_uppercase()), |bencher| bencher.iter(|| load(&path)));
    }
    group.finish();
}

fn load(path: &Path) -> usize {
    Plan::load(path, &Variables::default()).expect("a good plan").plan.targets.len()
}

fn ndjson() -> String {
    (0..ROWS).map(|number| format!("{{\"flow_name\":\"load\",\"execution_name\":\"run-{number:06}\"}}\n")).collect()
}

fn csv() -> String {
    let rows = (0..ROWS).map(|number| format!("load,run-{number:06}\n"));
    std::iter::once("flow_name,execution_name\n".to_owned()).chain(rows).collect()
}
