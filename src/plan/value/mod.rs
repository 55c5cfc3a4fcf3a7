//! The forms of values: how each is described and read.

mod number;
mod text;
mod time;
mod word;

pub(super) use number::{FLAG, MAX_FAILURES, RATE, VERSION, count, flag};
pub(super) use text::{HOST_WORD, NAME, VARIABLE, WORDING};
pub(super) use time::{DAYS, DURATION, MOMENT, TIME_OF_DAY, ZONE};
pub(super) use word::{Word, word};
