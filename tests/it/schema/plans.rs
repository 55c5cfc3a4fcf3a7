//! Plans against their schema.

use std::fs;
use std::path::{Path, PathBuf};

use allstop::schema;

/// The invalid plans that the schema takes, and why it must.
const BEYOND: [(&str, &str); 5] = [
    ("default_account_of_the_wrong_cloud", "which cloud an account is of stands elsewhere in the plan"),
    ("duplicate_ids", "ids are compared with each other"),
    ("region_of_an_account", "which accounts have several regions stands elsewhere in the plan"),
    ("target_accounts", "which accounts there are stands elsewhere in the plan"),
    ("variables", "what a variable stands for is not in the plan"),
];

fn folder(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    paths
}

/// Returns the YAML examples of the docs that are whole plans, and where they stand.
fn examples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.chain([root.join("README.md")]).filter(|path| path.extension().is_some_and(|ext| ext == "md"));
    pages
        .flat_map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let blocks = text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
            let whole: Vec<_> =
                blocks.filter(|block| block.contains("version: 1") && block.contains("targets:")).collect();
            whole.into_iter().map(move |block| (path.display().to_string(), block))
        })
        .collect()
}

#[test]
fn every_valid_plan_is_taken() {
    let validator = super::validator(&schema::plan());
    let plans = ["plans", "tests/plans/valid", "tests/plans/from/valid"].iter().flat_map(|name| folder(name));
    let plans = plans.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()));
    let mut seen = 0;
    for (name, text) in plans.chain(examples()) {
        let plan = super::yaml(&text).unwrap_or_else(|| panic!("{name} is no YAML"));
        let errors: Vec<_> = validator.iter_errors(&plan).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        seen += 1;
    }
    assert!(seen > 8, "only {seen} plans");
}

#[test]
fn every_invalid_plan_is_refused_that_can_be_told_from_its_text() {
    let validator = super::validator(&schema::plan());
    let mut beyond = Vec::new();
    for path in folder("tests/plans/invalid") {
        // What is no YAML an editor tells without any schema.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if super::yaml(&text).is_some_and(|plan| validator.is_valid(&plan)) {
            beyond.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(beyond, BEYOND.map(|(name, _)| name));
}
