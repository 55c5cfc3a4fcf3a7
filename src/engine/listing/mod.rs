//! What runs: the listings of a plan's selections, account by account and side by side.
//!
//! [`Listings`] sends the requests and judges what comes back; [`Found`] is what a selection takes. Nothing is stopped
//! here, and nothing is kept beyond the run.

mod budget;
mod catalog;
mod collector;
mod freeze;
mod job;
mod keys;
mod lane;
mod listings;
mod pager;
mod pages;
mod progress;
mod record;
mod run;
mod starters;
#[cfg(test)]
mod tests;
mod unit;

pub use collector::{Found, Rest, Spared};
pub use freeze::Frozen;
pub use listings::Listings;
pub use progress::ListingProgress;
pub use record::{ListingEnd, ListingRecord};
pub use starters::Starter;
