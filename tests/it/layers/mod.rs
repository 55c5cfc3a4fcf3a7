//! Dependencies point downwards only: between the top-level modules, and between the files of each folder.
//!
//! The sources are parsed. A name belongs to the file that defines it, whichever module re-exports it; a `mod.rs` that
//! only declares and re-exports depends on nothing. What is called on a value without naming its type is not seen.

mod circles;
mod modules;
pub(crate) mod reader;
mod self_test;
pub(crate) mod source;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use circles::circles;
use modules::Modules;
use reader::{Parts, read};
use source::Source;

/// The modules from the bottom up; those of one row do not know each other.
const LAYERS: [&[&str]; 15] = [
    &["base", "error"],
    &["http"],
    &["provider", "transport"],
    &["service"],
    &["advice", "plan"],
    &["credentials"],
    &["engine"],
    &["wording"],
    &["explain"],
    &["journal", "report", "simulator"],
    &["notify"],
    &["schema", "session"],
    &["cli", "system"],
    &["terminal"],
    &["command"],
];

/// The simulator judges signatures; it must not do so with the code it judges.
const SIGNING: [&str; 6] = [
    "provider/alibaba/",
    "provider/huawei/",
    "provider/canonical.rs",
    "provider/encode.rs",
    "provider/encoded.rs",
    "provider/sign.rs",
];

/// The folders whose files still depend on each other in a circle.
const KNOWN: &[&str] = &[];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

/// The library, the program's commands among it.
static LIBRARY: LazyLock<Modules> = LazyLock::new(|| read(&Source::of("src"), "lib.rs", Parts::WithoutTests));

#[test]
fn every_module_has_its_layer() {
    for file in &LIBRARY.files {
        if let [module, ..] = &file.module[..] {
            assert!(layer(module).is_some(), "src/{} is in no layer", file.path);
        }
    }
}

#[test]
fn nothing_uses_what_is_above_it() {
    let mut seen = 0;
    for arrow in LIBRARY.arrows() {
        let (from, to) = (&LIBRARY.files[arrow.from], &LIBRARY.files[arrow.to]);
        let (Some(user), Some(used)) = (from.module.first(), to.module.first()) else { continue };
        if user != used {
            seen += 1;
            assert!(layer(used) < layer(user), "src/{} uses {} of src/{}", from.path, arrow.name, to.path);
        }
    }
    assert!(seen > 500, "only {seen} uses were seen");
}

#[test]
fn no_folder_has_a_circle() {
    // The root of the library is what LAYERS is for.
    let mut found = circles(&LIBRARY);
    found.retain(|circle| !circle.folder.is_empty());
    let seen = LIBRARY.arrows().len();
    assert!(seen > 1000, "only {seen} uses were seen");
    let new: String =
        found.iter().filter(|circle| !KNOWN.contains(&&*circle.folder)).map(ToString::to_string).collect();
    assert!(new.is_empty(), "these depend on each other in a circle:\n{new}");
    let folders: BTreeSet<_> = found.iter().map(|circle| &*circle.folder).collect();
    assert_eq!(folders, KNOWN.iter().copied().collect(), "a folder without a circle is no longer KNOWN");
}

#[test]
fn the_simulator_shares_no_signing_code() {
    // Its tests, too.
    let library = read(&Source::of("src"), "lib.rs", Parts::All);
    for place in SIGNING {
        assert!(library.files.iter().any(|file| file.path.starts_with(place)), "there is no src/{place}");
    }
    let mut seen = 0;
    for arrow in library.arrows() {
        let (from, to) = (&library.files[arrow.from], &library.files[arrow.to]);
        if from.path.starts_with("simulator/") {
            seen += 1;
            let is_signing = arrow.name == "Signing" || SIGNING.iter().any(|place| to.path.starts_with(place));
            assert!(!is_signing, "src/{} uses {} of src/{}", from.path, arrow.name, to.path);
        }
    }
    assert!(seen > 100, "only {seen} uses were seen");
}
