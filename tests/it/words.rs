//! The documentation and `--help` use the field's words: private ones do not come back.
//!
//! Code, quoted texts of vendors, and texts that the program owns (`allstop explain`, the generated plan reference) are
//! not checked here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use allstop::{ExitStatus, explain, wording};

/// Words that are never right here, in lower case, and what to write instead.
const PRIVATE: &[(&str, &str)] = &[
    ("ailing", "unhealthy"),
    ("allowance", "retry budget"),
    ("anew", "again"),
    ("answer", "response"),
    ("answered", "returned, got a response"),
    ("answers", "responses"),
    ("are told", "are reported"),
    ("as it stands", "unchanged"),
    ("at the whole of", "at the full"),
    ("believed", "trusted, counts"),
    ("beside", "next to"),
    ("bound of", "limit of, maximum"),
    ("built-in cloud", "simulator"),
    ("carried out", "run"),
    ("carries out", "runs"),
    ("clock on the wall", "local time in a time zone"),
    ("every try", "every attempt"),
    ("folder", "directory"),
    ("folders", "directories"),
    ("front door", "start with"),
    ("goes before", "takes precedence over"),
    ("goes on", "continues, resumes"),
    ("gravest", "most severe"),
    ("in mid-run", "during the run"),
    ("is told", "is reported"),
    ("is there already", "already exists"),
    ("left alone", "left out, protected"),
    ("letter by letter", "literally, exactly"),
    ("line for programs", "machine-readable output"),
    ("made up", "generated, invented"),
    ("next try", "next attempt"),
    ("no try", "no attempt"),
    ("nobody watches", "automation"),
    ("in one go", "at once"),
    ("retry quota", "retry budget"),
    ("said of", "reported for"),
    ("sick", "unhealthy"),
    ("sickness", "unhealthy"),
    ("stands in", "is in"),
    ("stands still", "is not running"),
    ("stood still", "was not running, had ended"),
    ("take up", "retry, resume, continue with"),
    ("taken for", "counts as, is interpreted as"),
    ("takes up", "retries, resumes, continues with"),
    ("tells apart", "distinguishes"),
    ("told", "reported"),
    ("tried again", "retried"),
    ("tries", "attempts, retries"),
    ("try again", "retry"),
    ("unseen", "invisible"),
    ("upper and lower case apart", "case-sensitive"),
    ("welcomed", "closed"),
    ("what came of", "the result of"),
    ("what is gone", "resources that do not exist"),
    ("whole in itself", "self-contained"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Adds the files under a directory whose names begin and end so.
fn files(directory: &Path, (start, end): (&str, &str), found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            files(&path, (start, end), found);
        } else if name.starts_with(start) && name.ends_with(end) {
            found.insert(path);
        }
    }
}

/// Returns a page without code, quoted texts, and what is generated below a mark.
fn prose(page: &str) -> String {
    let page = page.split("<!-- Made from ").next().unwrap_or_default();
    let mut prose = String::new();
    for (number, part) in page.split("```").enumerate() {
        if number % 2 == 1 {
            // The line breaks stay, so that the number of a line is that of the page.
            prose.extend(part.chars().filter(|ch| *ch == '\n'));
            continue;
        }
        let text: Vec<_> = part.split('`').step_by(2).collect();
        prose.push_str(&text.join("``"));
    }
    prose.lines().map(|line| line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"") + "\n").collect()
}

/// Returns the texts of the program that pages repeat word for word.
fn owned() -> Vec<String> {
    let entries = explain::entries();
    let exits = ExitStatus::ALL
        .into_iter()
        .map(wording::exit)
        .flat_map(|exit| [exit.means, exit.advice.unwrap_or_default(), exit.brief, exit.brief_advice]);
    let means = entries.iter().map(|entry| entry.means);
    let treatments = entries.iter().filter_map(|entry| entry.treatment.as_deref());
    means.chain(treatments).chain(exits).filter(|text| text.contains(' ')).map(str::to_owned).collect()
}

/// Returns each private word of a text with its place and its replacement.
fn found(name: &str, text: &str) -> Vec<String> {
    let is_edge = |ch: Option<char>| ch.is_none_or(|ch| !ch.is_alphanumeric() && ch != '-' && ch != '_');
    let mut found = Vec::new();
    let lines: Vec<_> = text.lines().map(str::to_lowercase).collect();
    for (number, line) in lines.iter().enumerate() {
        // A phrase may be broken over two lines.
        let next = lines.get(number + 1).map_or("", |next| next.trim_start());
        let both = format!("{line} {next}");
        for (word, better) in PRIVATE {
            let starts = both.match_indices(word).map(|(at, _)| at).filter(|at| *at < line.len());
            let is_word = |at: &usize| {
                is_edge(both[..*at].chars().next_back()) && is_edge(both[at + word.len()..].chars().next())
            };
            let count = starts.filter(is_word).count();
            found.extend((0..count).map(|_| format!("{name}:{}: `{word}`: write {better}", number + 1)));
        }
    }
    found
}

#[test]
fn pages_have_no_private_words() {
    let mut pages: BTreeSet<_> = ["README.md", "CONTRIBUTING.md"].map(|name| root().join(name)).into();
    files(&root().join("docs"), ("", ".md"), &mut pages);
    assert!(pages.len() > 25, "{pages:?}");
    let owned = owned();
    let wrong: Vec<_> = pages
        .iter()
        .flat_map(|path| {
            let mut page = fs::read_to_string(path).unwrap();
            owned.iter().for_each(|text| page = page.replace(text, ""));
            found(&path.strip_prefix(root()).unwrap().display().to_string(), &prose(&page))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn help_has_no_private_words() {
    let mut helps = BTreeSet::new();
    files(&root().join("tests/it/snapshots"), ("it__examples__allstop", ".snap"), &mut helps);
    assert!(helps.len() > 10, "{helps:?}");
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let wrong: Vec<_> = helps.iter().flat_map(|path| found(&name(path), &fs::read_to_string(path).unwrap())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words are found in prose, over line ends, in tables and at the end of a text, and nowhere else.
#[test]
fn private_words_are_found_in_prose_only() {
    let page = "An Answer comes.\n\n```sh\nanswer\n```\n| a | the built-in\ncloud. |\n`folder`, \"told\", foretold, answer-like: tries";
    let wanted = ["p:1: `answer`: write response", "p:6: `built-in cloud`: write simulator", "p:8: `tries`"];
    let found = found("p", &prose(page));
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
    assert!(found.iter().zip(wanted).all(|(found, wanted)| found.starts_with(wanted)), "{found:#?}");
}
