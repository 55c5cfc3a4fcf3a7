//! The keys of `defaults` and of the entries of `targets`; a kind's own parameters are in `crate::service`.

use crate::plan::key::{InContext, Key, Required, Section, Takes};
use crate::plan::value::Name;

const LABELS: InContext = InContext(|| Takes::Labels);

pub(in crate::plan) static DEFAULT_ACCOUNT: Key<Name> =
    Key::new("account", "Account of targets without an account of their own.", Name);
pub(in crate::plan) static DEFAULT_LABELS: Key<InContext> =
    Key::new("labels", "Labels of every target; a target's own labels take precedence.", LABELS);

/// `defaults`.
pub static DEFAULTS: Section =
    Section { place: "defaults", about: "Default values of targets.", keys: &[&DEFAULT_ACCOUNT, &DEFAULT_LABELS] };

pub(in crate::plan) static KIND: Key<InContext, Required> =
    Key::new("kind", "Kind of the target; it determines the other keys.", InContext(|| Takes::Kind)).required();
pub(in crate::plan) static ID: Key<Name> =
    Key::new("id", "Unique name in reports. Default: kind and identifying fields.", Name);
pub(in crate::plan) static ACCOUNT: Key<Name> =
    Key::new("account", "Account of the target, of the kind's cloud. Default: the account of `defaults`.", Name);
pub(in crate::plan) static LABELS_KEY: Key<InContext> =
    Key::new("labels", "Labels for guards.protect, --label and reports.", LABELS);

/// What targets of every kind have.
pub static TARGET: Section =
    Section { place: "a target", about: "A target: one resource to stop.", keys: &[&KIND, &ID, &ACCOUNT, &LABELS_KEY] };

pub(in crate::plan) static FROM: Key<Name, Required> =
    Key::new("from", "The file: CSV, NDJSON or a JSON list; relative to the plan's directory.", Name)
        .required()
        .examples(&["executions.csv"]);
pub(in crate::plan) static FILE_ACCOUNT: Key<Name> =
    Key::new("account", "Account of rows without an account of their own.", Name);
pub(in crate::plan) static FILE_LABELS: Key<InContext> = Key::new(
    "labels",
    "Labels that take precedence over those of defaults; a row's own take precedence over both.",
    LABELS,
);

/// An entry that stands for all targets of a file.
pub static BULK: Section = Section {
    place: "a target with from",
    about: "All targets of one kind that a file lists.",
    keys: &[&KIND, &FROM, &FILE_ACCOUNT, &FILE_LABELS],
};
