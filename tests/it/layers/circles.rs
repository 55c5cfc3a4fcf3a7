//! Finds what depends on itself among the files and sub-folders of each folder.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use super::modules::{Arrow, File, Modules};

/// What depends on itself in one folder.
pub(crate) struct Circle {
    /// The folder below the root, such as `run/lane`; empty for the root.
    pub(crate) folder: String,
    /// The files and sub-folders of the shortest way round.
    shortest: Vec<String>,
    /// Every arrow between the files and sub-folders that depend on each other.
    arrows: BTreeMap<Ends, BTreeMap<Ends, Vec<String>>>,
}

/// Where an arrow begins and where it ends.
type Ends = (String, String);

/// The arrows between the entries of one folder.
type Entries<'m> = BTreeMap<Ends, Vec<&'m Arrow>>;

/// Finds the circles of every folder.
pub(crate) fn circles(modules: &Modules) -> Vec<Circle> {
    let arrows = modules.arrows();
    let mut folders: BTreeMap<String, Entries<'_>> = BTreeMap::new();
    for arrow in &arrows {
        let (from, to) = (&modules.files[arrow.from], &modules.files[arrow.to]);
        let shared = from.module.iter().zip(&to.module).take_while(|(from, to)| from == to).count();
        let folder = from.module[..shared].join("/");
        let ends = (entry(modules, from, shared), entry(modules, to, shared));
        folders.entry(folder).or_default().entry(ends).or_default().push(arrow);
    }
    folders.into_iter().flat_map(|(folder, entries)| circles_of(modules, &folder, &entries)).collect()
}

/// Names the file or sub-folder that holds a file, seen from the folder that is so deep.
fn entry(modules: &Modules, file: &File, depth: usize) -> String {
    let has_folder = |module: &[String]| {
        modules.files.iter().any(|file| file.module.len() > module.len() && file.module.starts_with(module))
    };
    match file.module.get(depth) {
        Some(name) if has_folder(&file.module[..=depth]) => format!("{name}/"),
        Some(name) => format!("{name}.rs"),
        None => file.path.rsplit('/').next().unwrap().to_owned(),
    }
}

fn circles_of(modules: &Modules, folder: &str, entries: &Entries<'_>) -> Vec<Circle> {
    let mut circles = Vec::new();
    let mut done = BTreeSet::new();
    for (start, _) in entries.keys() {
        let below = reached(entries, start);
        if done.contains(start) || !below.contains(start) {
            continue;
        }
        let members: BTreeSet<_> = below.into_iter().filter(|entry| reached(entries, entry).contains(start)).collect();
        let within = entries.iter().filter(|((from, to), _)| members.contains(from) && members.contains(to));
        let arrows = within.map(|(ends, arrows)| (ends.clone(), named(modules, arrows))).collect();
        let shortest = members.iter().map(|entry| way_round(entries, entry)).min_by_key(Vec::len).unwrap();
        done.extend(members);
        circles.push(Circle { folder: folder.to_owned(), shortest, arrows });
    }
    circles
}

/// Returns the names by the files that use and define them.
fn named(modules: &Modules, arrows: &[&Arrow]) -> BTreeMap<Ends, Vec<String>> {
    let mut named: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for arrow in arrows {
        let ends = (modules.files[arrow.from].path.clone(), modules.files[arrow.to].path.clone());
        named.entry(ends).or_default().push(arrow.name.clone());
    }
    named
}

fn next<'e>(entries: &'e Entries<'_>, from: &str) -> impl Iterator<Item = &'e String> {
    entries.keys().filter(move |(start, _)| start == from).map(|(_, end)| end)
}

/// Returns everything that an entry depends on, over however many others.
fn reached(entries: &Entries<'_>, start: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(entry) = waiting.pop() {
        waiting.extend(next(entries, entry).filter(|end| reached.insert((*end).clone())).map(String::as_str));
    }
    reached
}

/// Returns the shortest way from an entry back to itself, which there must be.
fn way_round(entries: &Entries<'_>, start: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut ways = VecDeque::from([vec![start.to_owned()]]);
    loop {
        let way = ways.pop_front().expect("the entry depends on itself");
        for end in next(entries, way.last().unwrap()) {
            let longer = [&way[..], std::slice::from_ref(end)].concat();
            if end == start {
                return longer;
            }
            if seen.insert(end) {
                ways.push_back(longer);
            }
        }
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "src/{}: {}", self.folder, self.shortest.join(" -> "))?;
        for ((from, to), files) in &self.arrows {
            writeln!(f, "  {from} -> {to}")?;
            for ((user, owner), names) in files {
                writeln!(f, "    {user} uses {} of {owner}", names.join(", "))?;
            }
        }
        Ok(())
    }
}
