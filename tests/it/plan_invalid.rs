//! Every plan under `tests/plans/invalid` is refused with the message beside it.

use std::fs;
use std::path::Path;

use allstop::plan::{Diagnostics, Look, Plan, Variables};
use proptest::prelude::*;

use crate::environment::TestEnvironment;

const COLOURED: Look = Look { colour: true, ..Look::PLAIN };

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plans/invalid");

fn variables() -> Variables {
    Variables {
        set: [("INCIDENT", "inc"), ("NUMBER", "1"), ("JOB", "j"), ("EMPTY", "")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
        environment: [("SECRET", "hush-hush")].into_iter().collect(),
    }
}

#[test]
fn every_invalid_plan_gets_its_messages() {
    let mut paths: Vec<_> = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    assert!(paths.len() > 40);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(FOLDER);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let errors = Plan::parse(&fs::read(&path).unwrap(), Path::new(name), &variables()).unwrap_err();
        let text = errors.render(Look::PLAIN);
        assert!(!text.to_lowercase().contains("hush"), "a secret is shown: {text}");
        settings.bind(|| insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), text));
    }
}

#[test]
fn ten_mistakes_are_ten_errors_in_the_order_of_the_file() {
    let bytes = fs::read(Path::new(FOLDER).join("ten_mistakes.yaml")).unwrap();
    let errors = Plan::parse(&bytes, Path::new("p.yaml"), &Variables::default()).unwrap_err();
    let positions: Vec<_> = errors.errors().iter().map(|error| error.position().unwrap()).collect();
    assert!(positions.len() >= 10);
    assert!(positions.is_sorted(), "{positions:?}");
    assert!(errors.errors().iter().all(|error| !error.title().is_empty()));
}

#[test]
fn colours_are_an_option() {
    let errors = Plan::parse(b"versoin: 1", Path::new("p.yaml"), &Variables::default()).unwrap_err();
    assert!(errors.render(COLOURED).contains('\u{1b}'));
    assert!(!errors.render(Look::PLAIN).contains('\u{1b}'));
}

#[test]
fn a_plan_that_is_not_there_is_an_error() {
    let errors = Plan::load(Path::new("no/such/plan.yaml"), &Variables::default()).unwrap_err();
    assert!(errors.to_string().starts_with("error: cannot read the plan: "), "{errors}");
}

#[test]
fn a_plan_of_a_similar_name_is_suggested() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("nightly.yaml"), "").unwrap();
    let hint = |name: &str| {
        let errors = Plan::load(&folder.path().join(name), &Variables::default()).unwrap_err();
        errors.errors().iter().next().unwrap().hint().unwrap().to_owned()
    };
    assert!(hint("nightly.yml").ends_with("nightly.yaml`?"), "{}", hint("nightly.yml"));
    assert!(hint("nigthly.yaml").ends_with("nightly.yaml`?"));
    assert!(hint("incident.yaml").contains("allstop init"));
    assert!(hint("absent/nightly.yaml").contains("allstop init"));
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let errors = Plan::parse(b"\"a\\e[31m\": 1\nversion: 1", Path::new("p\u{1b}.yaml"), &Variables::default());
    assert!(!errors.unwrap_err().render(Look::PLAIN).contains('\u{1b}'));
}

/// A million wrong targets must neither fill the memory nor hide how many they are.
#[test]
fn many_errors_are_counted() {
    let mut text = String::from("version: 1\naccounts: {a: {cloud: huawei, region: r}}\ntargets:\n");
    for _ in 0..3000 {
        text.push_str("  - {kind: drs_job, account: b, job_id: j}\n");
    }
    let errors = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap_err();
    assert_eq!(errors.errors().iter().count(), Diagnostics::MOST);
    assert_eq!(errors.errors().len(), 3000);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Plan::parse(&bytes, Path::new("p"), &Variables::default()).map_err(|errors| errors.render(COLOURED));
    }

    #[test]
    fn no_yaml_like_text_makes_it_panic(text in "(version: 1\n)?[a-z&*<!|>'\"{}\\[\\],:#?%~ \t\r\n$é-]{0,80}") {
        let _ = Plan::parse(text.as_bytes(), Path::new("p"), &Variables::default()).map_err(|errors| errors.to_string());
    }

    /// A valid plan with a piece cut out or put in is read or refused, never worse.
    #[test]
    fn no_damaged_plan_makes_it_panic(start in 0..1800_usize, len in 0..40_usize, piece in "[&*{}\\[\\]:'\"\n é-]{0,6}") {
        let mut bytes = include_bytes!("../plans/valid/contract.yaml").to_vec();
        let start = start.min(bytes.len());
        let end = (start + len).min(bytes.len());
        bytes.splice(start..end, piece.into_bytes());
        let _ = Plan::parse(&bytes, Path::new("p"), &Variables::default()).map_err(|errors| errors.to_string());
    }
}

#[test]
fn narrow_terminals_see_the_mark_and_what_is_around_it() {
    let bytes = format!(
        "version: 1\naccounts: {{a: {{cloud: alibaba, region: r}}}}\ndefaults: {{account: a}}\ntargets:\n  \
         - {{kind: fnf_execution, flow_name: {}, execution_name: e, lables: {{}}, cause: {}}}\n",
        "a-long-name".repeat(9),
        "for a reason ".repeat(9)
    );
    let errors = Plan::parse(bytes.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap_err();
    for width in [40, 60, 80, 120] {
        let text = errors.render(Look { width, ..Look::PLAIN });
        let source = text.lines().find(|line| line.starts_with("5 |")).unwrap();
        assert!(source.contains("lables") && source.chars().count() <= width + 4, "{width}: {text}");
        let (line, mark) = (source.find("lables").unwrap(), text.lines().find_map(|line| line.find("^^^^^^")).unwrap());
        assert_eq!(line, mark, "{text}");
    }
}

/// A terminal would break words at its edge.
#[test]
fn messages_are_folded_at_blanks() {
    let text = "version: 1\naccounts: {a: {cloud: alibaba, region: r}}\ndefaults: {account: a}\nlimits: {per_kind: {flow: {}}}\n\
                targets:\n  - {kind: fnf_execution, flow_name: \"${A_VARIABLE_WITH_A_LONG_NAME}\", execution_name: e}\n";
    let errors = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap_err();
    let plain = errors.render(Look::PLAIN);
    for width in [40, 60, 80] {
        let folded = errors.render(Look { width, folds: true, ..Look::PLAIN });
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let hints = |text: &str| {
            let hints = text.split("= help: ").skip(1).map(|rest| rest.split("\n\n").next().unwrap());
            hints.flat_map(words).collect::<Vec<_>>()
        };
        assert_eq!(hints(&folded), hints(&plain), "{folded}");
        let is_wide = |line: &&str| !line.contains('|') && line.chars().count() > width && line.trim().contains(' ');
        assert_eq!(folded.lines().find(is_wide), None, "{width}: {folded}");
        assert!(folded.lines().count() > plain.lines().count(), "{folded}");
    }
}

#[test]
fn github_gets_annotations_beside_the_text() {
    let check = |variable: &str| {
        let env = TestEnvironment::new().with("p.yaml", "versoin: 1\n");
        env.run_with([("GITHUB_ACTIONS", variable)], ["check", "p.yaml"]).stderr
    };
    let on_github = check("true");
    assert!(on_github.starts_with("::error file=p.yaml,line=1,col=1::unknown key `versoin`"), "{on_github}");
    assert!(on_github.ends_with(&check("false")), "{on_github}");
    assert!(!check("false").contains("::error"));
}
