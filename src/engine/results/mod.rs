//! The results of many targets, packed.

mod completed;
mod packed;

pub use completed::Completed;
pub use packed::{Results, UnpackError};
