//! The keys of `defaults` and of the entries of `targets`; a kind's own parameters are in `crate::service`.

use super::{Key, Section, Takes};

const KIND: Key = Key::new("kind", "What it is; it says what other keys there are.", Takes::Kind).required();

/// `defaults`.
pub static DEFAULTS: Section = Section {
    about: "What targets get that state nothing else.",
    keys: &[
        Key::new("account", "The account of targets that name none.", Takes::Name),
        Key::new("labels", "Labels of every target; a target's own are put over them.", Takes::Labels),
    ],
};

/// What targets of every kind have.
pub static TARGET: Section = Section {
    about: "A target: one thing to stop.",
    keys: &[
        KIND,
        Key::new(
            "id",
            "Its name in reports, which no other target has; made of kind and identifying fields where it is left out.",
            Takes::Name,
        ),
        Key::new(
            "account",
            "Whose it is: an account of the kind's cloud; that of defaults where it is left out.",
            Takes::Name,
        ),
        Key::new("labels", "Labels for guards.protect, --label and reports.", Takes::Labels),
    ],
};

/// An entry that stands for all targets of a file.
pub static BULK: Section = Section {
    about: "All targets of one kind that a file lists.",
    keys: &[
        KIND,
        Key::new("from", "The file: CSV, NDJSON or a JSON list; relative to the plan's folder.", Takes::Name)
            .required()
            .examples(&["executions.csv"]),
        Key::new("account", "Whose those are that name none themselves.", Takes::Name),
        Key::new("labels", "Labels put over those of defaults; a row's own are put over both.", Takes::Labels),
    ],
};
