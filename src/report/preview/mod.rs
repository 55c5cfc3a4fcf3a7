//! What a run of a plan would do, in words: what `check` shows, and the prompt before anything is sent.

#[cfg(feature = "terminal")]
mod grid;
#[cfg(feature = "terminal")]
mod overview;
#[cfg(feature = "terminal")]
mod rules;
#[cfg(feature = "terminal")]
mod targets;
#[cfg(feature = "terminal")]
mod times;
mod warnings;

#[cfg(feature = "terminal")]
pub use overview::Preview;
#[cfg(feature = "terminal")]
pub use targets::targets;
pub use warnings::warnings;
