//! What a run of a plan would do, in words: what `check` shows, and the prompt before anything is sent.

mod age;
mod credentials;
mod found;
mod grid;
mod overview;
mod rules;
mod selects;
mod stages;
mod targets;
mod times;
mod warnings;

pub use credentials::{AccountCredentials, CredentialsPreview};
pub use found::FoundPreview;
pub use grid::grid;
pub use overview::Preview;
pub use targets::targets;
pub use warnings::warnings;
