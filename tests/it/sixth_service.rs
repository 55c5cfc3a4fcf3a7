//! Follows `docs/adding-a-service.md`: what it adds compiles, and rehearses.
//!
//! The sources are copied, changed and built by the same cargo. It works in the build directory of these tests, so that
//! no dependency is built twice; what it makes goes to a directory of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = include_str!("../../docs/adding-a-service.md");

/// What cargo tells a test of its package. Build scripts of dependencies depend on it: they would run again.
const PACKAGE: [&str; 8] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
];

/// A copy of the sources, by path.
struct Sources(BTreeMap<String, String>);

impl Sources {
    /// Reads what the library is built from, and the program that uses it. It is a workspace of its own, without the
    /// members, the binary, the tests, the benches and the examples. Its version differs: cargo would take it for this package,
    /// whatever its path.
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
        let mut paths = Vec::new();
        files(&root.join("src"), &mut paths);
        let names = paths.iter().map(|path| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        let mut sources: BTreeMap<_, _> = names.map(|name| (name.clone(), read(&name))).collect();
        sources.remove("src/main.rs");
        let version = |text: String| {
            let own = concat!("name = \"allstop\"\nversion = \"", env!("CARGO_PKG_VERSION"), "\"");
            assert!(text.contains(own), "{own}");
            text.replace(own, "name = \"allstop\"\nversion = \"0.0.0\"")
        };
        let manifest = version(read("Cargo.toml"));
        let left_out = ["[workspace]\n", "[[bin]]", "[[test]]", "[[bench]]", "[[example]]"];
        let kept = manifest.split_inclusive("\n\n").filter(|part| !left_out.iter().any(|name| part.starts_with(name)));
        sources.insert("Cargo.toml".into(), kept.chain(["\n[workspace]\n"]).collect());
        sources.insert("Cargo.lock".into(), version(read("Cargo.lock")));
        sources.insert(".askama.toml".into(), read(".askama.toml"));
        sources.insert("examples/rehearse.rs".into(), read("tests/sixth_service/rehearse.rs"));
        Self(sources)
    }

    /// Adds a word to the list that a macro takes.
    fn add_word(&mut self, word: &str, list: &str, path: &str) {
        let text = self.0.get_mut(path).unwrap_or_else(|| panic!("no {path}"));
        let start = text.find(&format!("\n{list}(")).unwrap_or_else(|| panic!("{path} has no {list}"));
        let end = start + text[start..].find(");").unwrap();
        text.insert_str(end, &format!(" {word}"));
    }

    /// Writes the copy. What an earlier one has already is left as it is, so that it is not built again.
    fn write(&self, root: &Path) {
        let mut old = Vec::new();
        files(&root.join("src"), &mut old);
        for path in old.iter().filter(|path| !self.0.contains_key(path.strip_prefix(root).unwrap().to_str().unwrap())) {
            fs::remove_file(path).unwrap();
        }
        for (name, text) in &self.0 {
            let path = root.join(name);
            if fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                continue;
            }
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Builds and runs the program of a copy, and returns what it prints.
fn run(root: &Path) -> String {
    let build = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    // Not `--locked`: the lock has what only the members need, which cargo takes out of the copy's.
    cargo.current_dir(root).args(["run", "--quiet", "--offline", "--example", "rehearse"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    // Results go to the target directory, all else to the build directory: nothing of these tests is replaced.
    cargo.env("CARGO_BUILD_BUILD_DIR", build).env("CARGO_TARGET_DIR", root.join("target"));
    for name in PACKAGE {
        cargo.env_remove(name);
    }
    let output = cargo.env("CARGO_TERM_COLOR", "never").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "", "no warnings");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the files that the page has, each with the path that the text before it names.
fn page_files() -> Vec<(&'static str, &'static str)> {
    let blocks = PAGE.match_indices("```rust\n").map(|(at, fence)| {
        let (before, block) = (&PAGE[..at], &PAGE[at + fence.len()..]);
        let path = before.rsplit("Write `").next().unwrap().split('`').next().unwrap();
        (path, block.split("```").next().unwrap())
    });
    blocks.collect()
}

/// Returns the words that the page adds, each with the list and its file.
fn page_words() -> Vec<[&'static str; 3]> {
    let steps = PAGE.split("Add the word `").skip(1).map(|step| {
        let mut quoted = step.split('`').step_by(2);
        [quoted.next().unwrap(), quoted.next().unwrap(), quoted.next().unwrap()]
    });
    steps.collect()
}

#[test]
fn a_sixth_service_is_two_files_and_two_words() {
    let mut sources = Sources::read();
    let (files, words) = (page_files(), page_words());
    assert_eq!((files.len(), words.len()), (2, 2));
    for (path, text) in &files {
        assert_eq!(sources.0.insert((*path).into(), (*text).into()), None, "{path} is new");
    }
    for [word, list, path] in &words {
        sources.add_word(word, list, path);
    }
    // A second kind, whose file and word are forgotten in the simulator.
    let (path, text) = files[0];
    sources.0.insert(path.replace("render_job", "render_task"), text.replace("\"render_job\"", "\"render_task\""));
    sources.add_word("render_task", words[0][1], words[0][2]);

    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sixth_service");
    sources.write(&root);
    assert_eq!(
        run(&root),
        "outcomes: {\"stopped\": 40}\n\
         disagreements: 0\n\
         refused: 0, not understood: 0\n\
         tokens: 39 generated, 1 own\n\
         faults: true\n\
         error: cannot rehearse render_task:rj-0: the simulator has no model of the kind render_task\n\
         help: use --dry-run to read the states of its targets; nothing was sent\n"
    );
}
