//! systemd and cron.

use serde_json::{Value, json};

use super::FINAL;
use super::stage::{Stage, TARGETS, recipe, well};

/// Returns the values of a setting of a unit.
fn setting(unit: &str, name: &str) -> Vec<String> {
    let values = recipe(unit)
        .lines()
        .filter_map(|line| Some(line.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
        .collect::<Vec<_>>();
    assert!(!values.is_empty(), "{unit} has no {name}");
    values
}

#[test]
fn the_service_runs_as_written() {
    let stage = Stage::new();
    let [start] = &setting("systemd/allstop@.service", "ExecStart")[..] else { panic!("one command") };
    let start = start.replace("%i", "nightly");
    well(&stage.shell(&["sh", "-c"], &format!("exec {start}"), &[], true));
    assert_eq!(stage.stopped("nightly.report.json"), TARGETS);
}

#[test]
fn the_service_gives_up_on_what_is_final() {
    let [codes] = &setting("systemd/allstop@.service", "RestartPreventExitStatus")[..] else { panic!("one list") };
    let codes: Vec<u64> = codes.split(' ').map(|code| code.parse().unwrap()).collect();
    assert!(FINAL.iter().all(|code| codes.contains(code)), "{codes:?}");
    assert!(!codes.contains(&1), "{codes:?}");
}

/// systemd makes the folder of a service with `DynamicUser` a link.
#[test]
fn what_is_a_month_old_is_deleted_also_where_the_folder_is_a_link() {
    let pages = ["README.md", "systemd.md"].map(|name| {
        let text = recipe(name);
        let from = text.find("`find /var/lib").expect(name) + 1;
        text[from..].split('`').next().unwrap().to_owned()
    });
    assert_eq!(pages[0], pages[1]);
    let stage = Stage::new();
    std::os::unix::fs::symlink("lib", stage.path("link")).unwrap();
    let command = pages[0].replace("/var/lib/allstop", stage.path("link").to_str().unwrap());
    let month = std::time::Duration::from_secs(31 * 24 * 60 * 60);
    let names = ["n.report.json", "n.report.0-1.json", "n.report.json.journal", "n.report.json.journal.0-1"];
    for name in names.into_iter().chain(["n.1-of-4.retry.report.json", "nightly.log"]) {
        for (prefix, age) in [("old", month), ("new", std::time::Duration::ZERO)] {
            let file = std::fs::File::create(stage.path(&format!("lib/{prefix}-{name}"))).unwrap();
            let then = file.metadata().unwrap().modified().unwrap() - age;
            file.set_modified(then).unwrap();
        }
    }
    well(&stage.shell(&["sh", "-c"], &command, &[], false));
    let mut left: Vec<_> = std::fs::read_dir(stage.path("lib"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.retain(|name| name.starts_with("old-"));
    assert_eq!(left, ["old-nightly.log"]);
}

/// Returns the value of a setting that the unit has as a comment.
fn prepared(name: &str) -> String {
    let unit = recipe("systemd/allstop@.service");
    let value = unit.lines().find_map(|line| line.strip_prefix('#')?.strip_prefix(name)?.strip_prefix('='));
    value.unwrap_or_else(|| panic!("the unit has no #{name}")).replace("%i", "nightly")
}

/// Both excepted all the time, as the two sorts of exceptions.
const EXCEPTED: [&str; 2] = [
    "{window: {timezone: Asia/Shanghai, except: [2000-01-01..2099-12-31]}}",
    "{window: {timezone: Asia/Shanghai, except: ['2000-01-01T00:00:00Z..2099-12-31T00:00:00Z']}}",
];

#[test]
fn the_program_is_found_where_it_is_installed() {
    // A name without a path is looked for in all of these.
    for command in [setting("systemd/allstop@.service", "ExecStart").remove(0), prepared("ExecStart")] {
        assert!(command.starts_with("allstop run "), "{command}");
    }
    let [path] = &setting("cron/allstop", "PATH")[..] else { panic!("one path") };
    let path: Vec<_> = path.split(':').collect();
    assert!(["/usr/local/bin", "/usr/bin", "/bin"].iter().all(|folder| path.contains(folder)), "{path:?}");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/install.md")).unwrap();
    assert!(page.contains("/allstop\" /usr/local/bin/"), "where the archive's program goes");
}

#[test]
fn the_service_does_not_run_on_an_excepted_day() {
    let condition = |stage: &Stage| {
        let condition = prepared("ExecCondition");
        stage.shell(&["sh", "-c"], &condition, &[], true).status.code()
    };
    let stage = Stage::new();
    assert_eq!(condition(&stage), Some(0), "no exception");
    for guards in EXCEPTED {
        stage.guard(guards);
        assert_eq!(condition(&stage), Some(1), "1 to 254: not run, and not failed");
    }
    stage.guard("{max_targets: 1}");
    assert_eq!(condition(&stage), Some(0), "any other refusal is one of the run");
}

#[test]
fn the_cron_job_does_not_run_on_an_excepted_day() {
    let page = recipe("cron.md");
    let check = page.lines().find(|line| line.starts_with("allstop check ") && line.ends_with("&& exit;")).unwrap();
    assert!(!check.contains('%'), "cron would take it for a line break");
    let job = cron().replace("cd /var/lib/allstop", &format!("{check} cd /var/lib/allstop"));
    for guards in EXCEPTED {
        let stage = Stage::new();
        stage.guard(guards);
        let output = stage.shell(&["sh", "-c"], &job, &[], false);
        well(&output);
        assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
        assert!(!stage.path("lib/nightly.report.json").exists());
    }
    let stage = Stage::new();
    well(&stage.shell(&["sh", "-c"], &job, &[], false));
    assert_eq!(stage.stopped("nightly.report.json"), TARGETS);
    stage.guard("{max_targets: 1}");
    assert_eq!(stage.shell(&["sh", "-c"], &job, &[], false).status.code(), Some(3));
}

#[test]
fn the_machine_writes_metrics_once_somebody_asks_for_it() {
    let crontab = recipe("cron/allstop");
    let job = crontab.lines().find_map(|line| line.strip_prefix("#30 20 * * 1-5 allstop ")).expect("a job to use");
    let metrics = " --metrics /var/lib/prometheus/node-exporter/allstop_nightly.prom";
    assert_eq!(job.replace(metrics, ""), cron(), "otherwise the job is the same");
    let start = prepared("ExecStart");
    let [plain] = &setting("systemd/allstop@.service", "ExecStart")[..] else { panic!("one command") };
    assert_eq!(start.replace(metrics, ""), plain.replace("%i", "nightly"), "otherwise the command is the same");
    for (command, given) in [(job, false), (&*start, true)] {
        let stage = Stage::new();
        well(&stage.shell(&["sh", "-c"], command, &[], given));
        let metrics = std::fs::read_to_string(stage.path("lib/allstop_nightly.prom")).unwrap();
        assert!(metrics.contains("allstop_run_success{mode=\"live\",plan=\"nightly\"} 1"), "{metrics}");
    }
}

#[test]
fn the_shell_reads_the_file_of_keys_that_the_page_shows() {
    let page = recipe("cron.md");
    let file = page.split("```sh\n").find(|block| block.starts_with("ALIBABA_CLOUD")).unwrap();
    let file = file.split("```").next().unwrap();
    let stage = Stage::new();
    std::fs::write(stage.path("etc/nightly.env"), file).unwrap();
    let output = stage.shell(&["sh", "-c"], "set -a; . /etc/allstop/nightly.env; env", &[], false);
    well(&output);
    assert_eq!(output.stderr, b"");
    let known = String::from_utf8(output.stdout).unwrap();
    for line in file.lines() {
        assert!(known.lines().any(|known| known == line.replace('\'', "")), "{line}: {known}");
    }
    assert!(file.contains('&'));
}

#[test]
fn nothing_to_stop_is_no_failure_once_somebody_asks_for_it() {
    assert_eq!(prepared("SuccessExitStatus"), "4");
}

/// Returns the command of the one job in the crontab, as cron gives it to the shell.
fn cron() -> String {
    let text = recipe("cron/allstop");
    let jobs: Vec<_> =
        text.lines().filter(|line| line.starts_with(|ch: char| ch.is_ascii_digit() || ch == '*')).collect();
    let [job] = jobs[..] else { panic!("one job, not {jobs:?}") };
    let fields: Vec<_> = job.splitn(7, ' ').collect();
    assert_eq!(fields[5], "allstop", "the sixth field is the user");
    assert!(!fields[6].contains('%'), "cron would take it for a line break");
    fields[6].to_owned()
}

#[test]
fn the_cron_job_prints_nothing_when_all_is_well() {
    let stage = Stage::new();
    let output = stage.shell(&["sh", "-c"], &cron(), &[], false);
    well(&output);
    assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
    assert_eq!(stage.stopped("nightly.report.json"), TARGETS);
}

#[test]
fn the_service_needs_no_file_of_keys() {
    let [file] = &setting("systemd/allstop@.service", "EnvironmentFile")[..] else { panic!("one file") };
    assert!(file.starts_with('-'), "systemd refuses to start a service whose file is missing");
}

/// An instance with a RAM role, and the plan that the page on systemd shows for it; returns the account, too.
fn instance() -> (Stage, String) {
    let page = recipe("systemd.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Without a static key")).unwrap();
    let block = section.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let accounts: Value = serde_yaml::from_str(block).unwrap();
    assert_eq!(accounts["accounts"]["hw-prod"]["credentials"], accounts["accounts"]["ali-prod"]["credentials"]);
    let account = accounts["accounts"]["ali-prod"].clone();
    let id = account["account_id"].as_str().unwrap().to_owned();
    let stage = Stage::without_keys(account);
    stage.knows(&id, json!({"alibaba_metadata": {"role": "stopper", "account": id}}));
    (stage, id)
}

#[test]
fn the_service_runs_with_the_role_of_the_instance() {
    let (stage, account) = instance();
    let [start] = &setting("systemd/allstop@.service", "ExecStart")[..] else { panic!("one command") };
    let start = start.replace("%i", "nightly");
    well(&stage.shell(&["sh", "-c"], &format!("exec {start}"), &[], false));
    assert_eq!(stage.stopped_as_stopper("nightly.report.json", &account), TARGETS);
}

#[test]
fn the_cron_job_runs_with_the_role_of_the_instance() {
    let page = recipe("cron.md");
    let removed = page.split("remove `").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
    let job = cron();
    let without = job.replace(&format!("{removed} "), "");
    assert_ne!(without, job, "the page names a part of the line");
    let (stage, account) = instance();
    let output = stage.shell(&["sh", "-c"], &without, &[], false);
    well(&output);
    assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
    assert_eq!(stage.stopped_as_stopper("nightly.report.json", &account), TARGETS);
}

#[test]
fn the_cron_job_prints_what_is_wrong() {
    let stage = Stage::new();
    std::fs::write(stage.path("etc/nightly.yaml"), "version: 2\n").unwrap();
    let output = stage.shell(&["sh", "-c"], &cron(), &[], false);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().contains("nightly.yaml:1:10"));
}

/// Returns the commands of a page's `sh` blocks below a heading, without what explains them.
fn commands(page: &str, from: &str) -> Vec<String> {
    let text = recipe(page);
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{page} has no {from}"));
    let block = rest.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    block.lines().map(|line| line.split(" # ").next().unwrap_or(line).trim().to_owned()).collect()
}

#[test]
fn the_nights_are_a_history_by_themselves() {
    let stage = Stage::new();
    let [start] = &setting("systemd/allstop@.service", "ExecStart")[..] else { panic!("one command") };
    let start = format!("exec {}", start.replace("%i", "nightly"));
    for (command, given) in [(cron(), false), (start, true), (cron(), false)] {
        well(&stage.shell(&["sh", "-c"], &command, &[], given));
    }
    let history = stage.shell(&["sh", "-c"], "allstop report history /var/lib/allstop --live --json", &[], false);
    let history: Value = serde_json::from_slice(&history.stdout).unwrap();
    let runs = history["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 3, "{history}");
    assert!(runs[2]["report"].as_str().unwrap().ends_with("/nightly.report.json"), "{history}");
    assert!(runs.iter().all(|run| run["plan"] == "nightly" && run["exit_code"] == 0), "{history}");
    // The commands of the pages.
    let page = stage.path("nights.html");
    for (name, heading) in [("cron.md", "## The history"), ("systemd.md", "history](../history.md)")] {
        for command in commands(name, heading) {
            let command = command.replace("/srv/www/nights.html", page.to_str().unwrap());
            well(&stage.shell(&["sh", "-c"], &command, &[], false));
        }
    }
    assert!(page.exists());
}

#[test]
fn old_reports_are_deleted_once_somebody_asks_for_it() {
    // It also runs after a night that failed, which ExecStartPost does not.
    let unit = prepared("ExecStopPost");
    let unit = unit.strip_prefix('-').expect("its failure is none of the service");
    let crontab = recipe("cron/allstop");
    let job = crontab.lines().find_map(|line| line.strip_prefix("#0 6 ")).expect("a job to use");
    let fields: Vec<_> = job.splitn(5, ' ').collect();
    assert_eq!(fields[3], "allstop", "the sixth field is the user");
    for prune in [unit, fields[4]] {
        let stage = Stage::new();
        for _ in 0..3 {
            well(&stage.shell(&["sh", "-c"], &cron(), &[], false));
        }
        let reports = || {
            let entries = std::fs::read_dir(stage.path("lib")).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.ends_with(".json")).count()
        };
        well(&stage.shell(&["sh", "-c"], prune, &[], false));
        assert_eq!(reports(), 3, "no report is old");
        well(&stage.shell(&["sh", "-c"], &prune.replace("90d", "1ms"), &[], false));
        assert_eq!(reports(), 1, "the newest stays");
        assert!(stage.path("lib/nightly.report.json").exists());
    }
}
