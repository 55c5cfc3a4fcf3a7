//! The forms of values: how each is described, read and written.

mod nested;
mod number;
mod text;
mod time;
mod word;

pub(super) use nested::{Mapping, PerKind};
pub(super) use number::{Count, Failures, Flag, RateOf, Version};
pub(super) use text::{HostWord, Name, Variable};
pub(super) use time::{Days, Lasting, TimeOfDay, Zone};
pub(super) use word::Words;
