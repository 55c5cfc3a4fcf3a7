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
    /// How a stage ended.
    Stage,
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
    /// Returns what one word of this sort is called, and what several are.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Exit => ("exit status", "Exit statuses"),
            Self::Outcome => ("outcome", "Outcomes"),
            Self::Reason => ("reason of a skipped target", "Reasons of skipped targets"),
            Self::Evidence => ("evidence", "Evidence"),
            Self::Class => ("class of an error", "Classes of errors"),
            Self::Status => ("status of a run", "Statuses of runs"),
            Self::Stage => ("status of a stage", "Statuses of stages"),
            Self::Mode => ("mode of a run", "Modes of runs"),
            Self::Term => ("word", "Other words"),
            Self::Kind => ("kind of target", "Kinds of targets"),
            Self::Key => ("key of a plan", "Keys of plans"),
            Self::Code => ("vendor's code", "Vendors' codes"),
        }
    }

    /// Returns what several words of this sort are called.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        self.names().1
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names().0)
    }
}
