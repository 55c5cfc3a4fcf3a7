//! The keys of `defaults` and of the entries of `targets`; a kind's own parameters are in `crate::service`.

use crate::plan::key::{Form, InContext, Key, Section, Takes, section};
use crate::plan::value::NAME;
use crate::service::{Kind, Param};

use super::select::SELECT;

use super::reviewed::SEEN;

const KIND: Form<InContext> = Form::in_context(|| Takes::Kind);
const KIND_ABOUT: &str = "Kind of the target; it determines the other keys.";
const LABELS: Form<InContext> = Form::in_context(|| Takes::Labels);

/// Returns the parameters of a kind that entries of `targets` of this form have.
#[must_use]
pub fn params(form: &Section, kind: Kind) -> Vec<&'static Param> {
    let is_form = |keys: &[&str]| form.keys.iter().map(|key| key.name).eq(keys.iter().copied());
    let params = kind.params.iter();
    if is_form(BulkKeys::NAMES) {
        Vec::new()
    } else if is_form(SelectionKeys::NAMES) {
        params.filter(|param| is_for_many(param)).collect()
    } else {
        params.collect()
    }
}

/// Tells whether a parameter may be the same for many targets: one that names a resource or a request may not.
pub(in crate::plan) const fn is_for_many(param: &Param) -> bool {
    !param.identifying && !param.idempotency_token
}

section! {
    /// `defaults`.
    DEFAULTS: DefaultsKeys = "defaults", "Default values of targets.";

    account: Key<String> = "Account of targets without an account of their own.", NAME;
    labels: Key<InContext> = "Labels of every target; a target's own labels take precedence.", LABELS;
}

section! {
    /// What targets of every kind have.
    TARGET: TargetKeys = "a target", "A target: one resource to stop.";

    kind: Key<InContext> = KIND_ABOUT, KIND, required();
    id: Key<String> = "Unique name in reports. Default: kind and identifying fields.", NAME;
    account: Key<String> = "Account of the target, of the kind's cloud. Default: the account of `defaults`.", NAME;
    labels: Key<InContext> = "Labels for guards.protect, --label and reports.", LABELS;
    selection: Key<String> = "The selection that found the target; in reviewed plans only.", NAME;
    seen: Key<InContext> = "What a listing showed of the target, for reports.",
        Form::in_context(|| Takes::Section(SEEN.section()));
}

section! {
    /// An entry that stands for all targets that a listing shows.
    SELECTION: SelectionKeys = "a target with select",
        "All targets of one kind that a listing shows and that meet conditions. Besides these keys, the optional ones of the kind.";

    kind: Key<InContext> = KIND_ABOUT, KIND, required();
    select: Key<InContext> = "The word all, or conditions on what the listing shows.",
        Form::in_context(|| Takes::Select(SELECT.section())), required(), examples(&["all"]);
    id: Key<String> = "Unique name of the selection in reports. Default: select and the kind.", NAME;
    account: Key<String> = "Account to list, of the kind's cloud. Default: the account of `defaults`.", NAME;
    accounts: Key<InContext> = "Accounts to list, in place of account: names, or patterns of them.",
        Form::in_context(|| Takes::Names), examples(&["hw*"]);
    labels: Key<InContext> =
        "Labels over those of defaults. What the listing shows is added: name, tag.KEY and selection.", LABELS;
}

section! {
    /// An entry that stands for all targets of a file.
    BULK: BulkKeys = "a target with from", "All targets of one kind that a file lists.";

    kind: Key<InContext> = KIND_ABOUT, KIND, required();
    from: Key<String> = "The file: CSV, NDJSON or a JSON list; relative to the plan's directory.", NAME,
        required(), examples(&["executions.csv"]);
    account: Key<String> = "Account of rows without an account of their own.", NAME;
    labels: Key<InContext> = "Labels over those of defaults; a row's own labels take precedence over both.", LABELS;
}
