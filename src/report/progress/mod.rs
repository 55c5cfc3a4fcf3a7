//! The progress of a run while it runs, on standard error: bars on a terminal, plain lines elsewhere, or JSON.
//!
//! Observers only look: what they cannot write is lost, and the run continues. Each event costs them some counting;
//! they write ten times a second at most, unless every attempt is to be shown, and on a thread of their own.

#[cfg(feature = "terminal")]
mod bars;
mod eta;
mod failing;
pub mod json;
mod lane;
mod layout;
mod listing;
mod meter;
mod options;
#[cfg(feature = "terminal")]
mod outlet;
#[cfg(feature = "terminal")]
mod panel;
mod pauses;
mod plain;
mod story;
mod tally;
mod watch;

#[cfg(feature = "terminal")]
pub use bars::Bars;
pub use listing::{ListingLog, listing_json, listing_screen};
pub use options::{Detail, Namer, Print, Progress, to_stderr};
#[cfg(feature = "terminal")]
pub use outlet::{Missing, Outlet};
pub use watch::watch;
