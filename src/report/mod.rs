//! What people and scripts get to see of a run: the JSON report, the closing summary, the progress, the exit status.
//!
//! Everything here reads the plan and the run's record or events. Nothing here sends or changes state, and no part is
//! needed for another one to work.

mod causes;
mod csv;
mod diff;
mod earlier;
mod exit;
mod finding;
mod fold;
mod format;
#[cfg(feature = "html")]
mod html;
mod json;
mod junit;
mod line;
mod markdown;
mod merge;
mod palette;
mod place;
mod preview;
pub mod progress;
mod read;
mod remainder;
mod summary;
#[cfg(feature = "terminal")]
mod table;
mod tally;
mod text;
mod verdict;
mod width;
mod words;
mod write;

pub use crate::base::count::{agreed, counted};
pub use crate::base::duration::spoken;
pub use crate::base::escape::{Escaped, escaped_lines, write_json_line};
pub use csv::write_csv;
pub use diff::Diff;
pub use exit::{Signal, Standing, exit_code, standing};
pub use fold::{folded, wrapped};
pub use format::Format;
#[cfg(feature = "html")]
pub use html::{HtmlPage, write_html};
pub use json::{
    About, AccountRef, Counts, Lane, Mode, Moment, NamedValue, NamedValues, PlanRef, Rehearsal, Report, Retries, Row,
    RowAttempt, RowError, Rows, Run, Tool, Unended,
};
pub use junit::write_junit;
pub use line::Line;
pub use markdown::Markdown;
pub use merge::{MergeError, Part, Shards, merge};
pub use preview::warnings;
#[cfg(feature = "terminal")]
pub use preview::{Preview, targets};
pub use read::ReadError;
pub use remainder::Stray;
pub use summary::Summary;
#[cfg(feature = "terminal")]
pub use table::Table;
pub use tally::Tally;
pub use write::{Destination, Prepared, WriteError};
