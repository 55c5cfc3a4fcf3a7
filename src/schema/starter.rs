//! The first plan of somebody who has none: commented, complete, and ready to be rehearsed.

use std::fmt::Write;

use crate::provider::Cloud;
use crate::service::{Kind, Param, Value};

/// Returns the text of a plan with one target of each of these kinds; `path` is what its comments call the file.
///
/// It can be checked and rehearsed as it is. What it names exists nowhere, so that even a run of it stops nothing.
#[must_use]
pub fn starter(kinds: &[Kind], path: &str) -> String {
    let clouds: Vec<_> = Cloud::ALL.into_iter().filter(|cloud| kinds.iter().any(|kind| kind.cloud == *cloud)).collect();
    let mut text = head(path);
    text.push_str("\n# The accounts that own the targets. Choose any names.\naccounts:\n");
    clouds.iter().for_each(|cloud| text.push_str(account(*cloud)));
    if let Some(first) = clouds.first() {
        let _ =
            writeln!(text, "\n# The account of targets without an `account`.\ndefaults:\n  account: {}", name(*first));
    }
    text.push_str(GUARDS);
    text.push_str("\n# The targets to stop: put in your own names and remove what you do not need.\ntargets:\n");
    for (number, kind) in kinds.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        target(*kind, clouds.first() != Some(&kind.cloud), &mut text);
    }
    text
}

fn head(path: &str) -> String {
    format!(
        "\
# A plan of allstop: what to stop, where, and under which rules. Text after a # is a comment.
#
#   allstop check {path}            what would be stopped, and how long it takes
#   allstop run {path} --rehearse   run it against the simulator: nothing real is touched
#   allstop run {path}              stop it; asks for confirmation
#
# For completion in an editor, run `allstop schema plan > allstop.schema.json` and make this the first line:
# `# yaml-language-server: $schema=allstop.schema.json`.
version: 1
"
    )
}

const fn name(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => "ali",
        Cloud::Huawei => "hw",
    }
}

const fn account(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => {
            "  ali:
    cloud: alibaba
    region: cn-hangzhou
    # The credentials are those that the vendor's own tools find on this machine, or come from where you say:
    # credentials: {profile: ops}
    # A run refuses the credentials of any other account than this one:
    # account_id: 1865410598556969
"
        }
        Cloud::Huawei => {
            "  hw:
    cloud: huawei
    region: cn-north-4
    # The credentials are those that the vendor's own tools find on this machine, or come from where you say:
    # credentials: {env: {access_key_id: MY_KEY_ID, access_key_secret: MY_KEY_SECRET}}
    # A run refuses the credentials of any other account than this one:
    # account_id: \"d78cbac186b744899480f25bd022f468\"
    # Put your own project here, or remove the line: then the region's project is looked up.
    project_id: 054ba152d480d55b2f5dc0069e7ddef0
"
        }
    }
}

const GUARDS: &str = "
# Safety limits.
guards:
  max_targets: 100               # a larger selection is refused
  # protect: [\"team=payments\"]  # never stopped, even if listed below: a label, or a name such as \"*-prod\"
  # not_found: ok                # a resource that does not exist counts as done
  # max_failures: 10%            # stops the run after too many failures
";

/// Writes a target: what it needs, and what it can have behind a `#`.
fn target(kind: Kind, names_account: bool, text: &mut String) {
    let _ = writeln!(text, "  # {}", kind.title);
    if let Some(lasting) = kind.lasting {
        let _ = writeln!(text, "  # This cannot be undone: {lasting}.");
    }
    let _ = writeln!(text, "  - kind: {kind}");
    if names_account {
        let _ = writeln!(text, "    account: {}", name(kind.cloud));
    }
    let params = kind.params.iter().map(|param| (line(param), param.about));
    let lines: Vec<_> = params.chain([(LABELS.to_owned(), "for guards.protect, --label and the report")]).collect();
    let width = lines.iter().map(|(line, _)| line.len()).max().unwrap_or_default();
    for (line, about) in &lines {
        let _ = writeln!(text, "    {line:width$}  # {about}");
    }
}

/// What the proposed pattern of `guards.protect` matches.
const LABELS: &str = "# labels: {team: payments}";

fn line(param: &Param) -> String {
    let mark = if param.identifying { "" } else { "# " };
    match param.example {
        Value::Text(text) => format!("{mark}{}: {text}", param.name),
        Value::Flag(flag) => format!("{mark}{}: {flag}", param.name),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::{Choice, Plan, Variables};

    #[test]
    fn is_a_plan_for_every_choice_of_kinds() {
        let all = Kind::all();
        for choice in 1_u32..1 << all.len() {
            let kinds: Vec<_> = (0..all.len()).filter(|bit| choice >> bit & 1 == 1).map(|bit| all[bit]).collect();
            let text = starter(&kinds, "plan.yaml");
            for (text, left) in [(text.clone(), Choice::Stop), (with_everything(&text), Choice::Protected)] {
                let loaded = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap();
                assert!(loaded.warnings.is_empty());
                assert_eq!(loaded.plan.targets.iter().map(|target| target.kind).collect::<Vec<_>>(), kinds);
                // The pattern that is proposed can match: it does where the labels that are proposed are there.
                assert!(loaded.plan.choices(|_, _| true).all(|choice| choice == left), "{text}");
            }
        }
    }

    /// Makes every comment count that holds a key.
    fn with_everything(text: &str) -> String {
        let lines = text.lines().map(|line| match line.split_once("# ") {
            Some((indent, key)) if indent.trim().is_empty() && !indent.is_empty() && is_key(key) => {
                format!("{indent}{key}\n")
            }
            Some(_) | None => format!("{line}\n"),
        });
        lines.collect()
    }

    fn is_key(text: &str) -> bool {
        text.split_once(": ").is_some_and(|(key, _)| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    }
}
