//! The documentation as a book: every page is in its summary, and what pages link to is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Adds the Markdown files under a folder.
fn pages(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.insert(path);
        }
    }
}

fn documentation() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    pages(&root().join("docs"), &mut found);
    found
}

/// Returns what a page links to, outside of code.
fn links(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let (mut links, mut is_code) = (Vec::new(), false);
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        if !is_code {
            // What is between backticks is every second part.
            let prose: String = line.split('`').step_by(2).collect();
            links.extend(prose.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())));
        }
    }
    links
}

/// Returns the anchors of a page's headings, as mdBook and code hosts make them.
fn anchors(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    let anchor = |heading: &str| -> String {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|ch| ch.is_alphanumeric() || matches!(ch, ' ' | '-' | '_'));
        kept.map(|ch| if ch == ' ' { '-' } else { ch }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn every_page_is_in_the_summary_once() {
    let summary = root().join("docs/SUMMARY.md");
    let listed = links(&summary).into_iter().map(|link| root().join("docs").join(link));
    let mut seen = BTreeSet::new();
    for page in listed {
        assert!(page.is_file(), "SUMMARY.md lists {}, which is not there", page.display());
        assert!(seen.insert(page.clone()), "SUMMARY.md lists {} twice", page.display());
    }
    let mut pages = documentation();
    pages.remove(&summary);
    let missing: Vec<_> = pages.difference(&seen).collect();
    assert!(missing.is_empty(), "SUMMARY.md does not list {missing:?}");
}

#[test]
fn links_lead_somewhere() {
    let mut seen = 0;
    let others = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
    for page in documentation().into_iter().chain(others) {
        for link in links(&page) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            assert!(target.exists(), "{} links to {link}, which is not there", page.display());
            if !anchor.is_empty() {
                let is_there = anchors(&target).iter().any(|known| known == anchor);
                assert!(is_there, "{} links to {link}, and no heading is called so", page.display());
            }
        }
    }
    assert!(seen > 50, "only {seen} links were seen");
}

#[cfg(unix)]
#[test]
fn the_debian_package_has_files_that_exist() {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let assets = text.split_once("\nassets = [\n").unwrap().1.split_once("\n]").unwrap().0;
    let made = tempfile::tempdir().unwrap();
    make_what_is_packed(made.path());
    for line in assets.lines() {
        let source = line.split('"').nth(1).unwrap();
        let is_made = source.starts_with("target/share/");
        let path = if is_made { made.path().join(source) } else { root().join(source) };
        if is_made || !source.starts_with("target/") {
            let before_glob = path.to_str().unwrap().split('*').next().unwrap();
            let is_there = if source.contains('*') { has_files(before_glob.as_ref()) } else { path.is_file() };
            assert!(is_there, "{source} is not there");
        }
    }
}

#[cfg(unix)]
fn has_files(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(|entry| entry.path().is_file()))
}

/// Runs what the page on installing says must be run before the package is built, in another folder.
#[cfg(unix)]
fn make_what_is_packed(folder: &Path) {
    let page = std::fs::read_to_string(root().join("docs/install.md")).unwrap();
    let section = page.split("\n## ").find(|section| section.starts_with("A Debian package")).unwrap();
    let line = section.lines().find(|line| line.starts_with(".ci/release share ")).unwrap();
    let program = crate::environment::program().to_str().unwrap();
    let script = line.replace("target/release/allstop", program);
    let script = format!("{script} '{}'", folder.join("target/share").display());
    let output = std::process::Command::new("sh").args(["-ec", &script]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
}
