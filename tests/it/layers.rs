//! Dependencies point downwards only.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the bottom up; those of one row do not know each other.
const LAYERS: [&[&str]; 10] = [
    &["base", "error"],
    &["http"],
    &["provider", "transport"],
    &["service"],
    &["plan"],
    &["credentials"],
    &["engine"],
    &["explain"],
    &["journal", "report", "simulator"],
    &["schema", "session"],
];

/// The simulator judges signatures; it must not do so with the code it judges.
const SIGNING: [&str; 5] =
    ["provider::alibaba", "provider::huawei", "provider::canonical", "provider::encode", "Signing"];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn library() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    let module = |path: &Path| {
        let first = path.strip_prefix(&src).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    let of_program = ["main", "cli", "command", "lib"];
    found
        .into_iter()
        .map(|path| (module(&path), fs::read_to_string(&path).unwrap(), path))
        .filter(|(module, ..)| !of_program.contains(&module.as_str()))
        .map(|(module, text, path)| (module, path, text))
        .collect()
}

#[test]
fn every_module_has_its_layer() {
    for (module, path, _) in library() {
        assert!(layer(&module).is_some(), "{} is in no layer", path.display());
    }
}

#[test]
fn nothing_uses_what_is_above_it() {
    let mut seen = 0;
    for (module, path, text) in library() {
        let is_test = path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests"));
        for used in text.split("crate::").skip(1).filter(|_| !is_test) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used == module || layer(&used).is_none() {
                continue;
            }
            seen += 1;
            assert!(layer(&used) < layer(&module), "{}: {module} uses {used}", path.display());
        }
    }
    assert!(seen > 100, "only {seen} uses were seen");
}

#[test]
fn the_simulator_shares_no_signing_code() {
    for (_, path, text) in library().into_iter().filter(|(module, ..)| module == "simulator") {
        for name in SIGNING {
            assert!(!text.contains(name), "{} mentions {name}", path.display());
        }
    }
}
