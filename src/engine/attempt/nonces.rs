//! Texts that no other request carries.

use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::HEXLOWER;

/// Texts that no other request carries: counted from a random number on, which asks the system for randomness once.
pub(in crate::engine) struct Nonces {
    first: u128,
    count: AtomicU64,
}

impl Nonces {
    pub(in crate::engine) fn new() -> Self {
        Self { first: uuid::Uuid::new_v4().as_u128(), count: AtomicU64::new(0) }
    }

    /// Returns the next one, 32 hexadecimal digits.
    pub(super) fn next(&self) -> String {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        HEXLOWER.encode(&self.first.wrapping_add(count.into()).to_be_bytes())
    }
}
