//! What is asked, refused and changed.

use serde_json::Value;

use super::{TWO, created, described, fast, triggered};
use crate::harness::{Site, TestPlan, answered};

#[test]
fn what_is_wrong_is_told_before_anything_is_made() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    let text = std::fs::read_to_string(site.path("plan.yaml")).unwrap();
    let lists = format!("{text}  - {{kind: fnf_execution, account: a0, select: all}}\n");
    std::fs::write(site.path("lists.yaml"), lists).unwrap();
    let of = |plan: &'static str, more: &[&'static str]| {
        let args = ["schedule", "create", "nightly", plan].into_iter().chain(more.iter().copied());
        site.run(args)
    };
    let table: [(&str, &[&str], i32, &str); 9] = [
        ("plan.yaml", &["--yes", "--cron", "0 24 * * *"], 2, "cannot read `24` as the hour"),
        ("plan.yaml", &["--yes", "--cron", "0 2 31 2 *"], 2, "no day matches"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--timezone", "Europe/Nowhere"], 2, "there is no time zone"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--catchup", "5s"], 2, "expected a time from 10s"),
        ("plan.yaml", &["--cron", TWO], 2, "pass --yes to skip the prompt; nothing was sent"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--only", "nothing"], 4, "nothing is selected"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--junit", "x.xml"], 2, "a schedule writes no reports"),
        ("plan.yaml", &["--yes", "--cron", TWO, "--checkpoint", "4s"], 2, "10s is too short for --checkpoint 4s"),
        ("lists.yaml", &["--cron", TWO], 2, "nobody can be asked about what a worker lists"),
    ];
    for (plan, more, code, message) in table {
        let ended = of(plan, more);
        assert_eq!(ended.code, code, "{more:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{more:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains("starts a run"), "{more:?}: {}", ended.stderr);
    }
    let ended = site.run(["schedule", "list", "--output", "json"]);
    assert_eq!((ended.code, ended.stdout.trim()), (0, r#"{"version":1,"schedules":[],"not_read":[]}"#));
    for command in ["describe", "pause", "resume", "trigger", "delete"] {
        let ended = site.run(["schedule", command, "nightly"]);
        assert_eq!(ended.code, 2, "{command}: {}", ended.stderr);
        assert!(ended.stderr.contains("there is no schedule `nightly`"), "{command}: {}", ended.stderr);
    }
    let shown = created(&site, "nightly", &["--cron", TWO]);
    assert_eq!(shown["version"], 1);
    let ended = site.run(["schedule", "list", "--output", "json"]);
    let listed: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&listed["version"], &listed["schedules"][0]["schedule"]), (&1.into(), &"nightly".into()));
    let ended = of("plan.yaml", &["--yes", "--cron", TWO]);
    assert!(ended.code == 2 && ended.stderr.contains("there is a schedule `nightly` already"), "{}", ended.stderr);
    let others = ["schedule", "create", "-s", "others", "--cron", TWO, "--workflow-id", "x", "--type", "x"];
    let more = ["--task-queue", "x", "--namespace", &site.namespace];
    assert!(site.server.temporal(others.into_iter().chain(more)).output().unwrap().status.success());
    let ended = site.run(["schedule", "delete", "others"]);
    assert!(ended.code == 2 && ended.stderr.contains("does not start runs of allstop"), "{}", ended.stderr);
}

#[test]
fn the_question_says_when_the_runs_start_and_that_nothing_is_stopped_now() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    let ask = |args: &[&'static str], answer| answered(&mut site.command(args.iter().copied()), answer);
    let create = ["schedule", "create", "nightly", "plan.yaml", "--cron", TWO, "--timezone", "Asia/Tokyo"];
    let (code, shown) = ask(&create, "n\n");
    assert_eq!(code, 3, "{shown}");
    let next = "Nothing is stopped now. The schedule nightly runs this plan at 30 2 * * * in Asia/Tokyo, next at 20";
    let end = "02:30. Stop all of this at these times? [y/N]";
    assert!(shown.contains(next) && shown.ends_with(end) && !shown.contains("this now?"), "{shown}");
    assert_eq!(site.run(["schedule", "describe", "nightly"]).code, 2);
    let (code, asked) = ask(&create, "y\n");
    assert_eq!(code, 0, "{asked}");
    let day = described(&site, "nightly")["next"][0].as_str().unwrap()[..10].to_owned();
    assert!(asked.contains(&format!("next at {day} 02:30.")), "as the server computes it, {day}: {asked}");

    let (code, shown) = ask(&["schedule", "update", "nightly", "plan.yaml"], "n\n");
    assert_eq!(code, 3, "{shown}");
    assert!(shown.contains(&format!("30 2 * * * in Asia/Tokyo, next at {day} 02:30 +09:00. Stop all")), "{shown}");
    assert_eq!(site.run(["schedule", "pause", "nightly"]).code, 0);
    let (code, shown) = ask(&["schedule", "update", "nightly", "plan.yaml", "--cron", "0 3 * * *"], "y\n");
    assert_eq!(code, 0, "{shown}");
    let paused = "03:00. It is paused, and starts runs after `allstop-temporal schedule resume nightly`.";
    assert!(shown.contains("at 0 3 * * * in Asia/Tokyo, next at 20") && shown.contains(paused), "{shown}");
    assert_eq!(described(&site, "nightly")["cron"], "0 3 * * *");
}

