//! The runs of many reports: when, of which plan, with what result.
//!
//! Of each report, only what stands before its rows is read: a thousand large reports take the memory of none.

mod files;
mod head;
mod json;
mod old;
mod runs;
mod text;

pub use files::report_files;
pub use head::{HeadError, head_of, is_whole};
pub use old::old;
pub use runs::{History, HistoryFilter, HistoryRun, Unread};
