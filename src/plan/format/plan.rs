//! The keys of a plan.

use crate::plan::guards::Guards;
use crate::plan::key::{Form, InContext, Key, Section, Takes, section};
use crate::plan::limits::{Limits, Retry, Verify};
use crate::plan::value::{NAME, VERSION};

use super::account::ACCOUNT;
use super::guards::{GUARDS, GuardsKeys, guards};
use super::limits::{LIMITS, LimitsKeys, limits};
use super::notify::NOTIFICATION;
use super::retry::{RETRY, RetryKeys, VERIFY, VerifyKeys, retry, verify};
use super::reviewed::{REVIEWED, ReviewedKeys};
use super::stage::STAGE;
use super::target::{BULK, DEFAULTS, DefaultsKeys, SELECTION, TARGET};

/// The form of a mapping that is read to the end, whatever is wrong in it.
macro_rules! mapping {
    ($section:ident, $read:ident) => {
        Form {
            takes: || Takes::Section($section.section()),
            read: |field, reader| Some($read(&$section.open(field, reader)?, reader)),
        }
    };
}

section! {
    /// A plan.
    PLAN: PlanKeys = "the plan", "What to stop, where, and under which rules.";

    version: Key<()> = "The version of this format.", VERSION, required();
    name: Key<String> = "Name of the plan in the report. Default: the file name without its extension.", NAME,
        examples(&["incident-4711"]);
    accounts: Key<InContext> = "The accounts, by names of your choice.",
        Form::in_context(|| Takes::Each(ACCOUNT.section())), required();
    defaults: Key<InContext> = DefaultsKeys::ABOUT, Form::in_context(|| Takes::Section(DEFAULTS.section()));
    limits: Key<Limits> = LimitsKeys::ABOUT, mapping!(LIMITS, limits);
    retry: Key<Retry> = RetryKeys::ABOUT, mapping!(RETRY, retry);
    verify: Key<Verify> = VerifyKeys::ABOUT, mapping!(VERIFY, verify);
    guards: Key<Guards> = GuardsKeys::ABOUT, mapping!(GUARDS, guards);
    notify: Key<InContext> = "Who is notified of runs: chats and web services, by names of your choice.",
        Form::in_context(|| Takes::Each(NOTIFICATION.section()));
    reviewed: Key<InContext> = ReviewedKeys::ABOUT, Form::in_context(|| Takes::Section(REVIEWED.section()));
    targets: Key<InContext> =
        "What to stop, conditions that select it, or files that list it; at least one. Required without `stages`.",
        Form::in_context(|| Takes::Targets([TARGET.section(), SELECTION.section(), BULK.section()]));
    stages: Key<InContext> = "Targets in stages that are stopped one after the other, in place of `targets`.",
        Form::in_context(|| Takes::List(STAGE.section()));
}

/// Describes a plan: its keys, with all sections below it.
#[must_use]
pub fn plan() -> Section {
    PLAN.section()
}