#[test]
fn plan_times_and_pauses_are_changed_one_by_one() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    created(&site, "nightly", &["--cron", TWO, "--timezone", "Europe/Berlin", "--rate", "7/s"]);
    let update = |more: &[&'static str]| {
        let ended = site.run(["schedule", "update", "nightly"].into_iter().chain(more.iter().copied()));
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        described(&site, "nightly")
    };
    let first = described(&site, "nightly");
    let shown = update(&["--cron", "0 3 * * *"]);
    assert_eq!((&shown["cron"], &shown["time_zone"]), (&"0 3 * * *".into(), &"Europe/Berlin".into()));
    let shown = update(&["--overlap", "wait", "--catchup", "10m"]);
    assert_eq!((&shown["overlap"], &shown["catchup_seconds"]), (&"wait".into(), &600.into()));
    assert_eq!((&shown["cron"], &shown["plan"]), (&"0 3 * * *".into(), &first["plan"]));

    let ended = site.run(["schedule", "pause", "nightly", "--reason", "release week"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let ended = site.run(["schedule", "pause", "nightly"]);
    assert!(ended.code == 0 && ended.stderr.contains("was paused already; its reason is kept"), "{}", ended.stderr);
    assert!(triggered(&site, "nightly").starts_with("nightly-"), "by hand, also while it is paused");
    let same = ["schedule", "describe", "nightly", "--check", "plan.yaml"];
    let ended = site.run(same);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("schedule nightly, paused: release week"), "{}", ended.stdout);

    let text = std::fs::read_to_string(site.path("plan.yaml")).unwrap();
    std::fs::write(site.path("plan.yaml"), text.replace("run-2", "run-x")).unwrap();
    let ended = site.run(same);
    assert!(ended.code == 1 && ended.stderr.contains("is not the one that is frozen"), "{}", ended.stderr);
    let shown = update(&["plan.yaml", "--yes", "--skip", "*run-1*"]);
    assert_eq!((&shown["paused"], &shown["plan"]["targets"]), (&true.into(), &2.into()));
    assert_eq!((&shown["cron"], &shown["overlap"]), (&"0 3 * * *".into(), &"wait".into()));
    assert_ne!(shown["fingerprint"], first["fingerprint"]);
    assert_eq!(site.run(same).code, 0);
    assert_eq!(site.run(["schedule", "resume", "nightly", "--reason", "released"]).code, 0);
    let ended = site.run(["schedule", "resume", "nightly"]);
    assert!(ended.code == 0 && ended.stderr.contains("was not paused"), "{}", ended.stderr);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["paused"], &shown["note"]), (&false.into(), &"released".into()));

    for (more, message) in [(&[][..], "there is nothing to change"), (&["--rate", "5/s"][..], "<PLAN>")] {
        let ended = site.run(["schedule", "update", "nightly"].into_iter().chain(more.iter().copied()));
        assert!(ended.code == 2 && ended.stderr.contains(message), "{}", ended.stderr);
    }
}

