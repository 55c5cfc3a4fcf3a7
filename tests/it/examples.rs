//! The examples of the docs and of `--help`, run as they stand, in a folder of their own and without credentials.
//!
//! What needs a real cloud (a `run`, `retry` or `resume` without `--rehearse`) goes as far as it gets: to the question
//! that nobody answers, or to the missing credentials. What is no command of this program is left out.

use std::fs;
use std::path::Path;

use crate::environment::{Ended, TestEnvironment};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with what the examples name.
fn environment() -> TestEnvironment {
    let env = TestEnvironment::new();
    env.copy_shipped_plans();
    let path = |name: &str| env.path(name);
    for name in [
        "reports",
        ".zfunc",
        ".local/share/man/man1",
        ".local/share/bash-completion/completions",
        ".config/fish/completions",
    ] {
        fs::create_dir_all(path(name)).unwrap();
    }
    let plan = "version: 1\naccounts: {a: {cloud: alibaba, region: '${REGION:-cn-hangzhou}'}}\n\
                defaults: {account: a, labels: {team: data}}\ntargets:\n  \
                - {id: etl-orders, kind: fnf_execution, flow_name: etl, execution_name: run-1,
                   labels: {name: test-etl, tag.env: dev, selection: 'select:drs_job'}}\n  \
                - {id: import-stock, kind: fnf_execution, flow_name: import, execution_name: run-1}\n";
    for name in ["plan.yaml", "incident.yaml", "nightly.yaml"] {
        env.write(name, plan);
    }
    for (plan, report) in [("plan.yaml", "plan.report.json"), ("incident.yaml", "incident.report.json")] {
        let made = shell(&env, &format!("allstop run {plan} --rehearse --faults none --speed 1000 --report {report}"));
        assert_eq!(made.code, 0);
        let text = env.text(report);
        let (stopped, failed) = (r#""outcome": "stopped", "done": true"#, r#""outcome": "failed", "done": false"#);
        env.write(report, text.replacen(stopped, failed, 1));
    }
    env
}

fn shell(env: &TestEnvironment, line: &str) -> Ended {
    Ended::of(env.shell(line).env("HOME", env.directory()).env("GITHUB_STEP_SUMMARY", "/dev/null"))
}

/// Returns the command of a line, without what explains it or reads its output.
fn command(line: &str) -> Option<String> {
    let line = line.trim().replace("cargo run --release -- ", "allstop ");
    let line = line.split("  ").next().unwrap_or_default().split(" | ").next().unwrap_or_default();
    line.starts_with("allstop ").then(|| line.to_owned())
}

/// Runs an example.
#[track_caller]
fn check(command: &str, env: &TestEnvironment) {
    let has = |word: &str| command.split_whitespace().any(|part| part == word);
    // The plans here have no cloud and no account that every example names.
    let discovers = has("discover");
    let signs_in = has("accounts") || has("whoami");
    // The plan here tells nobody.
    let tells = has("notify");
    let is_real = (discovers || signs_in || tells || has("run") || has("retry") || has("resume") || has("watch"))
        && !has("--rehearse");
    let line = if has("simulate") { command.replace(" &", " --help") } else { command.to_owned() };
    // Nobody has to wait here: whatever speed the page shows, this one is faster.
    let (unhurried, _) = line.split_once(" --speed ").unwrap_or((&line, ""));
    let line = if has("--rehearse") { format!("{unhurried} --speed 1000") } else { line };
    // A first plan wants a folder without one.
    let empty = TestEnvironment::new();
    let Ended { code, stdout, stderr } = shell(if has("init") { &empty } else { env }, &line);
    // An example may send its errors elsewhere.
    let stderr = if command.contains("2>&1") { stdout } else { stderr };
    // A shard may be empty, and then there is nothing to need a key for.
    let is_idle = has("--shard") && stderr.contains("Nothing to do");
    let is_real = is_real && !is_idle;
    // Reports that the example names are not here: it is enough that the program looks for them.
    let is_missing = has("report") && stderr.contains("cannot read the report");
    // In a storm some reads are refused for good, and what nobody can read is not known to be stopped.
    let is_storm = command.contains("--faults storm");
    let wanted: &[i32] = match (is_real || is_missing, is_storm) {
        (true, _) => &[2, 5],
        (false, true) => &[0, 1],
        (false, false) => &[0],
    };
    assert!(wanted.contains(&code), "{command}: {code} {stderr}");
    assert!(!is_storm || stderr.contains("agrees with every row"), "{command}: {stderr}");
    assert!(!stderr.contains("Usage:") && !stderr.contains("For more information"), "{command}: {stderr}");
    assert!(
        !is_real
            || [
                "cannot prompt",
                "no credentials",
                "rehearsal",
                "journal",
                "cannot detect the shard",
                "no account of the plan",
                "no notifications",
                "needs an account of"
            ]
            .iter()
            .any(|word| stderr.contains(word)),
        "{command}: {stderr}"
    );
}

/// Returns the commands in the `sh` blocks of a page.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).filter_map(|line| command(line.split(" # ").next().unwrap_or_default())).collect()
}

#[test]
fn those_of_the_docs_work() {
    let pages = fs::read_dir(Path::new(ROOT).join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let env = environment();
    let mut ran = 0;
    for page in pages.chain([Path::new(ROOT).join("README.md")]) {
        for command in commands(&fs::read_to_string(&page).unwrap()) {
            check(&command, &env);
            ran += 1;
        }
    }
    assert!(ran >= 10, "only {ran} examples");
}

/// Returns every way to a help text: of the program, of its commands, and of those below them.
fn helps(words: &str, env: &TestEnvironment) -> Vec<(String, String)> {
    let help = shell(env, &format!("{words} --help")).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let below: Vec<_> =
        names.filter(|name| *name != "help").flat_map(|name| helps(&format!("{words} {name}"), env)).collect();
    [(words.to_owned(), help)].into_iter().chain(below).collect()
}

#[test]
fn every_command_has_help_with_examples_that_work() {
    let env = environment();
    let helps = helps("allstop", &env);
    assert!(helps.len() > 10, "{}", helps.len());
    for (words, help) in helps {
        insta::assert_snapshot!(words.replace(' ', "_"), help.replace(env!("CARGO_PKG_VERSION"), "0.0.0"));
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{words}");
        let (_, examples) = help.split_once("Example").unwrap_or_else(|| panic!("{words} has no example"));
        let examples: Vec<_> = examples.lines().filter_map(command).collect();
        assert!(!examples.is_empty(), "{words}");
        examples.iter().for_each(|command| check(command, &env));
    }
}
