//! The keys of `guards`.

use super::{Key, Section, Takes};

/// `guards`.
pub static GUARDS: Section = Section {
    about: "What must not happen.",
    keys: &[
        Key::new("max_targets", "A selection of more targets than this is refused.", Takes::Count(1, u32::MAX as u64))
            .default("1000"),
        Key::new(
            "protect",
            "Patterns of what is never stopped, matched with ids, identifying fields and label=value.",
            Takes::Patterns,
        )
        .examples(&["*payments*", "team=billing"]),
        Key::new(
            "max_failures",
            "Ends the run when so many targets have failed: a count or a percentage.",
            Takes::MaxFailures,
        )
        .examples(&["3", "10%"]),
        Key::new("not_found", "Whether a resource that is gone counts as done.", Takes::Word(&["ok", "fail"]))
            .default("fail"),
        Key::new("window", "When sending is allowed; always where it is left out.", Takes::Section(&WINDOW)),
    ],
};

/// `guards.window`.
pub static WINDOW: Section = Section {
    about: "When sending is allowed, by the clock on the wall.",
    keys: &[
        Key::new(
            "days",
            "The days on which it opens, or ranges of them such as mon-fri; every day where they are left out.",
            Takes::Cycle(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ),
        Key::new("from", "When it opens, as HH:MM.", Takes::TimeOfDay).required().examples(&["20:00"]),
        Key::new("to", "When it closes, as HH:MM; on the next day where that is at or before from.", Takes::TimeOfDay)
            .required()
            .examples(&["06:00"]),
        Key::new("timezone", "Whose clock counts: a name of the IANA time zone database.", Takes::Name)
            .required()
            .examples(&["Asia/Shanghai", "UTC"]),
    ],
};
