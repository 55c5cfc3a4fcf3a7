//! The keys of a plan.

use crate::plan::guards::Guards;
use crate::plan::key::{InContext, Key, Required, Section, Takes};
use crate::plan::limits::{Limits, Retry, Verify};
use crate::plan::value::{Mapping, Name, Version};

use super::account::ACCOUNT;
use super::guards::{GUARDS, guards};
use super::limits::{LIMITS, limits};
use super::retry::{RETRY, VERIFY, retry, verify};
use super::target::{BULK, DEFAULTS, TARGET};

pub(in crate::plan) static VERSION: Key<Version, Required> =
    Key::new("version", "The version of this format.", Version).required();
pub(in crate::plan) static NAME: Key<Name> =
    Key::new("name", "Name of the plan in the report. Default: the file name without its extension.", Name)
        .examples(&["incident-4711"]);
pub(in crate::plan) static ACCOUNTS: Key<InContext, Required> =
    Key::new("accounts", "The accounts, by names of your choice.", InContext(|| Takes::Each(&ACCOUNT))).required();
pub(in crate::plan) static DEFAULTS_KEY: Key<InContext> =
    Key::new("defaults", DEFAULTS.about, InContext(|| Takes::Section(&DEFAULTS)));
pub(in crate::plan) static LIMITS_KEY: Key<Mapping<Limits>> =
    Key::new("limits", LIMITS.about, Mapping::new(&LIMITS, limits));
pub(in crate::plan) static RETRY_KEY: Key<Mapping<Retry>> = Key::new("retry", RETRY.about, Mapping::new(&RETRY, retry));
pub(in crate::plan) static VERIFY_KEY: Key<Mapping<Verify>> =
    Key::new("verify", VERIFY.about, Mapping::new(&VERIFY, verify));
pub(in crate::plan) static GUARDS_KEY: Key<Mapping<Guards>> =
    Key::new("guards", GUARDS.about, Mapping::new(&GUARDS, guards));
pub(in crate::plan) static TARGETS: Key<InContext, Required> = Key::new(
    "targets",
    "What to stop, or files that list it; at least one.",
    InContext(|| Takes::Targets([&TARGET, &BULK])),
)
.required();

/// A plan.
pub static PLAN: Section = Section {
    place: "the plan",
    about: "What to stop, where, and under which rules.",
    keys: &[&VERSION, &NAME, &ACCOUNTS, &DEFAULTS_KEY, &LIMITS_KEY, &RETRY_KEY, &VERIFY_KEY, &GUARDS_KEY, &TARGETS],
};
