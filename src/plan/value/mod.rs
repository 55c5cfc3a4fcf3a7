//! The forms of values: how each is described and read.

mod number;
mod pattern;
mod text;
mod time;
mod word;

pub(super) use number::{FLAG, MAX_FAILURES, RATE, VERSION, count, flag, whole};
pub(super) use pattern::{GLOBS, TAGS, glob, globs, one_or_more};
pub(super) use text::{HOST_WORD, NAME, VARIABLE, WORDING};
pub(super) use time::{DAYS, DURATION, MOMENT, PAUSE, TIME_OF_DAY, ZONE};
pub(super) use word::{Word, word, words};
