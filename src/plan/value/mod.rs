//! The forms of values: how each is described and read.

mod account_id;
mod command;
mod number;
mod path;
mod pattern;
mod policy;
mod session;
mod template;
mod text;
mod time;
mod until;
mod word;

pub(crate) use account_id::is_account_id;
pub(super) use account_id::{ACCOUNT_IDS, account_id, domain_id};
pub(super) use command::COMMAND;
pub(super) use number::{FLAG, MAX_FAILURES, RATE, VERSION, count, flag, whole};
pub(super) use path::PATH;
pub(super) use pattern::{GLOBS, TAGS, glob, globs, one_or_more};
pub(super) use policy::POLICY;
pub(super) use session::{AGENCY_URN, EXTERNAL_ID, PROVIDER_ARN, PROVIDER_URN, ROLE_ARN, SESSION_NAME};
pub(super) use template::TEMPLATE;
pub(super) use text::{HOST_WORD, NAME, VARIABLE, WORDING};
pub(super) use time::{DAYS, DURATION, MOMENT, PAUSE, TIME_OF_DAY, WAIT, ZONE, between};
pub(super) use until::{PatternUntil, UNTIL};
pub(super) use word::{Word, word, words};
