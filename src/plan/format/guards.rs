//! The keys of `guards`, and what they make of a plan.

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::guards::{Guards, NotFound};
use crate::plan::key::{InContext, Key, Or, Section, Takes};
use crate::plan::pattern::{self, Patterns};
use crate::plan::reader::{Field, Reader};
use crate::plan::value::{Count, Failures, Mapping, Words};
use crate::plan::window::Window;

use super::window::{WINDOW, window};

static MAX_TARGETS: Key<Count<usize>, Or<usize>> =
    Key::new("max_targets", "Refuse a selection of more targets than this.", Count::new(1, u32::MAX as usize)).or(1000);
pub(in crate::plan) static PROTECT: Key<InContext> = Key::new(
    "protect",
    "Patterns of targets that are never stopped. They match ids, identifying fields and label=value.",
    InContext(|| Takes::Patterns),
)
.examples(&["*payments*", "team=billing"]);
static MAX_FAILURES: Key<Failures> =
    Key::new("max_failures", "End the run when this many targets have failed: a count or a percentage.", Failures)
        .examples(&["3", "10%"]);
static NOT_FOUND: Key<Words<NotFound>, Or<NotFound>> = Key::new(
    "not_found",
    "Whether a resource that does not exist counts as done.",
    Words(&[("ok", NotFound::Ok), ("fail", NotFound::Fail)]),
)
.or(NotFound::Fail);
static WINDOW_KEY: Key<Mapping<Window>> =
    Key::new("window", "Times when sending is allowed. Default: always.", Mapping::new(&WINDOW, window));

/// `guards`.
pub static GUARDS: Section = Section {
    place: "guards",
    about: "Safety limits.",
    keys: &[&MAX_TARGETS, &PROTECT, &MAX_FAILURES, &NOT_FOUND, &WINDOW_KEY],
};

impl Default for Guards {
    fn default() -> Self {
        Self {
            max_targets: MAX_TARGETS.default(),
            protect: Vec::new(),
            protect_set: Patterns::default(),
            max_failures: None,
            not_found: NOT_FOUND.default(),
            window: None,
        }
    }
}

pub(super) fn guards(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Guards> {
    let max_targets = MAX_TARGETS.read(fields, reader);
    let (protect, protect_set) = PROTECT.field(fields).map(|field| protect(field, reader)).unwrap_or_default();
    Some(Guards {
        max_targets,
        protect,
        protect_set,
        max_failures: MAX_FAILURES.read(fields, reader),
        not_found: NOT_FOUND.read(fields, reader),
        window: WINDOW_KEY.read(fields, reader),
    })
}

fn protect(field: Field<'_, '_>, reader: &mut Reader<'_>) -> (Vec<String>, Patterns) {
    let (mut texts, mut globs) = (Vec::new(), Vec::new());
    let items: Vec<_> = reader.list(field).map(Iterator::collect).unwrap_or_default();
    for item in items {
        let Some(text) = reader.name(item) else { continue };
        match pattern::compile(&pattern::composed(&text.value)) {
            Ok(glob) => {
                globs.push(glob);
                texts.push(text.value.into_owned());
            }
            Err(error) => {
                let title = format!("{text} is not a pattern: {}", error.kind());
                reader.wrong(text.span, title, Some(pattern::HINT.into()));
            }
        }
    }
    match Patterns::of(globs) {
        Ok(patterns) => (texts, patterns),
        Err(error) => {
            let title = format!("the combined patterns exceed the size limit: {}", error.kind());
            reader.found.push(Finding::error(field.node.span, title));
            (texts, Patterns::default())
        }
    }
}
