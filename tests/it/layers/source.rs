//! The files of a crate and what they say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The text of each Rust file by its path below the crate's root, such as `run/lane/mod.rs`.
pub(crate) struct Source(BTreeMap<String, String>);

impl Source {
    /// Reads every Rust file below a folder of this repository.
    pub(crate) fn of(folder: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let below: Vec<_> =
                        path.strip_prefix(&root).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
                    files.insert(below.join("/"), fs::read_to_string(&path).unwrap());
                }
            }
        }
        Self(files)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        &self.0[path]
    }

    /// Finds the file of a module that is declared without a body, and the folder of its own modules.
    pub(crate) fn file_of(&self, folder: &str, module: &str) -> Option<String> {
        let candidates = [format!("{folder}{module}.rs"), format!("{folder}{module}/mod.rs")];
        candidates.into_iter().find(|path| self.0.contains_key(path))
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Source {
    fn from(files: [(&str, &str); N]) -> Self {
        Self(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into())
    }
}
