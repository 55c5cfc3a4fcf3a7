//! Runs that Temporal's own tools find by search attributes.

use std::time::Instant;

use allstop::simulator::Config;

use crate::harness::{PATIENCE, Site, TestPlan};

/// Returns the words of the command that a hint has in backticks, without the name of the program.
fn hinted(stderr: &str) -> Vec<String> {
    let text = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rest) = text.split_once("`temporal ").unwrap_or_else(|| panic!("{stderr}"));
    rest.split_once('`').unwrap().0.split(' ').map(str::to_owned).collect()
}

/// Registers the search attributes of runs, as the hint of a submission that needs them says.
#[track_caller]
fn register(site: &Site) {
    let refused = site.run(["submit", "plan.yaml", "--yes", "--search-attributes", "--id", "first"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    let command = hinted(&refused.stderr);
    let namespace = command.iter().position(|word| word == "--namespace").unwrap();
    assert_eq!(command[namespace + 1], site.namespace);
    // The harness names the namespace itself.
    let words = command[..namespace].iter().chain(&command[namespace + 2..]);
    site.temporal(words.map(String::as_str));
}

/// Waits until the server's list of workflows has those of a query, and returns their ids.
#[track_caller]
fn found(site: &Site, query: &str) -> Vec<String> {
    let begin = Instant::now();
    loop {
        let listed = site.temporal(["workflow", "list", "--query", query, "--output", "json"]);
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let rows = listed.as_array().into_iter().flatten();
        let ids: Vec<_> = rows.map(|row| row["execution"]["workflowId"].as_str().unwrap().to_owned()).collect();
        if !ids.is_empty() {
            return ids;
        }
        assert!(begin.elapsed() < PATIENCE, "nothing is found by {query}");
    }
}

#[test]
fn a_run_is_found_once_its_attributes_are_registered_and_is_not_started_before() {
    let Some(site) = Site::new(&Config::default(), &TestPlan::of(20)) else { return };
    site.temporal(["operator", "search-attribute", "create", "--name", "AllstopPlan", "--type", "Keyword"]);
    let refused = site.run(["submit", "plan.yaml", "--yes", "--search-attributes", "--id", "first"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("AllstopSubmittedBy, AllstopTargets"), "{}", refused.stderr);
    assert_eq!(site.run(["status", "first"]).code, 2, "no run was started");

    register(&site);
    let submitted = site.run(["submit", "plan.yaml", "--yes", "--search-attributes", "--id", "first"]);
    assert_eq!(submitted.code, 0, "{}", submitted.stderr);
    assert!(!submitted.stderr.contains("payload key"), "{}", submitted.stderr);
    assert_eq!(site.run(["submit", "plan.yaml", "--yes", "--id", "without"]).code, 0);
    let query = "AllstopPlan = 'plan' AND AllstopTargets = 20 AND AllstopSubmittedBy STARTS_WITH 'unknown@'";
    assert_eq!(found(&site, query), ["allstop-run/first"]);

    std::fs::write(site.path("payload.key"), "5f".repeat(32)).unwrap();
    let key = ["--payload-key-file", "payload.key"];
    let args = ["submit", "plan.yaml", "--yes", "--search-attributes", "--id", "secret"];
    let encrypted = site.run(args.into_iter().chain(key));
    assert_eq!(encrypted.code, 0, "{}", encrypted.stderr);
    assert!(encrypted.stderr.contains("does not encrypt search attributes"), "{}", encrypted.stderr);
}

#[test]
fn runs_of_a_schedule_have_them_too() {
    let Some(site) = Site::new(&Config::default(), &TestPlan::of(20)) else { return };
    let create = ["schedule", "create", "nightly", "plan.yaml", "--yes", "--cron", "30 2 * * *", "--search-attributes"];
    let refused = site.run(create);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert_eq!(site.run(["schedule", "describe", "nightly"]).code, 2, "no schedule was made");
    register(&site);
    let created = site.run(create);
    assert_eq!(created.code, 0, "{}", created.stderr);
    assert!(created.stdout.contains("--search-attributes"), "{}", created.stdout);
    // What changes the times keeps them.
    let updated = site.run(["schedule", "update", "nightly", "--cron", "0 3 * * *"]);
    assert_eq!(updated.code, 0, "{}", updated.stderr);
    let triggered = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!(triggered.code, 0, "{}", triggered.stderr);
    let run = format!("allstop-run/{}", triggered.stdout.trim());
    assert_eq!(found(&site, "AllstopPlan = 'plan' AND AllstopTargets = 20"), [run]);
}
