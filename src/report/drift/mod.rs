//! What came back: which targets were stopped in one of several reports, ran again in a later one, and were stopped
//! again, and how often.

mod course;
mod json;
mod reports;
mod text;
mod total;

pub use reports::MixedModes;
pub use total::Drift;
