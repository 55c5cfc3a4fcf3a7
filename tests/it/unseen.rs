//! Unseen characters of plans, reports and command lines: every place that shows them shows an escape.

use std::ops::RangeInclusive;

use allstop::plan::{Plan, Variables};
use allstop::report::{Preview, targets};

use crate::environment::{Ended, TestEnvironment};

/// Controls, format characters, blanks other than the plain one, separators, fillers, selectors, tags, and samples of
/// private and of no characters; from the Unicode Character Database, not from what the program asks.
const UNSEEN: [RangeInclusive<u32>; 36] = [
    0x01..=0x1f,
    0x7f..=0x9f,
    0xa0..=0xa0,
    0xad..=0xad,
    0x34f..=0x34f,
    0x600..=0x605,
    0x61c..=0x61c,
    0x6dd..=0x6dd,
    0x70f..=0x70f,
    0x890..=0x891,
    0x8e2..=0x8e2,
    0x115f..=0x1160,
    0x1680..=0x1680,
    0x17b4..=0x17b5,
    0x180b..=0x180f,
    0x2000..=0x200f,
    0x2028..=0x202f,
    0x205f..=0x206f,
    0x2800..=0x2800,
    0x3000..=0x3000,
    0x3164..=0x3164,
    0xe000..=0xe003,
    0xf8ff..=0xf8ff,
    0xfdd0..=0xfdd1,
    0xfe00..=0xfe0f,
    0xfeff..=0xfeff,
    0xffa0..=0xffa0,
    0xfff0..=0xfffb,
    0xfffe..=0xffff,
    0x110bd..=0x110bd,
    0x1bca0..=0x1bca3,
    0x1d173..=0x1d17a,
    0xe0000..=0xe007f,
    0xe0100..=0xe01ef,
    0xf0000..=0xf0001,
    0x10_fffe..=0x10_ffff,
];

/// Returns every such character.
pub(crate) fn unseen() -> Vec<char> {
    UNSEEN.iter().cloned().flatten().map(|code| char::from_u32(code).unwrap()).collect()
}

/// Escapes a character as YAML and JSON do.
fn quoted(ch: char) -> String {
    ch.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// A plan that has every unseen character in every place that takes it, and a wrong one with all others.
fn environment() -> TestEnvironment {
    // A plan with controls in its names is refused: `wrong.yaml` has those.
    let all: Vec<_> = unseen().into_iter().filter(|ch| !ch.is_control()).collect();
    let targets: Vec<_> = all
            .chunks(8)
            .zip(0..)
            .map(|(chunk, number)| {
                let text: String = chunk.iter().copied().map(quoted).collect();
                format!(
                    r#"{{"id": "t{number}{text}.", "kind": "fnf_execution", "account": "a{odd}", "flow_name": "f{text}.", "execution_name": "e{number}{text}.", "labels": {{"k{text}.": "v{text}."}}}}"#,
                    odd = number % 2
                )
            })
            .collect();
    let few: String = all.iter().take(60).copied().map(quoted).collect();
    let plan = format!(
        r#"{{"version": 1, "name": "n{few}.", "accounts": {{"a0": {{"cloud": "alibaba", "region": "r0"}}, "a1": {{"cloud": "alibaba", "region": "r1"}}}},
"retry": {{"max_attempts": 1, "request_timeout": "1s"}}, "verify": {{"timeout": "1s"}}, "guards": {{"protect": ["p{few}*"]}},
"targets": [{}]}}"#,
        targets.join(",\n")
    );
    let raw: String = unseen().into_iter().filter(|ch| is_yaml(*ch)).collect();
    let wrong = format!("version: 1\nna{raw}me: \"{raw}\"\naccounts: {{}} # {raw}\ntargets: [{{kind: \"x{raw}\"}}]\n");
    TestEnvironment::new().with("plan.yaml", plan).with("wrong.yaml", wrong)
}

