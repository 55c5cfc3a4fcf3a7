//! The prebuilt binary of a release: how the recipes of CI systems install it, and how `.ci/release` makes it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::stage::{Stage, recipe, texts, well, yaml};
use crate::environment::program;

const BASH: [&str; 6] = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];
const ACTION: &str = "./.github/actions/allstop-install";

/// Makes a release of the built program in `lib/releases`, and returns the variables by which recipes find it.
fn release(stage: &Stage) -> [(&'static str, String); 3] {
    // A program that leads to the built one: packing that takes a minute.
    let script = format!(
        "name=allstop-1.2.3-$(uname -m)-unknown-linux-musl && mkdir -p $name releases/v1.2.3 &&
         printf '#!/bin/sh\\nexec \"%s\" \"$@\"\\n' '{}' >$name/allstop && chmod +x $name/allstop &&
         tar -czf releases/v1.2.3/$name.tar.gz $name && sha256sum releases/v1.2.3/$name.tar.gz | cut -d ' ' -f 1",
        program().display()
    );
    let made = stage.shell(&BASH, &script, &[], false);
    well(&made);
    // The program is nowhere else.
    std::fs::remove_file(stage.path("bin/allstop")).unwrap();
    let releases = format!("file://{}", stage.path("lib/releases").display());
    let sha256 = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    [("ALLSTOP_RELEASES", releases), ("ALLSTOP_SHA256", sha256), ("ALLSTOP_VERSION", "1.2.3".into())]
}

/// Returns the scripts that install it, each with a command that runs it afterwards.
fn scripts() -> Vec<String> {
    let step = &yaml("github/install.yml")["runs"]["steps"][0];
    let github = format!("{}\nPATH=$(cat \"$GITHUB_PATH\"):$PATH", step["run"].as_str().unwrap());
    let gitlab = ["nightly", "nightly-sharded"].map(|name| {
        let pipeline = yaml(&format!("gitlab/{name}.gitlab-ci.yml"));
        texts(&pipeline["default"]["before_script"]).join("\n")
    });
    let scripts = [github].into_iter().chain(gitlab);
    scripts.map(|script| format!("{script}\nallstop --version\n")).collect()
}

fn run(stage: &Stage, script: &str, variables: &[(&str, String)]) -> Output {
    let path = stage.path("lib/github-path").display().to_string();
    let mut env: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    env.push(("GITHUB_PATH", &path));
    stage.shell(&BASH, script, &env, false)
}

#[test]
fn recipes_install_it_only_with_its_checksum() {
    for script in scripts() {
        let stage = Stage::new();
        let mut variables = release(&stage);
        let installed = run(&stage, &script, &variables);
        well(&installed);
        let said = String::from_utf8_lossy(&installed.stdout).into_owned();
        assert!(said.ends_with(&format!("allstop {}\n", env!("CARGO_PKG_VERSION"))), "{said}");
        variables[1].1 = "0".repeat(64);
        let refused = run(&stage, &script, &variables);
        let said = String::from_utf8_lossy(&refused.stdout).into_owned();
        assert!(!refused.status.success() && !said.contains("allstop 0"), "{said}");
        variables[2].1 = "9.9.9".into();
        assert!(!run(&stage, &script, &variables).status.success(), "there is no such version");
    }
}

#[test]
fn every_job_of_github_installs_it_before_it_is_used() {
    let install = yaml("github/install.yml");
    let mut inputs: Vec<_> = install["inputs"].as_object().unwrap().keys().cloned().collect();
    inputs.sort();
    for name in ["teardown", "teardown-sharded", "teardown-oidc"] {
        let workflow = yaml(&format!("github/{name}.yml"));
        for job in workflow["jobs"].as_object().unwrap().values() {
            let steps = job["steps"].as_array().unwrap();
            let place = |found: &dyn Fn(&Value) -> bool| steps.iter().position(found).unwrap();
            let installs = place(&|step| step["uses"] == ACTION);
            let uses = place(&|step| {
                let runs = step["run"]
                    .as_str()
                    .is_some_and(|run| run.contains("allstop run") || run.contains("allstop report"));
                runs || step["uses"] == "./.github/actions/allstop"
            });
            assert!(installs < uses, "{name}");
            let mut given: Vec<_> = steps[installs]["with"].as_object().unwrap().keys().cloned().collect();
            given.sort();
            assert_eq!(given, inputs, "{name}");
        }
    }
    for name in ["github/install.yml", "gitlab/nightly.gitlab-ci.yml", "gitlab/nightly-sharded.gitlab-ci.yml"] {
        assert!(!recipe(name).contains("cargo "), "{name} builds nothing");
    }
}

/// Runs a command of `.ci/release`.
fn ci(arguments: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/release");
    Command::new("bash").arg(script).args(arguments).output().unwrap()
}

#[test]
fn a_tag_that_is_not_the_version_is_refused() {
    let version = env!("CARGO_PKG_VERSION");
    for tag in ["", "v0.0.0", version, &format!("v{version}-rc1"), &format!("v{version}0")] {
        let refused = ci(&["version", tag]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(&format!("tag v{version}")), "{tag}: {said}");
    }
    // This version has no section of its own before it is released.
    let changelog = include_str!("../../../CHANGELOG.md");
    let is_released =
        changelog.lines().any(|line| line.starts_with(&format!("## [{version}]")) || line == format!("## {version}"));
    let tagged = ci(&["version", &format!("v{version}")]);
    assert_eq!(tagged.status.success(), is_released, "{}", String::from_utf8_lossy(&tagged.stderr));
}

#[test]
fn the_workflow_gives_each_job_only_what_it_needs() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows/release.yml")).unwrap();
    let workflow: Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(workflow["permissions"], serde_json::json!({}));
    let jobs = workflow["jobs"].as_object().unwrap();
    for (name, job) in jobs {
        let writes = job["permissions"].as_object().unwrap().values().any(|scope| scope == "write");
        assert_eq!(writes, name == "publish", "{name}");
        let installs = job["steps"].as_array().unwrap().iter().any(|step| step["run"].to_string().contains("cargo "));
        assert!(!(writes && installs), "{name} builds nothing with its permissions");
    }
    // Every command of .ci/release that a step names is there.
    let script = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/release")).unwrap();
    let commands: Vec<_> =
        text.split(".ci/release ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    let commands = commands.iter().filter(|command| command.chars().all(|ch| ch.is_ascii_lowercase()));
    let known = |command: &&&str| script.lines().any(|line| line.trim_start().starts_with(&format!("{command})")));
    let all: Vec<_> = commands.clone().collect();
    assert!(all.len() >= 7 && all.iter().all(known), "{all:?}");
}
