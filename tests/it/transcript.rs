//! The transcripts in the docs, typed into a real shell line by line.
//!
//! A transcript is a block of `console`: a line behind `$ ` is a command, the lines below it are what it says, on
//! standard output and error alike. `[..]` stands for anything in a line, a line of `...` for any lines. All blocks of
//! a page share one folder, with a copy of `plans/`, and an environment without credentials.

use std::fs;
use std::path::Path;

use crate::environment::{Ended, TestEnvironment};

/// What stands between the commands' outputs.
const MARK: &str = "--- transcript ---";

/// A command and what it should say.
struct Step {
    command: String,
    output: String,
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in page.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        for line in block.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step { command: command.to_owned(), output: String::new() }),
                (None, Some(step)) => step.output.extend([line, "\n"]),
                (None, None) => panic!("a transcript begins with a command: {line}"),
            }
        }
    }
    steps
}

/// Types all commands into one shell and returns what each of them says.
fn typed(steps: &[Step], env: &TestEnvironment) -> Vec<String> {
    let mut script = "exec 2>&1\n".to_owned();
    for step in steps {
        // The status of a command is there for the next one, as for a person who asks for it.
        script.push_str(&format!("{}\nstatus=$?; printf '\\n{MARK}\\n'; (exit $status)\n", step.command));
    }
    let text = Ended::of(&mut env.shell(&script)).stdout;
    let mut said: Vec<_> = text.split(&format!("\n{MARK}\n")).map(str::to_owned).collect();
    said.pop();
    said
}

#[track_caller]
fn check(page: &Path) -> usize {
    let text = fs::read_to_string(page).unwrap();
    let steps = steps(&text);
    let env = TestEnvironment::new();
    env.copy_shipped_plans();
    let said = typed(&steps, &env);
    assert_eq!(said.len(), steps.len());
    for (step, said) in steps.iter().zip(said) {
        let wanted = format!("$ {}\n{}", step.command, step.output.trim_end());
        let got = format!("$ {}\n{}", step.command, said.trim_end());
        snapbox::Assert::new().eq(got, snapbox::Data::text(wanted));
    }
    steps.len()
}

#[test]
fn the_quick_start_is_what_it_says() {
    let steps = check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/quick-start.md"));
    assert!(steps > 12, "only {steps} steps");
}

#[test]
fn the_history_is_what_it_says() {
    let steps = check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/history.md"));
    assert!(steps > 3, "only {steps} steps");
}

/// A transcript that is wrong must be found.
#[test]
#[should_panic(expected = "stopped")]
fn a_transcript_that_lies_is_found() {
    let page = "```console\n$ allstop explain stopped\nstopped (outcome)\n  It is what you hoped for.\n```\n";
    let env = TestEnvironment::new().with("page.md", page);
    check(&env.path("page.md"));
}