/// Runs the program and holds what it shows to be without unseen characters, and to have this many escapes.
fn holds(env: &TestEnvironment, args: &[&str], code: i32, escapes: usize) {
    let Ended { code: found, stdout, stderr } = env.run(args);
    let text = stdout + &stderr;
    assert_eq!(found, code, "{args:?}: {text}");
    let all = unseen();
    let raw = text.char_indices().find(|(_, ch)| *ch != '\n' && all.contains(ch));
    let around = raw.map(|(at, _)| text[..at].lines().last().map(str::to_owned));
    assert_eq!(around, None, "{args:?} shows {raw:?} as it is");
    assert!(text.matches("\\u").count() >= escapes, "{args:?}: {text}");
}

/// Tells whether YAML takes a character as it is, where a name or a comment stands.
fn is_yaml(ch: char) -> bool {
    !matches!(ch, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The prompt shows these two and the reason.
#[test]
fn the_question_has_none_of_them() {
    let env = environment();
    let plan = Plan::load(&env.path("plan.yaml"), &Variables::default()).unwrap().plan;
    let overview = plan.overview_of(|_, _| true);
    let preview =
        Preview { plan: &plan, overview: &overview, selects: &[], warnings: &["w\u{202e}\n".to_owned()] }.to_string();
    let shown = preview + &targets(&plan.listing(|_, _| true), usize::MAX);
    let all = unseen();
    assert!(!shown.chars().any(|ch| ch != '\n' && all.contains(&ch)), "{shown:?}");
    assert!(shown.contains("w\\u{202e}\\n"), "{shown}");
}

#[test]
fn nothing_that_a_person_reads_has_them() {
    let env = environment();
    let many = unseen().iter().filter(|ch| !ch.is_control()).count();
    holds(&env, &["check", "plan.yaml"], 0, 50);
    holds(&env, &["check", "plan.yaml", "--list"], 0, many);
    holds(&env, &["check", "wrong.yaml"], 2, 10);
    let run = ["run", "plan.yaml", "--rehearse", "--faults", "storm", "--seed", "7", "--speed", "1000"];
    let report = ["--report", "a.json", "--reason", "r\u{202e}\u{a0}."];
    holds(&env, &[&run[..], &report, &["-vv", "--progress", "plain"]].concat(), 1, many);
    holds(&env, &["report", "show", "a.json"], 0, 50);
    holds(&env, &["report", "show", "a.json", "--all"], 0, many);
    for format in ["markdown", "junit", "csv"] {
        holds(&env, &["report", "convert", "a.json", "--to", format], 0, 1);
    }
    holds(&env, &["report", "convert", "a.json", "--to", "html"], 0, 1);
}

#[test]
fn nor_does_json_which_may_end_on_a_terminal_too() {
    let env = environment();
    let many = unseen().iter().filter(|ch| !ch.is_control()).count();
    holds(&env, &["check", "plan.yaml", "--output", "json"], 0, many);
    let run = ["run", "plan.yaml", "--rehearse", "--speed", "1000", "--faults", "storm", "--seed", "7"];
    holds(&env, &[&run[..], &["--progress", "json", "-vv"]].concat(), 1, many);
    holds(&env, &[&run[..], &["--log-format", "json", "--report", "-"]].concat(), 1, many);
    let named = ["--output", "json", "--report", "\u{202e}\u{a0}.json"];
    holds(&env, &[&run[..], &named].concat(), 1, 2);
}

#[test]
fn nor_do_warnings_and_errors() {
    let env = environment();
    let all: String = unseen().into_iter().filter(|ch| *ch != '\n').collect();
    let many = unseen().len();
    holds(&env, &["explain", &all], 2, many - 40);
    holds(&env, &["check", &format!("no-{}.yaml", &all)], 2, 60);
    holds(&env, &["check", "plan.yaml", "--only", &format!("x{all}")], 4, 60);
    holds(&env, &["report", "show", &format!("no{all}")], 2, many - 40);
    holds(&env, &["resume", &format!("no{all}")], 2, many - 40);
    holds(&env, &[&format!("ru{all}n")], 2, many - 40);
    holds(&env, &["run", "plan.yaml", "--rate", &all], 2, many - 40);
    holds(&env, &["run", "plan.yaml", "--deadline", &all], 2, many - 40);
    // The value of --set is shown in no form.
    holds(&env, &["check", "plan.yaml", "--set", &all], 2, 0);
}
