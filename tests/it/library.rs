//! The examples of the library: each is compiled by every build of the tests, and run here.

use allstop::engine::{Outcome, Record, SkipReason, Status};

#[path = "../../examples/credentials.rs"]
#[expect(dead_code, reason = "a test does not call main")]
mod credentials;
#[path = "../../examples/journal.rs"]
#[expect(dead_code, reason = "a test does not call main")]
mod journal;
#[path = "../../examples/observer.rs"]
#[expect(dead_code, reason = "a test does not call main")]
mod observer;
#[path = "../../examples/transport.rs"]
#[expect(dead_code, reason = "a test does not call main")]
mod transport;

fn outcomes(record: &Record) -> Vec<Outcome> {
    record.results.iter().map(|result| result.outcome).collect()
}

#[test]
fn an_observer_ends_a_run() {
    let (record, exit_status) = observer::watched().unwrap();
    assert_eq!((record.status, exit_status.code()), (Status::Interrupted, 130));
    let stopped = outcomes(&record).iter().filter(|outcome| **outcome == Outcome::Stopped).count();
    // What was in flight when the third was stopped was let finish.
    assert!((3..5).contains(&stopped), "{record:?}");
    let left = record.results.iter().filter(|result| result.reason == Some(SkipReason::Interrupted)).count();
    assert_eq!(stopped + left, 5);
}

#[test]
fn a_transport_sees_every_request() {
    let (record, counts) = transport::counted().unwrap();
    assert_eq!(outcomes(&record), [Outcome::Stopped; 2]);
    let sent: u64 = record.lanes.iter().map(|(_, stats)| stats.requests).sum();
    assert_eq!(counts.values().sum::<usize>() as u64, sent);
    assert_eq!(counts["PUT /v1/p1/flows/stop"], 1, "{counts:?}");
}

#[test]
fn a_provider_gives_keys_or_says_why_not() {
    const OWNER: &str = "1865410598556969";
    let record = credentials::signed("prod", OWNER).unwrap();
    assert_eq!(outcomes(&record), [Outcome::Stopped]);
    assert_eq!(record.accounts[0].source.as_deref(), Some("the vault's entry prod"));
    let error = credentials::signed("another", OWNER).unwrap_err().to_string();
    assert_eq!(error, "account prod: the vault has no such entry");
    let error = credentials::signed("prod", "1234567890123456").unwrap_err().to_string();
    let pinned = "account prod is pinned to 1865410598556969, but the vault's entry prod belongs to 1234567890123456 (user vault)";
    assert_eq!(error, pinned);
}

#[test]
fn a_journal_lets_a_run_go_on() {
    let (first, second, stops) = journal::resumed().unwrap();
    assert_eq!((first.status, second.status), (Status::Interrupted, Status::Completed));
    assert_eq!(first.id, second.id);
    assert!(outcomes(&first).contains(&Outcome::Skipped), "{first:?}");
    assert_eq!(outcomes(&second), [Outcome::Stopped; 4]);
    assert_eq!(stops, 4, "none was sent twice");
}

#[test]
fn every_example_is_run_here_and_named_in_the_docs() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_to_string(root.join("docs/library.md")).unwrap();
    for example in std::fs::read_dir(root.join("examples")).unwrap() {
        let name = example.unwrap().file_name().into_string().unwrap();
        assert!(include_str!("library.rs").contains(&format!("\"../../examples/{name}\"")), "{name} is not run");
        assert!(docs.contains(&format!("(../examples/{name})")), "{name} is not in docs/library.md");
    }
}
