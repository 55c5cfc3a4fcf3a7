//! What could not be listed again.

use serde_json::{Value, json};

use super::{flow, with_refused_jobs};
use crate::environment::words;
use crate::selection::ground::{missing, resource, rows};

#[test]
fn row_47_what_cannot_be_listed_again_is_not_gone() {
    let env = with_refused_jobs(2);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, &report["run"]["status"]), (1, &json!("unlisted")), "{ended:?}");
    assert_eq!((words(&report), env.stops()), (vec!["aborted".to_owned(); 4], 0));
    env.refuses(&["retry", "r.report.json", "--yes"], 2, &["run the plan again"]);

    let (ended, report) = env.reviewed(&["--partial"]);
    assert_eq!((ended.code, &report["run"]["status"]), (1, &json!("completed")), "{ended:?}");
    let expected = ["live_flow:f00 stopped", "live_flow:f01 stopped", "drs_job:j1 aborted", "drs_job:j2 aborted"];
    assert_eq!(rows(&report), expected);
    assert_eq!(missing(&report, 1), ["sync jobs: denied"]);
    assert_eq!((&report["run"]["reviewed"]["stale"], env.stops()), (&json!(0), 2));
    assert!(ended.stderr.contains("2 reviewed targets could not be listed again: left alone"), "{}", ended.stderr);

    // The jobs can be listed by now.
    let (ended, report) = env.reviewed(&["--again"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = ["live_flow:f00 stale", "live_flow:f01 stale", "drs_job:j1 stopped", "drs_job:j2 stopped"];
    assert_eq!(rows(&report), expected);
}

#[test]
fn a_retry_leaves_alone_what_could_not_be_listed_again() {
    let env = with_refused_jobs(1);
    let (ended, mut report) = env.reviewed(&["--partial"]);
    assert_eq!((ended.code, env.stops()), (1, 2), "{ended:?}");
    let [.., next] = ended.stderr.lines().collect::<Vec<_>>()[..] else { panic!("{ended:?}") };
    assert_eq!(next.trim(), "allstop run r.yaml --again --yes");
    let shown = env.run(["report", "show", "r.report.json"]).stdout;
    assert!(shown.contains("allstop run r.yaml --again"), "{shown}");
    let unbegun = ["2 reviewed targets were not begun and are left alone", "`allstop run r.yaml --again`"];
    env.refuses(&["retry", "r.report.json", "--yes"], 4, &unbegun);

    // As if the stop of one flow had failed.
    (report["targets"][0]["outcome"], report["targets"][0]["done"]) = (json!("failed"), json!(false));
    env.write("r.report.json", report.to_string());
    let lists = env.lists();
    let ended = env.run(["retry", "r.report.json", "--yes", "--progress", "off"]);
    // What could not be listed is still missing.
    assert_eq!((ended.code, env.lists()), (1, lists), "{ended:?}");
    unbegun.iter().for_each(|said| assert!(ended.stderr.contains(said), "{}", ended.stderr));
    let report = env.report("r.retry.report.json");
    let expected =
        ["live_flow:f00 already_stopped", "live_flow:f01 filtered", "drs_job:j1 filtered", "drs_job:j2 filtered"];
    assert_eq!(rows(&report), expected);
    assert_eq!(missing(&report, 1), ["sync jobs: denied"]);
    let ledger = env.simulator().ledger();
    let jobs = ledger.resources.iter().filter(|one| one.id.to_string().starts_with("drs_job"));
    assert_eq!(jobs.map(|one| one.counts.requests).collect::<Vec<_>>(), [0, 0]);
}

#[test]
fn a_run_that_goes_on_knows_what_its_listing_came_to() {
    let env = with_refused_jobs(1);
    env.simulator().change([resource(json!({
        "kind": "live_flow", "project_id": "p", "flow_id": "f01", "name": "test-1", "status": "STANDBY",
    }))]);
    env.simulator().load([flow(98), flow(99)]);
    let (ended, before) = env.reviewed(&["--partial", "--journal", "j"]);
    assert_eq!((ended.code, env.stops()), (1, 1), "{ended:?}");
    let facts = |report: &Value| (report["run"]["reviewed"].clone(), report["selections"].clone(), missing(report, 1));
    assert_eq!((&before["run"]["reviewed"]["stale"], &before["run"]["reviewed"]["unreviewed"]), (&json!(1), &json!(2)));

    // As if it had been killed before its first stop.
    let journal = env.text("j");
    let (lines, _) = journal.split_at(journal.find("\"frozen\"").unwrap());
    let kept = lines.lines().count();
    env.write("j", journal.split_inclusive('\n').take(kept).collect::<String>());
    let lists = env.lists();
    let ended = env.run(["resume", "j", "--yes", "--progress", "off", "--report", "resumed.json"]);
    assert_eq!((ended.code, env.lists()), (1, lists), "{ended:?}");
    let after = env.report("resumed.json");
    assert_eq!(facts(&after), facts(&before));
    let expected = ["live_flow:f00 already_stopped", "live_flow:f01 stale", "drs_job:j1 aborted", "drs_job:j2 aborted"];
    assert_eq!(rows(&after), expected);
}
