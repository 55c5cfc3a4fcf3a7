//! The keys of `guards`, and what they make of a plan.

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::guards::{Guards, MaxFailures, NotFound};
use crate::plan::key::{Form, Key, Or, Takes, omitted, section};
use crate::plan::pattern::Patterns;
use crate::plan::reader::{Field, Reader};
use crate::plan::value::{ACCOUNT_IDS, MAX_FAILURES, count, glob, word};
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
    Guards {
        max_targets: GUARDS.max_targets.read(fields, reader),
        protect: GUARDS.protect.read(fields, reader).unwrap_or_default(),
        max_failures: GUARDS.max_failures.read(fields, reader),
        not_found: GUARDS.not_found.read(fields, reader),
        window: GUARDS.window.read(fields, reader),
        denied_accounts: GUARDS.accounts.read(fields, reader).unwrap_or_default(),
    }
}

fn protect(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Patterns> {
    let mut patterns = Vec::new();
    for item in reader.list(field)? {
        patterns.extend(glob(item, reader).map(|(glob, text)| (glob, text.value.into_owned())));
    }
    let wrong = |error: globset::Error| {
        let title = format!("the combined patterns exceed the size limit: {}", error.kind());
        reader.found.push(Finding::error(field.node.span, title));
    };
    Patterns::of(patterns).map_err(wrong).ok()
}
