//! The test itself sees what it is to see: a made-up crate with circles, and one without.

use super::circles::circles;
use super::reader::{Parts, read};
use super::source::Source;

/// Returns the arrows and the circles of a crate.
fn seen<const N: usize>(files: [(&str, &str); N]) -> (Vec<String>, Vec<String>) {
    let modules = read(&Source::from(files), "lib.rs", Parts::WithoutTests);
    let path = |file: usize| &modules.files[file].path;
    let arrows = modules.arrows();
    let arrows = arrows.iter().map(|arrow| format!("{} {} {}", path(arrow.from), arrow.name, path(arrow.to)));
    (arrows.collect(), circles(&modules).iter().map(ToString::to_string).collect())
}

#[test]
fn a_name_belongs_to_the_file_that_defines_it() {
    let (arrows, circles) = seen([
        ("lib.rs", "pub mod room; mod base; pub use room::Door;"),
        ("base.rs", "pub fn low() {} pub struct Low; pub const HIGH: u8 = 1;"),
        (
            "room/mod.rs",
            "mod door; mod wall; pub use door::Door as Gate; pub use door::*; #[cfg(test)] mod tests;",
        ),
        ("room/door.rs", "use super::wall::{self, Wall as W}; pub struct Door(W); fn f() { wall::build::<u8>(); }"),
        (
            "room/wall/mod.rs",
            "mod brick; use crate::base::*; pub struct Wall; pub fn build<T>() { low(); let x = vec![crate::base::HIGH]; }
             #[cfg(test)] use super::Door; #[derive(serde::Serialize)] struct S { #[serde(with = \"brick\")] b: u8 }",
        ),
        ("room/wall/brick.rs", "pub fn serialize() {}"),
        ("room/tests.rs", "use super::Door;"),
    ]);
    let expected = [
        "room/door.rs Wall room/wall/mod.rs",
        "room/door.rs build room/wall/mod.rs",
        "room/wall/mod.rs HIGH base.rs",
        "room/wall/mod.rs brick room/wall/brick.rs",
        "room/wall/mod.rs low base.rs",
    ];
    assert_eq!(arrows.iter().collect::<std::collections::BTreeSet<_>>(), expected.map(str::to_owned).iter().collect());
    assert!(circles.is_empty(), "{circles:?}");
}

#[test]
fn a_circle_is_named_with_its_files_and_names() {
    let (_, circles) = seen([
        ("lib.rs", "mod room;"),
        (
            "room/mod.rs",
            "mod door; mod wall; mod lamp; pub use door::Door; struct Shared; fn f() -> Door { lamp::on() }",
        ),
        ("room/door.rs", "pub struct Door(Option<super::wall::Wall>); impl Door { fn shut(&self) { self.lock() } }"),
        ("room/wall.rs", "use crate::room::Door; pub struct Wall(Box<Door>);"),
        ("room/lamp/mod.rs", "mod bulb; use super::Shared; pub fn on() {} macro_rules! lit { () => { bulb::Bulb } }"),
        ("room/lamp/bulb.rs", "use crate::room::Door; pub struct Bulb; impl Door { fn lock(&self) { super::on() } }"),
    ]);
    insta::assert_snapshot!(circles.join("\n"));
}

#[test]
fn modules_that_a_macro_declares_are_seen() {
    let (arrows, circles) = seen([
        ("lib.rs", "mod room;"),
        (
            "room/mod.rs",
            "macro_rules! rooms { ($($n:ident)*) => { $(mod $n;)* } } rooms!(door wall); pub struct Shared;",
        ),
        ("room/door.rs", "use super::Shared;"),
        ("room/wall.rs", ""),
    ]);
    assert_eq!(arrows.len(), 3, "{arrows:?}");
    assert_eq!(circles.len(), 1, "{circles:?}");
    assert!(circles[0].starts_with("src/room: door.rs -> mod.rs -> door.rs\n"), "{circles:?}");
}
