//! What is collected: resources that are shown again, units that fail, limits, and very many rows.

use super::super::collector::{Collected, Collector, Rest};
use super::world::plan;
use crate::plan::Plan;
use crate::service::Resource;

fn of(select: &str) -> Plan {
    plan(&format!("targets: [{{kind: fnf_execution, account: ali, select: {select}}}]"))
}

fn execution(number: usize, status: &str) -> Resource {
    let minute = number % 60;
    let resource = Resource::unknown(4).with(0, Some("etl".into())).with(1, Some(format!("r{number}").into()));
    Resource {
        status: Some(status.into()),
        since: Some(format!("2026-11-22T01:{minute:02}:00Z").into()),
        at: "2026-11-22T12:00:00Z".parse().unwrap(),
        ..resource
    }
}

fn collector(plan: &Plan) -> Collector<'_> {
    Collector::new(plan.selects.iter().collect(), 0, Rest::Nothing)
}

/// Returns how many are found, left out because they do not run, and left out in all.
fn numbers(collector: Collector<'_>) -> (usize, u64, u64) {
    let Collected { found, left_out, .. } = collector.finish().remove(0);
    (found.len(), left_out.not_running, left_out.total())
}

#[test]
fn a_resource_that_is_shown_again_counts_once_and_as_it_was_last() {
    let plan = of("{flow_name: etl}");
    let mut all = collector(&plan);
    assert!(all.take(0, &execution(1, "Running")).is_some());
    assert!(all.take(0, &execution(2, "Running")).is_some());
    assert!(all.take(1, &execution(1, "Running")).is_none(), "it is no further target");
    all.take(1, &execution(2, "Succeeded"));
    assert_eq!(all.matched(), 1);
    all.take(1, &execution(3, "Succeeded"));
    all.take(1, &execution(3, "Running"));
    assert_eq!(numbers(all), (2, 1, 1));
}

#[test]
fn what_a_failed_unit_showed_was_never_seen() {
    let plan = of("{flow_name: etl}");
    let mut all = collector(&plan);
    for (unit, numbers) in [(0, 0..10), (1, 10..20), (2, 20..30)] {
        numbers.for_each(|number| drop(all.take(unit, &execution(number, "Running")).cloned()));
    }
    all.take(1, &execution(99, "Succeeded"));
    // Another unit has shown one of them, too.
    all.take(2, &execution(10, "Running"));
    all.fail(1);
    all.fail(7);
    // What stays can still be shown again.
    all.take(2, &execution(25, "Succeeded"));
    assert_eq!(numbers(all), (20, 1, 1));
}

#[test]
fn a_limit_bounds_what_is_held() {
    let plan = of("{flow_name: etl, limit: 10}");
    let mut all = collector(&plan);
    for number in 0..50_000 {
        assert!(all.take(0, &execution(number, "Running")).is_none(), "the limit counts, not what is found");
        assert!(all.matched() <= 10 * 2 + 64);
    }
    let Collected { found, left_out, .. } = all.finish().remove(0);
    assert_eq!(found.len() as u64 + left_out.limit, 50_000);
    let oldest = found.iter().filter(|one| one.began == Some("2026-11-22T01:00:00Z".parse().unwrap())).count();
    assert!(oldest >= 10, "{oldest}");
}

#[test]
fn rows_are_one_step_each_however_many_there_are() {
    // Anything that looked through the others for each row would take hours.
    const ROWS: usize = 150_000;
    let plan = of("{flow_name: other}");
    let mut all = collector(&plan);
    let mut row = execution(0, "Running");
    // Every row comes twice, as a second pass shows it.
    for number in (0..ROWS).chain(0..ROWS) {
        row.values[1] = Some(number.to_string().into());
        all.take(0, &row);
    }
    let Collected { found, left_out, .. } = all.finish().remove(0);
    assert_eq!((found.len(), left_out.other), (0, ROWS as u64));
}
