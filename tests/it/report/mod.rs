//! What people and scripts get to see of a run.

mod by;
mod commands;
mod csv;
mod diff;
mod drift;
mod every;
mod exit;
mod exports;
pub(crate) mod fixture;
mod found_preview;
mod hint;
mod history;
mod html;
#[cfg(unix)]
mod html_browser;
mod json;
mod junit;
mod markdown;
mod merge;
mod progress;
mod progress_json;
mod selections;
mod summary;
mod table;
mod undo;
mod verdict;
mod voice;
mod wording;
mod write;
