//! The examples of the docs and of `--help`, run as they stand, in a folder of their own and without credentials.
//!
//! What needs a real cloud (a `run`, `retry` or `resume` without `--rehearse`) goes as far as it gets: to the question
//! that nobody answers, or to the missing credentials. What is no command of this program is left out.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with what the examples name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in [
        "plans",
        "reports",
        ".zfunc",
        ".local/share/man/man1",
        ".local/share/bash-completion/completions",
        ".config/fish/completions",
    ] {
        fs::create_dir_all(path(name)).unwrap();
    }
    for entry in fs::read_dir(Path::new(ROOT).join("plans")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), path("plans").join(entry.file_name())).unwrap();
    }
    let plan = "version: 1\naccounts: {a: {cloud: alibaba, region: '${REGION:-cn-hangzhou}'}}\n\
                defaults: {account: a, labels: {team: data}}\ntargets:\n  \
                - {id: etl-orders, kind: fnf_execution, flow_name: etl, execution_name: run-1}\n  \
                - {id: import-stock, kind: fnf_execution, flow_name: import, execution_name: run-1}\n";
    for name in ["plan.yaml", "incident.yaml", "nightly.yaml"] {
        fs::write(path(name), plan).unwrap();
    }
    for (plan, report) in [("plan.yaml", "plan.report.json"), ("incident.yaml", "incident.report.json")] {
        let made = shell(&format!("allstop run {plan} --rehearse --faults none --speed 1000"), folder.path());
        assert!(made.status.success());
        let text = fs::read_to_string(path(report)).unwrap();
        fs::write(path(report), text.replacen("\"outcome\": \"stopped\"", "\"outcome\": \"failed\"", 1)).unwrap();
    }
    folder
}

fn shell(line: &str, folder: &Path) -> Output {
    let program = assert_cmd::cargo::cargo_bin!("allstop");
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.parent().unwrap().display());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder).env_clear().env("PATH", path).env("HOME", folder).env("NO_COLOR", "1");
    shell.env("GITHUB_STEP_SUMMARY", "/dev/null");
    shell.stdin(Stdio::null()).output().unwrap()
}

/// Returns the command of a line, without what explains it or reads its output.
fn command(line: &str) -> Option<String> {
    let line = line.trim().replace("cargo run --release -- ", "allstop ");
    let line = line.split("  ").next().unwrap_or_default().split(" | ").next().unwrap_or_default();
    line.starts_with("allstop ").then(|| line.to_owned())
}

/// Runs an example.
#[track_caller]
fn check(command: &str, folder: &Path) {
    let has = |word: &str| command.split_whitespace().any(|part| part == word);
    let is_real = (has("run") || has("retry") || has("resume")) && !has("--rehearse");
    let line = if has("simulate") { command.replace(" &", " --help") } else { command.to_owned() };
    // Nobody has to wait here: whatever speed the page shows, this one is faster.
    let (unhurried, _) = line.split_once(" --speed ").unwrap_or((&line, ""));
    let line = if has("--rehearse") { format!("{unhurried} --speed 1000") } else { line };
    // A first plan wants a folder without one.
    let empty = tempfile::tempdir().unwrap();
    let output = shell(&line, if has("init") { empty.path() } else { folder });
    // An example may send its errors elsewhere.
    let told = if command.contains("2>&1") { output.stdout } else { output.stderr };
    let (code, stderr) = (output.status.code().unwrap(), String::from_utf8_lossy(&told));
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
            || ["nobody can confirm", "no credentials", "rehearsal", "journal", "no job system"]
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
    let folder = folder();
    let mut ran = 0;
    for page in pages.chain([Path::new(ROOT).join("README.md")]) {
        for command in commands(&fs::read_to_string(&page).unwrap()) {
            check(&command, folder.path());
            ran += 1;
        }
    }
    assert!(ran >= 10, "only {ran} examples");
}

/// Returns every way to a help text: of the program, of its commands, and of those below them.
fn helps(words: &str, folder: &Path) -> Vec<(String, String)> {
    let help = String::from_utf8(shell(&format!("{words} --help"), folder).stdout).unwrap();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let below: Vec<_> =
        names.filter(|name| *name != "help").flat_map(|name| helps(&format!("{words} {name}"), folder)).collect();
    [(words.to_owned(), help)].into_iter().chain(below).collect()
}

#[test]
fn every_command_has_help_with_examples_that_work() {
    let folder = folder();
    let helps = helps("allstop", folder.path());
    assert!(helps.len() > 10, "{}", helps.len());
    for (words, help) in helps {
        insta::assert_snapshot!(words.replace(' ', "_"), help.replace(env!("CARGO_PKG_VERSION"), "0.0.0"));
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{words}");
        let (_, examples) = help.split_once("Example").unwrap_or_else(|| panic!("{words} has no example"));
        let examples: Vec<_> = examples.lines().filter_map(command).collect();
        assert!(!examples.is_empty(), "{words}");
        examples.iter().for_each(|command| check(command, folder.path()));
    }
}
