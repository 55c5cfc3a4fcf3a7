//! What people and scripts get to see of a run: the JSON report, the closing summary, the progress, the exit status.
//!
//! Everything here reads the plan and the run's record or events. Nothing here sends or changes state, and no part is
//! needed for another one to work.

mod accounts;
mod brief;
mod by;
mod causes;
mod counts;
mod csv;
mod diff;
mod discovered;
mod disposition;
mod drift;
mod earlier;
mod example;
mod exit;
mod fold;
mod format;
mod history;
#[cfg(feature = "html")]
mod html;
mod json;
mod junit;
mod line;
mod listed;
mod markdown;
mod merge;
mod metrics;
mod palette;
mod place;
mod preview;
pub mod progress;
mod read;
mod remainder;
mod remarks;
mod selected;
mod stages;
mod summary;
#[cfg(feature = "terminal")]
mod table;
mod tally;
mod text;
mod undo;
mod verdict;
mod whose;
mod width;
mod words;
mod write;

#[doc(hidden)]
pub use crate::base::count::{HumanCount, counted};
#[doc(hidden)]
pub use crate::base::duration::spoken;
#[doc(hidden)]
pub use crate::base::escape::{Escaped, escaped_lines, write_json_line};
pub use accounts::{AccountRow, AccountsTable};
pub use brief::{Brief, BriefCause};
pub use by::{CountKey, CountKeyError, CountsBy};
pub use counts::{OutcomeCounts, Retries};
pub use diff::Diff;
pub use discovered::{DiscoverFormat, Discovered, is_own, nothing};
pub use disposition::{Accepts, Disposition};
pub use drift::{Drift, MixedModes};
pub use exit::{Signal, exit_status};
#[doc(hidden)]
pub use fold::{folded, wrapped};
pub use format::{Format, export};
pub use history::{HeadError, History, HistoryFilter, HistoryRun, Unread, head_of, is_whole, old, report_files};
#[cfg(feature = "html")]
pub use html::{HistoryPage, HtmlPage};
pub use json::{
    About, AccountRef, LaneSummary, MissingUnit, Moment, NamedValue, NamedValues, PlanRef, Rehearsal, Report,
    ReviewedRef, Row, RowAttempt, RowError, RowSeen, RowSource, Rows, RunInfo, RunMode, SelectionSummary, StageInfo,
    Tool, Unended,
};
pub use line::OutputLine;
pub use markdown::Markdown;
pub(crate) use merge::Shards;
pub use merge::{MergeError, ShardReport, merge};
pub use metrics::{
    BOUNDS, Family, Histogram, Label, MetricsError, MetricsFile, RunMetrics, Sample, Samples, Unit, metrics_labels,
};
#[doc(hidden)]
pub use preview::grid;
pub use preview::{AccountCredentials, CredentialsPreview, FoundPreview, Preview, targets, warnings};
pub use read::ReportReadError;
pub use remainder::PlanMismatch;
#[doc(hidden)]
pub use stages::at_pause;
pub use summary::Summary;
#[cfg(feature = "terminal")]
pub use table::Table;
pub use tally::Tally;
pub use undo::{NoUndo, UndoScript};
pub use whose::{ClosedAccount, whose};
pub use write::{Destination, Prepared, WriteError};
