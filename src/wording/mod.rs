//! The words of the reports in words for people: one row for each, with all its forms.
//!
//! Summaries, tables, pages, progress, schemas and `allstop explain` take their texts from here and have none of their
//! own for an outcome, a reason, an evidence, a class, a status, a mode or an exit status.

mod class;
mod exit;
mod outcome;
mod reason;
mod run;
mod words;

pub use class::{class, retried};
pub use exit::{Exit, NOT_WHOLE, exit};
pub use outcome::{evidence, listed_outcome, outcome};
pub use reason::{listed_reason, reason, skipped};
pub use run::{MODES, STATUSES, stage_status, status};
pub use words::{Words, capitalised, label, sentence};
