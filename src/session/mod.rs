//! A run with everything around it: a plan, a selection, confirmation, the journal, the report and its exports.
//!
//! The program `allstop` is this module with a command line in front. A [`Session`] is prepared by [`Session::begin`],
//! [`Session::resume`] or [`Session::retry`]; [`Session::ready`] checks that everything can be written; then it is
//! [confirmed](Ready::confirm) and [run](Ready::run), and [`Ran::finish`] writes the report. What it has to say and to
//! ask goes to a [`Ui`]. A [`Watch`] does all of this again and again for a while.

mod accounts;
mod after_listing;
mod asked_once;
mod begun;
mod bundle;
mod check;
mod context;
mod discover;
mod error;
mod finish;
mod freeze;
mod header;
mod history;
mod input;
mod left_out;
mod listed;
mod listed_again;
mod listing;
mod measure;
mod next;
#[cfg(not(feature = "simulator"))]
mod no_rehearsal;
#[cfg(not(feature = "otel"))]
mod no_trace;
mod notices;
mod options;
mod outputs;
mod own_file;
mod place;
mod plan;
mod question;
mod ready;
#[cfg(feature = "simulator")]
mod rehearsal;
mod relisting;
mod resume;
mod retry;
mod review;
mod reviewed;
mod round;
mod rows;
mod shell;
mod sign_in;
mod stored;
mod survey;
#[cfg(feature = "otel")]
mod trace;
mod ui;
mod watch;
mod watched;

#[doc(hidden)]
pub use crate::base::shell::quoted;
pub use accounts::{Accounts, AccountsOptions, Verified};
pub use after_listing::AfterListing;
pub use begun::Session;
pub use bundle::{Bundle, BundleError, BundledRun, Gathered, ListedBundle, OpenBundle};
pub use check::Checked;
pub use context::Context;
pub use discover::{DiscoverOptions, DiscoverState, Discovery, Region};
pub use error::SessionError;
pub use finish::{Finished, Ran};
#[doc(hidden)]
pub use history::{HistoryOptions, Pruning, delete_report, read_history};
pub use input::Input;
pub use next::next_command;
#[cfg(not(feature = "simulator"))]
use no_rehearsal as rehearsal;
#[cfg(not(feature = "otel"))]
use no_trace as trace;
pub use notices::Notices;
pub use options::{BeginOptions, Remark, SelectionOptions, SessionOptions, ShardChoice};
#[doc(hidden)]
pub use outputs::note_kept;
#[doc(hidden)]
pub use place::refuse_journal;
pub use plan::SelectedPlan;
pub use ready::Ready;
pub use rehearsal::RehearsalOptions;
pub use resume::ResumeOptions;
pub use retry::RetryOptions;
pub use review::{Review, ReviewLine, ReviewOptions};
pub use round::Ahead;
pub use stored::read_stored;
pub use ui::{Question, SilentUi, Ui};
pub use watch::{Guide, Watch, WatchOptions};
pub use watched::{WatchEnd, Watched};

#[cfg(test)]
#[cfg(feature = "simulator")]
mod tests;
