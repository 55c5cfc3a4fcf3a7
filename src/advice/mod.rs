//! What to do about an error, in plain words: the one maker of advice, for reports and for `allstop explain`.
//!
//! Advice is a fragment of one or two sentences. It starts in lower case and has no full stop at its end.

mod class;
mod cloud;
mod error;
mod target;

pub use error::{Origin, advice};
pub use target::{Ending, Signer, of_target};
