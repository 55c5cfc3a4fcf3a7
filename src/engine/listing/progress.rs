//! How far the listing of one kind in one account is.

use std::time::Duration;

use serde::Serialize;

/// How far the listing of one kind in one account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListingProgress {
    /// The account's name.
    pub account: String,
    /// The name of the kind.
    pub kind: &'static str,
    /// How many units are listed, or have failed.
    pub units: usize,
    /// How many units there are, as far as that is known.
    pub of_units: usize,
    /// How many resources match so far.
    pub matched: usize,
    /// Whether it is over.
    pub is_done: bool,
    /// Since the listing began.
    pub elapsed: Duration,
}
