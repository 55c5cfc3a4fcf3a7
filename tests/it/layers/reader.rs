//! Reads the modules of a crate from its files.

#![expect(clippy::wildcard_enum_match_arm, reason = "the syntax grows; what is new here defines no name")]

use std::collections::HashMap;

use syn::ext::IdentExt;
use syn::parse::discouraged::AnyDelimiter;
use syn::parse::{ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Ident, ImplItem, Item, Lit, Meta, Token, Type, UseTree, Visibility};

use super::modules::{Definition, File, How, Mention, Modules, Scope};
use super::source::Source;

/// Which parts of a crate are read.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Parts {
    All,
    WithoutTests,
}

/// The settings of serde and schemars whose value is a path in quotes.
const QUOTED_PATHS: [&str; 9] = [
    "with",
    "serialize_with",
    "deserialize_with",
    "schema_with",
    "default",
    "remote",
    "from",
    "try_from",
    "skip_serializing_if",
];

/// Reads the crate whose root is the file of this name.
pub(crate) fn read(source: &Source, root: &str, parts: Parts) -> Modules {
    let mut reader = Reader {
        source,
        parts,
        modules: Modules::default(),
        waiting: Vec::new(),
        scope: 0,
        folder: String::new(),
        of: None,
    };
    reader.open(root.to_owned(), Vec::new(), None);
    while let Some((scope, folder)) = reader.waiting.pop() {
        (reader.scope, reader.folder) = (scope, folder);
        let path = reader.modules.files[reader.file()].path.clone();
        let file = syn::parse_file(source.text(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        reader.visit_file(&file);
    }
    reader.modules
}

struct Reader<'s> {
    source: &'s Source,
    parts: Parts,
    modules: Modules,
    /// The files that are still to be read: their scope and the folder of their modules.
    waiting: Vec<(usize, String)>,
    scope: usize,
    folder: String,
    /// The type whose methods are being read.
    of: Option<Vec<String>>,
}

impl Reader<'_> {
    fn file(&self) -> usize {
        self.modules.scopes[self.scope].file
    }

    fn new_scope(&mut self, file: usize, parent: Option<usize>) -> usize {
        self.modules.scopes.push(Scope { file, parent, names: HashMap::new(), globs: Vec::new() });
        self.modules.scopes.len() - 1
    }

    /// Notes a file that is to be read; returns its scope.
    fn open(&mut self, path: String, module: Vec<String>, parent: Option<usize>) -> usize {
        let is_folder = module.is_empty() || path.ends_with("mod.rs");
        let folder = match path.rsplit_once('/') {
            Some((folder, _)) if is_folder => format!("{folder}/"),
            None if is_folder => String::new(),
            _ => format!("{}/", path.trim_end_matches(".rs")),
        };
        self.modules.files.push(File { path, module });
        let scope = self.new_scope(self.modules.files.len() - 1, parent);
        self.waiting.push((scope, folder));
        scope
    }

    fn define(&mut self, name: &str, definition: Definition) {
        self.modules.scopes[self.scope].names.entry(name.to_owned()).or_default().push(definition);
    }

    fn mention(&mut self, path: Vec<String>, how: How) {
        self.modules.mentions.push(Mention { scope: self.scope, path, how });
    }

    /// A path, or one of a method of the type whose methods are being read.
    fn mention_path(&mut self, path: Vec<String>, how: How) {
        match (&self.of, path.split_first()) {
            (Some(of), Some((first, rest))) if first == "Self" && !rest.is_empty() => {
                self.mention([of, rest].concat(), How::Method);
            }
            _ => self.mention(path, how),
        }
    }

    /// Declares a module that has a file of its own; returns whether it does.
    fn declare(&mut self, name: &str) -> bool {
        let Some(path) = self.source.file_of(&self.folder, name) else { return false };
        let module = [&self.modules.files[self.file()].module[..], &[name.to_owned()]].concat();
        let scope = self.open(path, module, Some(self.scope));
        self.define(name, Definition::Module(scope));
        true
    }

    fn import(&mut self, tree: &UseTree, mut path: Vec<String>, is_public: bool) {
        let (name, renamed) = match tree {
            UseTree::Path(further) => {
                path.push(text(&further.ident));
                return self.import(&further.tree, path, is_public);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, path.clone(), is_public));
            }
            UseTree::Glob(_) => {
                self.mention(path.clone(), How::Import { is_public });
                return self.modules.scopes[self.scope].globs.push(path);
            }
            UseTree::Name(name) => (text(&name.ident), None),
            UseTree::Rename(renamed) => (text(&renamed.ident), Some(text(&renamed.rename))),
        };
        if name != "self" {
            path.push(name);
        }
        let known_as = renamed.unwrap_or_else(|| path.last().unwrap().clone());
        self.define(&known_as, Definition::Import(path.clone()));
        self.mention(path, How::Import { is_public });
    }

    /// Takes what looks like a path in the arguments of a macro or an attribute.
    fn scan(&mut self, input: ParseStream<'_>, is_attribute: bool) -> syn::Result<()> {
        let mut setting = None;
        while !input.is_empty() {
            if input.peek(Token![.]) && !input.peek(Token![..]) {
                input.parse::<Token![.]>()?;
                input.call(Ident::parse_any).ok();
            } else if input.peek(Ident::peek_any) {
                let mut path = vec![text(&input.call(Ident::parse_any)?)];
                while input.peek(Token![::]) && input.peek3(Ident::peek_any) {
                    input.parse::<Token![::]>()?;
                    path.push(text(&input.call(Ident::parse_any)?));
                }
                setting = input.peek(Token![=]).then(|| path[0].clone());
                if !is_attribute || path.len() > 1 {
                    let how = if input.peek(Token![!]) { How::Macro } else { How::Path };
                    self.mention_path(path, how);
                }
            } else if let Ok((_, _, inner)) = input.parse_any_delimiter() {
                self.scan(&inner, is_attribute)?;
            } else if input.peek(Lit) {
                if let (Lit::Str(quoted), Some(setting)) = (input.parse()?, &setting)
                    && QUOTED_PATHS.contains(&setting.as_str())
                    && let Ok(path) = quoted.parse::<syn::Path>()
                {
                    let path: Vec<_> = path.segments.iter().map(|segment| text(&segment.ident)).collect();
                    self.mention(path.clone(), How::Path);
                    self.mention(path, How::Module);
                }
            } else {
                input.step(|cursor| Ok(((), cursor.token_tree().map_or_else(|| *cursor, |(_, rest)| rest))))?;
            }
        }
        Ok(())
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if self.parts == Parts::WithoutTests && is_for_tests(attributes(item)) {
            return;
        }
        let name = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            Item::Union(item) => Some(&item.ident),
            Item::Macro(item) => item.ident.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.define(&text(name), Definition::Item { is_macro: matches!(item, Item::Macro(_)) });
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = text(&item.ident);
        let is_elsewhere = item.attrs.iter().any(|attribute| attribute.path().is_ident("path"));
        if is_elsewhere || (self.parts == Parts::WithoutTests && name == "tests") {
            return;
        }
        let Some((_, items)) = &item.content else {
            assert!(self.declare(&name), "the module {}{name} has no file", self.folder);
            return;
        };
        let scope = self.new_scope(self.file(), Some(self.scope));
        self.define(&name, Definition::Module(scope));
        let folder = format!("{}{name}/", self.folder);
        let outer = (std::mem::replace(&mut self.scope, scope), std::mem::replace(&mut self.folder, folder));
        items.iter().for_each(|item| self.visit_item(item));
        (self.scope, self.folder) = outer;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.import(&item.tree, Vec::new(), !matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of = match &*item.self_ty {
            Type::Path(of) => Some(of.path.segments.iter().map(|segment| text(&segment.ident)).collect::<Vec<_>>()),
            _ => None,
        };
        if let (Some(of), None) = (&of, &item.trait_) {
            let methods = item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) => Some(text(&method.sig.ident)),
                ImplItem::Const(constant) => Some(text(&constant.ident)),
                _ => None,
            });
            self.modules.methods.push((self.scope, of.clone(), methods.collect()));
        }
        let outer = std::mem::replace(&mut self.of, of);
        visit::visit_item_impl(self, item);
        self.of = outer;
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Fn(item) => &item.attrs[..],
            ImplItem::Const(item) => &item.attrs[..],
            _ => &[],
        };
        if self.parts == Parts::All || !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    /// A macro of this crate may declare modules: each word of its arguments that has a file is one.
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        let is_known = |name: &Ident| self.modules.scopes[self.scope].names.contains_key(&text(name));
        if item.mac.path.get_ident().is_some_and(is_known) {
            for token in item.mac.tokens.to_string().split(|c: char| !c.is_alphanumeric() && c != '_') {
                if !token.is_empty()
                    && !self.modules.scopes[self.scope].names.contains_key(token)
                    && self.declare(token)
                {
                    self.mention(vec![token.to_owned()], How::Module);
                }
            }
        }
        visit::visit_item_macro(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.mention_path(path.segments.iter().map(|segment| text(&segment.ident)).collect(), How::Path);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if let (Expr::Path(receiver), Some(of)) = (&*call.receiver, &self.of)
            && receiver.path.is_ident("self")
        {
            self.mention([&of[..], &[text(&call.method)]].concat(), How::Method);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.mention(call.path.segments.iter().map(|segment| text(&segment.ident)).collect(), How::Macro);
        let scanned = Parser::parse2(|input: ParseStream<'_>| self.scan(input, false), call.tokens.clone());
        scanned.unwrap_or_else(|error| panic!("{}: {error}", self.modules.files[self.file()].path));
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            let scanned = Parser::parse2(|input: ParseStream<'_>| self.scan(input, true), list.tokens.clone());
            scanned.unwrap_or_else(|error| panic!("{}: {error}", self.modules.files[self.file()].path));
        }
    }

    /// `pub(in crate::…)` uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether something is compiled for tests only.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        let condition = list.tokens.to_string();
        let mut words = condition.split(|c: char| !c.is_alphanumeric());
        words.clone().any(|word| word == "test") && !words.any(|word| word == "not")
    })
}
