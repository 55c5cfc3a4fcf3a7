//! What a program needs of the system it runs on: [signals](Signals), descriptors, threads, a clock that can be meant.

mod resources;
mod signals;

pub(crate) use resources::raise_descriptors;
pub use resources::{demand, runtime};
pub use signals::{Effects, Signals};
