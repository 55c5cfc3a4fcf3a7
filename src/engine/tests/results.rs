//! Packed results: nothing is lost, little is kept, and what is not there is never told as stopped.

use std::time::Duration;

use crate::engine::results::Results;
use crate::engine::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
use crate::error::ErrorClass;

fn usual(number: u32) -> TargetResult {
    let at = format!("2026-05-12T08:00:00.{number:09}Z").parse().unwrap();
    let attempt = Attempt {
        n: 1,
        at,
        duration: Duration::from_nanos(83_456_789),
        http_status: Some(200),
        code: None,
        message: None,
        request_id: Some(format!("5F1B1C4E-0A4B-4B0C-9C2E-{number:012}").into()),
        class: None,
        retry_in: None,
        batch: None,
    };
    TargetResult {
        outcome: Outcome::Stopped,
        evidence: Some(Evidence::Answer),
        reason: None,
        state: Some("Stopped".into()),
        started_at: Some(at),
        finished_at: Some(at),
        error: None,
        reads: 0,
        attempts: vec![attempt],
    }
}

fn eventful() -> TargetResult {
    let mut result = usual(7);
    let first = Attempt {
        http_status: None,
        class: Some(ErrorClass::Timeout),
        code: Some("Müll\0\u{1F6D1}".into()),
        message: Some("".into()),
        request_id: None,
        duration: Duration::MAX,
        retry_in: Some(Duration::from_nanos(1)),
        batch: None,
        at: jiff::Timestamp::MIN,
        n: u32::MAX,
    };
    result.attempts.insert(0, first);
    result.outcome = Outcome::Failed;
    result.finished_at = Some(jiff::Timestamp::MAX);
    result.reads = 3;
    result.error = Some(Box::new(TargetError {
        class: ErrorClass::Denied,
        code: None,
        message: "x".repeat(1_000).into(),
        request_id: Some("id".into()),
        hint: None,
    }));
    result
}

#[test]
fn come_out_as_they_went_in() {
    let mut all = vec![eventful(), TargetResult::skipped(SkipReason::Duplicate), usual(1), eventful()];
    assert_eq!(Results::from_iter(all.clone()).iter().collect::<Vec<_>>(), all);
    let mut results = Results::of(4);
    for number in [2, 0, 3, 1] {
        assert!(results.set(number, &all[number]));
    }
    assert!(results.iter().eq(all.clone()));
    assert_eq!(results, all.clone().into_iter().collect());
    all.swap(0, 1);
    assert_ne!(results, all.into_iter().collect());
}

#[test]
fn what_is_not_there_is_unknown() {
    let mut results = Results::of(2);
    assert!(results.set(1, &usual(1)) && !results.set(2, &usual(2)));
    let outcomes: Vec<_> = results.iter().map(|result| result.outcome).collect();
    assert_eq!((outcomes, results.len()), (vec![Outcome::Unknown, Outcome::Stopped], 2));
    assert_eq!(results.get(2), None);
}

#[test]
fn a_usual_one_takes_little() {
    let one = postcard::to_allocvec(&usual(999_999)).unwrap().len();
    assert!(one <= 104, "{one} bytes");
}
