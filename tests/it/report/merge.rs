//! The reports of the shards of a plan, made one report again.

use allstop::engine::{Outcome, Record, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::report::{About, MergeError, Report, RunMode, ShardReport, merge};
use proptest::prelude::*;

use super::commands::{environment, put};
use super::every::read;
use super::fixture::{at, attempt, executions, failed, plan, record, row, stopped};
use crate::environment::Ended;

/// What becomes of the targets of the whole plan.
fn results() -> Vec<TargetResult> {
    let attempts = vec![attempt(1, Some(ErrorClass::Throttled), Some(100)), attempt(2, None, None)];
    vec![
        stopped(),
        failed(ErrorClass::Denied, "AccessDenied", "no"),
        TargetResult { attempts, ..stopped() },
        TargetResult::skipped(SkipReason::Protected),
        row(Outcome::AlreadyStopped),
        stopped(),
    ]
}

/// The record of shard `number` of `of`.
fn share(number: usize, of: usize) -> Record {
    let results = results().into_iter().enumerate().map(|(index, result)| {
        let is_protected = result.reason == Some(SkipReason::Protected);
        if index % of == number - 1 || is_protected { result } else { TargetResult::skipped(SkipReason::Shard) }
    });
    let mut record = record(Status::Completed, results.collect());
    record.id = format!("019ab0c2-7e5f-7000-8000-00000000000{number}");
    record.reason = Some("incident".to_owned());
    let delay = i64::try_from(number).unwrap() * 1000;
    (record.started_at, record.finished_at) = (at(delay), at(delay + 125_400));
    record
}

fn shard(number: usize, of: usize) -> ShardReport {
    let about = About { shard: Some(format!("{number}/{of}")), ..About::default() };
    ShardReport {
        path: format!("{number}.json").into(),
        report: read(&plan(executions(6)), &share(number, of), &about),
    }
}

fn shards(numbers: &[usize]) -> Vec<ShardReport> {
    numbers.iter().map(|number| shard(*number, 3)).collect()
}

fn whole() -> Report {
    read(&plan(executions(6)), &record(Status::Completed, results()), &About::default())
}

#[test]
fn the_whole_is_the_sum_of_its_parts() {
    let merged = merge(shards(&[1, 2, 3]), false).unwrap();
    let whole = whole();
    assert_eq!(merged.targets, whole.targets);
    assert_eq!(merged.summary, whole.summary);
    assert_eq!(merged.run.shard, None);
    assert_eq!(merged.run.exit_code, 1);
    assert_eq!(merged.run.reason.as_deref(), Some("incident"));
    assert_eq!((merged.run.started_at, merged.run.finished_at), (at(1000).into(), at(128_400).into()));
    assert_eq!(merged.run.duration_ms, 127_400);
    let requests: u64 = merged.lanes.iter().map(|lane| lane.requests).sum();
    assert_eq!((merged.lanes.len(), requests), (1, merged.summary.attempts));
    assert_eq!((merged.lanes[0].duration_ms, merged.lanes[0].requests_per_second), (2900, 1.724));
    let mut text = Vec::new();
    merged.write_json(&mut text).unwrap();
    assert_eq!(Report::parse(&text, "merged.json".as_ref()).unwrap(), merged);
}

#[test]
fn order_does_not_matter() {
    let merged = merge(shards(&[1, 2, 3]), false).unwrap();
    assert_eq!(merge(shards(&[3, 1, 2]), false).unwrap(), merged);
    assert_ne!(merged.run.id, shard(1, 3).report.run.id);
}

#[test]
fn a_missing_shard_is_an_error_unless_it_is_wanted() {
    let error = merge(shards(&[2]), false).unwrap_err();
    assert_eq!(error.to_string(), "2 of 3 shards are missing: 1, 3");
    assert!(error.hint().contains("--partial"));
    let part = merge(shards(&[3, 1]), true).unwrap();
    assert_eq!((part.run.shard.as_deref(), part.run.exit_code), (Some("1,3/3"), 0));
    assert_eq!(part.targets[1].reason, Some(SkipReason::Shard));
    assert_eq!(part.summary.targets, 6);

    let rest = ShardReport { path: "part.json".into(), report: part };
    let merged = merge(vec![rest, shard(2, 3)], false).unwrap();
    assert_eq!(merged.targets, whole().targets);
}

#[test]
fn many_missing_shards_are_told_in_short() {
    let mut only = shard(1, 3);
    only.report.run.shard = Some("1/4294967295".to_owned());
    let error = merge(vec![only], false).unwrap_err();
    assert_eq!(error.to_string(), "4294967294 of 4294967295 shards are missing: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …");
}

/// Merges all three shards, the last of them changed.
fn with(change: impl FnOnce(&mut Report)) -> Result<Report, MergeError> {
    let mut parts = shards(&[1, 2, 3]);
    change(&mut parts[2].report);
    merge(parts, false)
}

#[test]
fn what_does_not_belong_together_is_refused() {
    type Change = fn(&mut Report);
    let message = |change: Change| with(change).unwrap_err().to_string();
    let table: [(Change, &str); 9] = [
        (|report| report.run.shard = None, "3.json is not the report of a shard"),
        (|report| report.run.shard = Some("4/3".to_owned()), "invalid shard in 3.json: expected I/N"),
        (|report| report.run.shard = Some("2/3".to_owned()), "2.json and 3.json both have shard 2"),
        (|report| report.run.shard = Some("3/4".to_owned()), "1.json and 3.json differ in the number of shards"),
        (|report| report.run.plan.sha256.push('0'), "2.json and 3.json differ in the plan, by its SHA-256"),
        (|report| report.run.mode = RunMode::DryRun, "2.json and 3.json differ in whether they were live"),
        (|report| report.run.retry_of = Some("x".to_owned()), "2.json and 3.json differ in the run that they retry"),
        (|report| report.targets[0].id.push('x'), "2.json and 3.json differ in their targets"),
        (|report| report.targets.truncate(1), "2.json and 3.json differ in their targets"),
    ];
    for (change, expected) in table {
        assert_eq!(message(change), expected);
    }
    let contested = message(|report| report.targets[0].outcome = Outcome::Failed);
    assert_eq!(contested, "1.json and 3.json both ran the target `fnf_execution:etl/run-0000`");
    assert_eq!(merge(Vec::new(), true).unwrap_err(), MergeError::Nothing);
}

#[test]
fn how_the_shards_ended_decides_how_the_whole_did() {
    for (codes, expected) in [
        ([0, 0, 0], 0),
        ([4, 4, 4], 4),
        ([4, 0, 0], 0),
        ([0, 1, 4], 1),
        ([1, 129, 0], 129),
        ([1, 130, 129], 130),
        ([130, 143, 1], 143),
        ([143, 3, 1], 3),
        ([3, 5, 0], 5),
    ] {
        let mut parts = shards(&[1, 2, 3]);
        parts.iter_mut().zip(codes).for_each(|(part, code)| part.report.run.exit_code = code);
        assert_eq!(merge(parts, false).unwrap().run.exit_code, expected, "{codes:?}");
    }
    let merged = with(|report| report.run.status = Status::Interrupted).unwrap();
    assert_eq!(merged.run.status, Status::Interrupted);
}

#[test]
fn shards_of_other_accounts_are_told_and_reports_that_do_not_say_are_believed() {
    assert_eq!(merge(shards(&[1, 2, 3]), false).unwrap().accounts, whole().accounts);
    let mut parts = shards(&[1, 2, 3]);
    parts[0].report.accounts.clear();
    assert_eq!(merge(parts.clone(), false).unwrap().accounts, whole().accounts);
    parts[2].report.accounts[1].project_id = Some("another".to_owned());
    let error = merge(parts, false).unwrap_err();
    assert_eq!(error.to_string(), "2.json and 3.json differ in their accounts: region, project or endpoints");
}

#[test]
fn what_is_read_is_not_replaced_and_an_earlier_report_kept() {
    let env = environment();
    for part in shards(&[1, 2, 3]) {
        put(&env, part.path.to_str().unwrap(), &part.report);
    }
    let merge_to = |output: &str| env.run(["report", "merge", "1.json", "2.json", "3.json", "-o", output]);
    let Ended { code, stderr, .. } = merge_to("./2.json");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("--output would overwrite 2.json, which is an input"), "{stderr}");
    put(&env, "all.json", &whole());
    let Ended { code, stderr, .. } = merge_to("all.json");
    let kept = format!("all.{}.json", whole().run.id);
    assert_eq!((code, stderr.contains(&format!("kept the earlier report as {kept}"))), (0, true), "{stderr}");
    assert_eq!(Report::read(&env.path(&kept)).unwrap(), whole());
    assert_eq!(merge_to("all.json"), Ended::quiet(), "it is the same one");
}

