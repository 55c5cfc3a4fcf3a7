//! The keys of `guards`, and what they make of a plan.

use jiff::tz::TimeZone;

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::guards::{Guards, MaxFailures, NotFound};
use crate::plan::key::{Form, Key, Or, Takes, omitted, section};
use crate::plan::pattern::Patterns;
use crate::plan::protect_until::ProtectUntil;
use crate::plan::reader::{Field, Reader};
use crate::plan::value::{ACCOUNT_IDS, MAX_FAILURES, PatternUntil, UNTIL, count, glob, word};
use crate::plan::window::Window;

use super::window::{WINDOW, window};

section! {
    /// `guards`.
    GUARDS: GuardsKeys = "guards", "Safety limits.";

    max_targets: Or<usize> = "Refuse a selection of more targets than this.",
        (count::<usize, { u32::MAX as u64 }>(), 1000);
    protect: Key<Patterns> =
        "Patterns of targets that are never stopped. They match ids, identifying fields and label=value.",
        Form { takes: || Takes::Patterns, read: protect }, examples(&["*payments*", "team=billing"]);
    protect_until: Key<Vec<PatternUntil>> =
        "Patterns of targets that are not stopped until the end of a day, in the time zone of `window`, or in UTC without one.",
        UNTIL, examples(&["{\"*payments*\": 2026-12-31}"]);
    max_failures: Key<MaxFailures> =
        "End the run when this many targets have failed: a count or a percentage.", MAX_FAILURES,
        examples(&["3", "10%"]);
    not_found: Or<NotFound> = "Whether a resource that does not exist counts as done.", (word(), NotFound::Fail);
    window: Key<Window> = "Times when sending is allowed. Default: always.",
        Form { takes: || Takes::Section(WINDOW.section()), read: window };
    accounts: Key<Vec<String>> = GuardedAccountKeys::ABOUT,
        Form { takes: || Takes::Section(GUARDED_ACCOUNTS.section()), read: |field, reader| {
            GUARDED_ACCOUNTS.deny.read(&GUARDED_ACCOUNTS.open(field, reader)?, reader)
        } };
}

section! {
    /// `guards.accounts`.
    GUARDED_ACCOUNTS: GuardedAccountKeys = "guards.accounts",
        "Accounts of the clouds in which nothing is ever stopped, whatever the plan says.";

    deny: Key<Vec<String>> =
        "The ids of these accounts. While there is one, an account that cannot be identified is refused, too.", ACCOUNT_IDS, required(),
        examples(&["1234567890123456"]);
}

impl Default for Guards {
    fn default() -> Self {
        omitted(guards)
    }
}

pub(super) fn guards(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Guards {
    let window = GUARDS.window.read(fields, reader);
    Guards {
        max_targets: GUARDS.max_targets.read(fields, reader),
        protect: GUARDS.protect.read(fields, reader).unwrap_or_default(),
        protect_until: protect_until(fields, window.as_ref(), reader).unwrap_or_default(),
        max_failures: GUARDS.max_failures.read(fields, reader),
        not_found: GUARDS.not_found.read(fields, reader),
        window,
        denied_accounts: GUARDS.accounts.read(fields, reader).unwrap_or_default(),
    }
}

fn protect(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Patterns> {
    let mut patterns = Vec::new();
    for item in reader.list(field)? {
        patterns.extend(glob(item, reader).map(|(glob, text)| (glob, text.value.into_owned())));
    }
    Patterns::of(patterns).map_err(|error| reader.found.push(too_large(field, &error))).ok()
}

/// Reads the patterns that protect until a day; the days are those of the window's zone.
fn protect_until(fields: &Fields<'_, '_>, window: Option<&Window>, reader: &mut Reader<'_>) -> Option<ProtectUntil> {
    let field = GUARDS.protect_until.field(fields, reader)?;
    let entries = GUARDS.protect_until.read(fields, reader)?;
    let zone = window.map_or(TimeZone::UTC, |window| window.timezone.clone());
    ProtectUntil::of(entries, zone).map_err(|error| reader.found.push(too_large(field, &error))).ok()
}

fn too_large(field: Field<'_, '_>, error: &globset::Error) -> Finding {
    Finding::error(field.node.span, format!("the combined patterns exceed the size limit: {}", error.kind()))
}
