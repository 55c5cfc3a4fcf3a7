//! No source file is forgotten: one that no `mod` names would not be compiled, and its tests would not run.

use std::collections::BTreeSet;

use crate::layers::reader::{Parts, read};
use crate::layers::source::Source;

#[test]
fn every_file_belongs_to_a_module() {
    for (folder, roots) in
        [("src", &["lib.rs", "main.rs"][..]), ("tests/it", &["main.rs"]), ("benches/parts", &["main.rs"])]
    {
        let source = Source::of(folder);
        let read = |root: &&str| read(&source, root, Parts::All).files;
        let reached: BTreeSet<_> = roots.iter().flat_map(read).map(|file| file.path).collect();
        let forgotten: Vec<_> = source.paths().filter(|path| !reached.contains(*path)).collect();
        assert!(forgotten.is_empty(), "no `mod` in {folder} names {forgotten:?}");
    }
}
