//! The modules of a crate: what each defines, imports and mentions, and which file a mentioned name is from.

use std::collections::{BTreeMap, HashMap};

/// The modules of a crate, tests apart or not.
#[derive(Default)]
pub(crate) struct Modules {
    pub(crate) files: Vec<File>,
    pub(super) scopes: Vec<Scope>,
    pub(super) mentions: Vec<Mention>,
    /// Blocks of methods: the scope, the type's path, the methods' names.
    pub(super) methods: Vec<(usize, Vec<String>, Vec<String>)>,
}

/// A file that a module is in.
pub(crate) struct File {
    /// Where it is below the root, such as `run/lane/mod.rs`.
    pub(crate) path: String,
    /// The module, such as `run`, `lane`; empty for the root.
    pub(crate) module: Vec<String>,
}

/// A module: a file, or a part of one in braces.
pub(super) struct Scope {
    pub(super) file: usize,
    pub(super) parent: Option<usize>,
    pub(super) names: HashMap<String, Vec<Definition>>,
    pub(super) globs: Vec<Vec<String>>,
}

/// What a name means in a module.
#[derive(Clone)]
pub(super) enum Definition {
    Module(usize),
    Item { is_macro: bool },
    Import(Vec<String>),
}

/// A path that a file mentions.
pub(super) struct Mention {
    pub(super) scope: usize,
    pub(super) path: Vec<String>,
    pub(super) how: How,
}

/// How a path is mentioned.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum How {
    Import {
        is_public: bool,
    },
    Path,
    /// The name of a macro that is called.
    Macro,
    /// A method of the type that the rest of the path names.
    Method,
    /// A module as a whole, such as in `#[serde(with = "…")]`.
    Module,
}

/// What a path leads to.
enum Found {
    Module(usize),
    Item { file: usize, name: String, is_macro: bool, member: Option<String> },
}

/// That one file uses a name that another one defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) name: String,
}

impl Modules {
    /// Returns which file uses what of which other one.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let elsewhere = self.methods_elsewhere();
        let mut arrows: Vec<_> = self.mentions.iter().flat_map(|mention| self.arrows_of(mention, &elsewhere)).collect();
        arrows.sort();
        arrows.dedup();
        arrows
    }

    fn arrows_of(&self, mention: &Mention, elsewhere: &BTreeMap<(usize, String, String), usize>) -> Vec<Arrow> {
        let from = self.scopes[mention.scope].file;
        let mut arrows = Vec::new();
        let mut arrow = |to, name| arrows.push(Arrow { from, to, name });
        for found in self.resolve(mention.scope, &mention.path, &mut Vec::new()) {
            match found {
                Found::Module(scope) if mention.how == How::Module => {
                    arrow(self.scopes[scope].file, mention.path.join("::"));
                }
                Found::Module(_) => {}
                Found::Item { is_macro, .. } if is_macro != (mention.how == How::Macro) && !mention.is_import() => {}
                Found::Item { file, name, member, .. } => {
                    if let Some(member) = member
                        && let Some(to) = elsewhere.get(&(file, name.clone(), member.clone()))
                    {
                        arrow(*to, format!("{name}::{member}"));
                    }
                    if mention.how != How::Method && !(mention.is_public_import() && self.is_above(from, file)) {
                        arrow(file, name);
                    }
                }
            }
        }
        arrows.retain(|arrow| arrow.to != from);
        arrows
    }

    /// Whether the second file's module is inside the first one's, so that the first may re-export its names.
    fn is_above(&self, above: usize, below: usize) -> bool {
        let (above, below) = (&self.files[above].module, &self.files[below].module);
        below.len() > above.len() && below.starts_with(above)
    }

    /// Returns the file of each method that is defined outside its type's file.
    fn methods_elsewhere(&self) -> BTreeMap<(usize, String, String), usize> {
        let mut elsewhere = BTreeMap::new();
        for (scope, of, methods) in &self.methods {
            let here = self.scopes[*scope].file;
            for found in self.resolve(*scope, of, &mut Vec::new()) {
                if let Found::Item { file, name, .. } = found
                    && file != here
                {
                    elsewhere.extend(methods.iter().map(|method| ((file, name.clone(), method.clone()), here)));
                }
            }
        }
        elsewhere
    }

    /// Follows a path through modules, imports and re-exports. What is of another crate, or local to a function, leads
    /// to nothing. `open` are the names that are being looked up.
    fn resolve<'a>(&'a self, scope: usize, path: &'a [String], open: &mut Vec<(usize, &'a str)>) -> Vec<Found> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        match first.as_str() {
            "crate" => self.walk(0, rest, open),
            "self" => self.walk(scope, rest, open),
            "super" => {
                let mut above = self.scopes[scope].parent;
                let mut rest = rest;
                while let (Some(scope), Some(("super", further))) =
                    (above, rest.split_first().map(|(first, further)| (first.as_str(), further)))
                {
                    (above, rest) = (self.scopes[scope].parent, further);
                }
                above.map(|above| self.walk(above, rest, open)).unwrap_or_default()
            }
            _ => self.walk(scope, path, open),
        }
    }

    fn walk<'a>(&'a self, scope: usize, path: &'a [String], open: &mut Vec<(usize, &'a str)>) -> Vec<Found> {
        let Some((first, rest)) = path.split_first() else { return vec![Found::Module(scope)] };
        let mut all = Vec::new();
        for found in self.look_up(scope, first, open) {
            match found {
                Found::Module(module) => all.extend(self.walk(module, rest, open)),
                Found::Item { file, name, is_macro, .. } => {
                    all.push(Found::Item { file, name, is_macro, member: rest.first().cloned() });
                }
            }
        }
        all
    }

    fn look_up<'a>(&'a self, scope: usize, name: &'a str, open: &mut Vec<(usize, &'a str)>) -> Vec<Found> {
        if open.contains(&(scope, name)) {
            return Vec::new();
        }
        open.push((scope, name));
        let here = &self.scopes[scope];
        let mut all = Vec::new();
        for definition in here.names.get(name).into_iter().flatten() {
            match definition {
                Definition::Module(module) => all.push(Found::Module(*module)),
                Definition::Item { is_macro } => {
                    let (name, is_macro) = (name.to_owned(), *is_macro);
                    all.push(Found::Item { file: here.file, name, is_macro, member: None });
                }
                Definition::Import(path) => all.extend(self.resolve(scope, path, open)),
            }
        }
        if all.is_empty() {
            for glob in &here.globs {
                for found in self.resolve(scope, glob, open) {
                    if let Found::Module(module) = found {
                        all.extend(self.look_up(module, name, open));
                    }
                }
            }
        }
        open.pop();
        all
    }
}

impl Mention {
    fn is_import(&self) -> bool {
        matches!(self.how, How::Import { .. })
    }

    fn is_public_import(&self) -> bool {
        self.how == How::Import { is_public: true }
    }
}
