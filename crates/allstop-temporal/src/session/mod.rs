//! A session: it holds a lane for a while, and sends.
//!
//! [`hold`](Holder::hold) runs the library's executor over what is left of the lane. Its journal is the engine: a note counts
//! when a heartbeat with it was acknowledged. The same acknowledgement is the lease to send.

mod beats;
mod fence;
mod hold;
mod lease;
mod notes;
mod outcome;
mod room;
mod start;

pub use hold::{Held, Holder, Task};
