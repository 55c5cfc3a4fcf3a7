//! The keys of `defaults` and of the entries of `targets`; a kind's own parameters are in `crate::service`.

use crate::plan::key::{Form, InContext, Key, Takes, section};
use crate::plan::value::NAME;

use super::reviewed::SEEN;

const KIND: Form<InContext> = Form::in_context(|| Takes::Kind);
const KIND_ABOUT: &str = "Kind of the target; it determines the other keys.";
const LABELS: Form<InContext> = Form::in_context(|| Takes::Labels);

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
    /// An entry that stands for all targets of a file.
    BULK: BulkKeys = "a target with from", "All targets of one kind that a file lists.";

    kind: Key<InContext> = KIND_ABOUT, KIND, required();
    from: Key<String> = "The file: CSV, NDJSON or a JSON list; relative to the plan's directory.", NAME,
        required(), examples(&["executions.csv"]);
    account: Key<String> = "Account of rows without an account of their own.", NAME;
    labels: Key<InContext> = "Labels over those of defaults; a row's own labels take precedence over both.", LABELS;
}
