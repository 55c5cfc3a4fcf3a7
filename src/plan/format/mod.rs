//! What a plan may say: every mapping with fixed keys, and of every key its name, what it takes, and one line about it.
//!
//! The reader knows no other keys than these, and the JSON Schema is made of them, so that the two cannot part. Nothing
//! here reads a plan.

mod account;
mod guards;
mod limits;
mod target;

pub use account::{ACCOUNT, CREDENTIALS, ENV};
pub use guards::{GUARDS, WINDOW};
pub use limits::{KIND_LIMITS, LIMITS, RETRY, VERIFY};
pub use target::{BULK, DEFAULTS, TARGET};

/// A mapping whose keys are fixed.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about, in one sentence.
    pub about: &'static str,
    /// Its keys, in the order to write them.
    pub keys: &'static [Key],
}

/// One key of a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key as plans write it.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// What values it takes.
    pub takes: Takes,
    /// Whether it must be there.
    pub required: bool,
    /// What counts where it is left out, as plans write it.
    pub default: Option<&'static str>,
    /// Values to show, as plans write them.
    pub examples: &'static [&'static str],
}

/// What values a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// The version of the format.
    Version,
    /// Text that names something: not empty, and without control characters.
    Name,
    /// A name of letters, digits, `-` and `_`.
    HostWord,
    /// The name of an environment variable.
    Variable,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A whole number between two bounds.
    Count(u64, u64),
    /// `true` or `false`.
    Flag,
    /// A duration such as `30s`.
    Duration,
    /// A rate such as `80/min`.
    Rate,
    /// A count such as `3`, or a percentage such as `10%`.
    MaxFailures,
    /// A time of day such as `20:00`.
    TimeOfDay,
    /// Texts by free names.
    Labels,
    /// A list of patterns.
    Patterns,
    /// A list of at least one of a few words in an order that comes round again, or of ranges such as `mon-fri`.
    Cycle(&'static [&'static str]),
    /// Base URLs by product.
    Endpoints,
    /// The name of a kind.
    Kind,
    /// Another mapping.
    Section(&'static Section),
    /// Mappings by free names, at least one.
    Each(&'static Section),
    /// Mappings by the names of kinds.
    PerKind(&'static Section),
    /// Targets, and files of them, at least one.
    Targets,
}

/// A plan.
pub static PLAN: Section = Section {
    about: "What to stop, where, and under which rules.",
    keys: &[
        Key::new("version", "The version of this format.", Takes::Version).required(),
        Key::new(
            "name",
            "What the report calls the plan; the file's name without its ending where it is left out.",
            Takes::Name,
        )
        .examples(&["incident-4711"]),
        Key::new("accounts", "The accounts that targets refer to, by names that you choose.", Takes::Each(&ACCOUNT))
            .required(),
        Key::new("defaults", "What targets get that state nothing else.", Takes::Section(&DEFAULTS)),
        Key::new("limits", "How fast to send, and how much at once.", Takes::Section(&LIMITS)),
        Key::new("retry", "When and how often to try again.", Takes::Section(&RETRY)),
        Key::new("verify", "Whether to read states back.", Takes::Section(&VERIFY)),
        Key::new("guards", "What must not happen.", Takes::Section(&GUARDS)),
        Key::new("targets", "What to stop, or files that list it; at least one.", Takes::Targets).required(),
    ],
};

impl Section {
    /// Returns the names of the keys.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

impl Key {
    const fn new(name: &'static str, about: &'static str, takes: Takes) -> Self {
        Self { name, about, takes, required: false, default: None, examples: &[] }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn examples(self, examples: &'static [&'static str]) -> Self {
        Self { examples, ..self }
    }
}