#[test]
fn a_lane_without_time_keeps_none() {
    let mut parts = shards(&[1, 2, 3]);
    for lane in parts.iter_mut().flat_map(|part| &mut part.report.lanes) {
        lane.duration_ms = 0;
    }
    let merged = merge(parts, false).unwrap();
    assert_eq!((merged.lanes[0].duration_ms, merged.lanes[0].requests_per_second), (0, 0.0));
}

#[test]
fn the_command_writes_one_report() {
    let env = environment();
    for part in shards(&[1, 2, 3]) {
        put(&env, part.path.to_str().unwrap(), &part.report);
    }
    let all = ["report", "merge", "1.json", "3.json", "2.json", "-o", "all.json"];
    assert_eq!(env.run(all), Ended::quiet());
    assert_eq!(Report::read(&env.path("all.json")).unwrap(), merge(shards(&[1, 2, 3]), false).unwrap());
    let Ended { code, stdout, stderr } = env.run(["report", "merge", "1.json", "3.json", "--partial"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("\"shard\": \"1,3/3\""), "{stdout}");
    for (args, expected) in [
        (&["1.json", "2.json"][..], "1 of 3 shards are missing: 3"),
        (&["1.json", "1.json", "2.json"], "1.json and 1.json both have shard 1"),
        (&["all.json"], "all.json is not the report of a shard"),
        (&["absent.json"], "cannot read the report absent.json"),
        (&[], "required"),
    ] {
        let Ended { code, stdout, stderr } = env.run([&["report", "merge"], args].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
}

proptest! {
    #[test]
    fn however_a_plan_is_cut_it_comes_back(of in 1_usize..6, cut in 0_usize..6, order in any::<prop::sample::Index>()) {
        let mut parts: Vec<_> = (1..=of).map(|number| shard(number, of)).collect();
        parts.rotate_left(order.index(of));
        let later = parts.split_off(cut.min(of - 1));
        let first = match parts.is_empty() {
            true => later,
            false => {
                let report = merge(parts, true).unwrap();
                later.into_iter().chain([ShardReport { path: "first.json".into(), report }]).collect()
            }
        };
        let merged = merge(first, false).unwrap();
        prop_assert_eq!(merged.targets, whole().targets);
        prop_assert_eq!(merged.summary, whole().summary);
        prop_assert_eq!(merged.run.exit_code, whole().run.exit_code);
    }
}
