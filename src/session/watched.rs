//! How a watch ended: one summary over all its rounds, for people and for programs.

use std::time::Duration;

use serde::Serialize;

use crate::base::count::{HumanCount, counted};
use crate::base::duration::spoken;

/// How a watch ended. As JSON it is the line of `--output json`; `docs/watch.md` says every field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Watched {
    /// The version of the format: [`Watched::VERSION`].
    pub version: u32,
    /// How many rounds there were.
    pub rounds: u32,
    /// How many targets they stopped.
    pub stopped: u64,
    /// How many rows are `respawned`.
    pub respawned: u64,
    /// How many targets are not stopped by the last that is known of them.
    pub not_stopped: u64,
    /// The exit status of the program.
    pub exit_code: u8,
    /// Why it ended.
    pub ended: WatchEnd,
    /// The directory with the journals and reports of the rounds.
    pub folder: String,
    /// What starts flows again that came back, in words.
    pub starters: Vec<String>,
    /// What ended it early, in words.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// Why a watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchEnd {
    /// Its time is over.
    TimeOver,
    /// Nothing came back for as long as `--until-quiet` says.
    Quiet,
    /// A guard refused or ended a round.
    Guard,
    /// A round could not list everything.
    Unlisted,
    /// A signal.
    Signal,
    /// The deadline.
    Deadline,
    /// A round ended at a pause of a stage that asks.
    Paused,
    /// A report or a journal could not be written.
    NotWritten,
    /// A round could not be begun.
    Failed,
}

impl WatchEnd {
    const fn says(self) -> &'static str {
        match self {
            Self::TimeOver => "The time is over.",
            Self::Quiet => "Nothing came back for as long as --until-quiet says.",
            Self::Guard => "A guard ended it.",
            Self::Unlisted => "The last round could not list everything, so it stopped nothing.",
            Self::Signal => "A signal ended it.",
            Self::Deadline => "The deadline ended it.",
            Self::Paused => "The last round ended at a pause that asks.",
            Self::NotWritten => "A report or a journal could not be written.",
            Self::Failed => "The last round could not begin.",
        }
    }
}

/// Says how many came back, if any did.
pub(super) fn respawned(number: u64) -> String {
    if number == 0 { String::new() } else { format!(", {} respawned", HumanCount(number)) }
}

impl Watched {
    /// The version of the format.
    pub const VERSION: u32 = 1;

    /// Says it in sentences. Texts of services in it are not escaped.
    #[must_use]
    pub fn text(&self) -> String {
        let took = spoken(Duration::from_secs((self.duration_ms / 1000).max(1)));
        let mut text = format!(
            "Watched for {took} in {}: {} stopped{}.",
            counted(self.rounds.into(), "round"),
            counted(self.stopped, "target"),
            respawned(self.respawned)
        );
        if self.not_stopped > 0 {
            text.push_str(&format!(" Not stopped: {}.", counted(self.not_stopped, "target")));
        }
        text.push(' ');
        text.push_str(self.ended.says());
        for line in self.error.iter().chain(&self.starters) {
            text.push_str(&format!("\n  {line}"));
        }
        format!("{text}\nReports: {}", self.folder)
    }
}
