//! The sorts of words that are explained.

use std::fmt;

/// What sort of word an entry explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The exit status of the program.
    Exit,
    /// A target's outcome.
    Outcome,
    /// Why a target was skipped.
    Reason,
    /// How an outcome is known.
    Evidence,
    /// The class of an error.
    Class,
    /// How a run ended.
    Status,
    /// What a run was for.
    Mode,
    /// A word that is none of the others.
    Term,
    /// A kind of target.
    Kind,
    /// A key of a plan.
    Key,
    /// A vendor's error code.
    Code,
}

impl Topic {
    /// Every topic, in the order they are listed.
    pub const ALL: [Self; 11] = [
        Self::Exit,
        Self::Outcome,
        Self::Reason,
        Self::Evidence,
        Self::Class,
        Self::Status,
        Self::Mode,
        Self::Term,
        Self::Kind,
        Self::Key,
        Self::Code,
    ];

    /// Returns what several words of this sort are called.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Exit => "Exit statuses",
            Self::Outcome => "Outcomes",
            Self::Reason => "Reasons of skipped targets",
            Self::Evidence => "Evidence",
            Self::Class => "Classes of errors",
            Self::Status => "Statuses of runs",
            Self::Mode => "Modes of runs",
            Self::Term => "Other words",
            Self::Kind => "Kinds of targets",
            Self::Key => "Keys of plans",
            Self::Code => "Vendors' codes",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exit => "exit status",
            Self::Outcome => "outcome",
            Self::Reason => "reason of a skipped target",
            Self::Evidence => "evidence",
            Self::Class => "class of an error",
            Self::Status => "status of a run",
            Self::Mode => "mode of a run",
            Self::Term => "word",
            Self::Kind => "kind of target",
            Self::Key => "key of a plan",
            Self::Code => "vendor's code",
        })
    }
}