#[test]
fn the_options_of_the_runs_are_shown_and_an_update_that_drops_some_says_so() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    let given = ["--deadline", "90m", "--rate", "7/s", "--reason", "every night", "--max-failures", "10%"];
    let more = ["--skip", "*run-1*", "--priority", "2", "--concurrency", "4", "--route", "a0=allstop.a0"];
    let shown = created(&site, "nightly", &[&["--cron", TWO][..], &given, &more].concat());
    let options = &shown["options"];
    assert_eq!((&options["deadline_ms"], &options["rate"]), (&5_400_000.into(), &"7/s".into()));
    assert_eq!((&options["max_failures"], &options["concurrency"]), (&"10%".into(), &4.into()));
    assert_eq!((&options["route"]["a0"], &options["priority"]), (&"allstop.a0".into(), &2.into()));
    assert_eq!(options["skip"], serde_json::json!(["*run-1*"]));
    let ended = site.run(["schedule", "describe", "nightly"]);
    for line in [
        "  reason    every night\n",
        "  options   --deadline '1h 30m'\n            --rate 7/s\n            --concurrency 4\n",
        "            --max-failures 10%\n            --skip '*run-1*'\n            --route a0=allstop.a0\n",
        "  queue     allstop, priority 2\n",
    ] {
        assert!(ended.stdout.contains(line), "{line}{}", ended.stdout);
    }

    // Without a plan, they stay.
    let ended = site.run(["schedule", "update", "nightly", "--cron", "0 3 * * *"]);
    assert!(ended.code == 0 && !ended.stderr.contains("options"), "{}", ended.stderr);
    assert_eq!(described(&site, "nightly")["options"], *options);
    // The same ones again are no change.
    let same = ["schedule", "update", "nightly", "plan.yaml", "--yes"].into_iter().chain(given).chain(more);
    let ended = site.run(same);
    assert!(ended.code == 0 && !ended.stderr.contains("options of the runs"), "{}", ended.stderr);

    let ended = site.run(["schedule", "update", "nightly", "plan.yaml", "--rate", "5/s"]);
    assert_eq!(ended.code, 2, "it asks, and nobody is there: {}", ended.stderr);
    let warning = "warning: options of the runs change: --deadline '1h 30m' → none; --rate 7/s → 5/s; --concurrency 4 → \
                   none; --max-failures 10% → none; --skip '*run-1*' → none; --route a0=allstop.a0 → none; --reason \
                   'every night' → none; --priority 2 → 3; `update` removes those that are not given again\n";
    assert!(ended.stderr.starts_with(warning), "before the question: {}", ended.stderr);
    assert_eq!(described(&site, "nightly")["options"], *options);
    assert_eq!(site.run(["schedule", "update", "nightly", "plan.yaml", "--rate", "5/s", "--yes"]).code, 0);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["options"]["rate"], &shown["options"]["deadline_ms"]), (&"5/s".into(), &Value::Null));
    assert_eq!((&shown["options"]["reason"], &shown["plan"]["reason"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_schedule_that_cannot_be_read_is_not_changed() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(3)) else { return };
    std::fs::write(site.path("key"), "7".repeat(64)).unwrap();
    let key = ["--payload-key-file", "key"];
    created(&site, "nightly", &[&["--cron", TWO][..], &key].concat());
    for change in [&["update", "nightly", "--cron", "0 3 * * *"][..], &["delete", "nightly"]] {
        let ended = site.run(["schedule"].into_iter().chain(change.iter().copied()));
        assert_eq!(ended.code, 2, "{change:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("no key is set") && ended.stderr.contains("--payload-key-file"),
            "{}",
            ended.stderr
        );
    }
    // The others are listed, and this one is named.
    created(&site, "other", &["--cron", TWO]);
    let ended = site.run(["schedule", "list"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stdout.starts_with("other: ") && ended.stdout.lines().count() == 1, "{}", ended.stdout);
    let warning = ended.stderr.strip_prefix("warning: cannot read the schedule nightly: ").unwrap();
    assert!(warning.contains("no key is set") && warning.contains("--payload-key-file"), "{}", ended.stderr);
    let ended = site.run(["schedule", "list", "--output", "json"]);
    let listed: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &listed["schedules"][0]["schedule"]), (1, &"other".into()));
    assert_eq!((&listed["schedules"][1], &listed["not_read"][0]["schedule"]), (&Value::Null, &"nightly".into()));
    assert!(listed["not_read"][0]["error"].as_str().unwrap().contains("no key is set"), "{listed}");
    let ended = site.run(["schedule", "list"].into_iter().chain(key));
    assert_eq!(
        (ended.code, ended.stdout.lines().count()),
        (0, 2),
        "what is not encrypted is read with a key: {ended:?}"
    );
    // Nothing is read for these.
    for command in ["pause", "resume"] {
        let ended = site.run(["schedule", command, "nightly"]);
        assert_eq!(ended.code, 0, "{command}: {}", ended.stderr);
    }
    let ended = site.run(["schedule", "describe", "nightly", "--output", "json"].into_iter().chain(key));
    let shown: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&shown["cron"], &shown["paused"]), (&TWO.into(), &false.into()));
}
