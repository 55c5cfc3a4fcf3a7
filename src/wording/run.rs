//! What runs are for, and how they end.

use super::words::Words;
use crate::engine::{StageStatus, Status};

/// What runs are for, in the order they are listed: live, rehearsal, dry run.
pub const MODES: [Words; 3] = [
    Words { name: "live", short: "live run", means: "a real run: its stops went to the services", advice: None },
    Words {
        name: "rehearsal",
        short: "rehearsal",
        means: "a run against the simulator: nothing real was touched",
        advice: Some("run without `--rehearse` to stop the real resources"),
    },
    Words {
        name: "dry_run",
        short: "dry run",
        means: "a run that read the states of the real resources, and sent no stop",
        advice: Some("run without `--dry-run` to stop them"),
    },
];

/// Every status of a run, in the order they are listed.
pub const STATUSES: [Status; 6] =
    [Status::Completed, Status::Aborted, Status::Interrupted, Status::Deadline, Status::Paused, Status::Unlisted];

/// Returns the words for how a run ended.
#[must_use]
pub const fn status(status: Status) -> Words {
    let (name, short, means, advice) = match status {
        Status::Completed => ("completed", "completed", "every target has its outcome", None),
        Status::Aborted => (
            "aborted",
            "aborted",
            "a guard, the failure threshold or a canary ended it",
            Some("find out why before you raise the guard, then `allstop retry REPORT`"),
        ),
        Status::Interrupted => (
            "interrupted",
            "interrupted",
            "a signal ended it",
            Some("`allstop resume JOURNAL`, or `allstop retry REPORT`"),
        ),
        Status::Deadline => (
            "deadline",
            "deadline reached",
            "the deadline passed",
            Some("`allstop retry REPORT`, with a later `--deadline`"),
        ),
        Status::Paused => (
            "paused",
            "paused",
            "a `pause: ask` of a stage ended it: nobody could be asked, or somebody said no",
            Some("look at what was stopped, then `allstop resume JOURNAL`: that is the yes"),
        ),
        Status::Unlisted => (
            "unlisted",
            "not listed",
            "not everything that the plan selects from could be listed, so nothing was stopped",
            Some(
                "fix the errors in `selections[].missing`, then run the plan again; or pass `--partial` to stop what could be listed",
            ),
        ),
    };
    Words { name, short, means, advice }
}

/// Returns the words for how a stage ended.
#[must_use]
pub const fn stage_status(status: StageStatus) -> Words {
    let (short, means) = match status {
        StageStatus::Done => ("done", "every target of the stage has its outcome"),
        StageStatus::Failed => ("failed", "the run ended in the stage"),
        StageStatus::NotBegun => {
            ("not begun", "the run ended before the stage, or no target of the stage was to be stopped")
        }
    };
    Words { name: status.name(), short, means, advice: None }
}
