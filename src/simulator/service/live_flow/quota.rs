//! The quota of each API.

/// The documented 80 calls a minute, of each API.
pub(super) const RATE: f64 = 80.0 / 60.0;
