//! The program's own words: outcomes, reasons, evidence, classes, statuses, modes, exit statuses and terms.

use std::borrow::Cow;

use super::entry::Entry;
use super::topic::Topic;
use crate::advice::{Origin, advice};
use crate::base::ExitStatus;
use crate::engine::{Evidence, Outcome, SkipReason, StageStatus};
use crate::error::ErrorClass;
use crate::provider::Cloud;
use crate::service::Kind;
use crate::wording::{self, MODES, STATUSES, Words};

/// Words that output and docs use, in the order they are listed.
const TERMS: [Words; 15] = [
    term(
        "lane",
        "a rate-limit group: all requests to one API with one access key in one region; each lane has its own rate limit, \
         and lanes run in parallel",
        None,
    ),
    term("attempt", "one stop request for a target, sent once; a target that is retried has several", None),
    term(
        "journal",
        "the file in which a run records requests and results; it is next to the report and survives a crash",
        Some("`allstop report show JOURNAL` shows it; `allstop resume JOURNAL` continues its run"),
    ),
    term(
        "in_doubt",
        "a target that a run was about to stop, or had asked to stop, when it ended: its result is not known yet",
        Some("`allstop resume JOURNAL` reads its state first"),
    ),
    term(
        "selections",
        "in a report: one entry for each `select` of the plan, with the numbers of what was seen, matched and left out",
        None,
    ),
    term(
        "missing",
        "in `selections`: what could not be listed; what it has is neither stopped nor counted",
        Some("fix its `error`, then run the plan again"),
    ),
    term("other", "in `left_out` of a selection: a condition of `select` is false", None),
    term(
        "not_running",
        "in `left_out` of a selection: it is in no state that is selected, such as one that has ended",
        None,
    ),
    term("excepted", "in `left_out` of a selection: `except` matches it", None),
    term(
        "unclear",
        "in `left_out` of a selection: it is not known whether it matches, so it is not stopped",
        Some("`unclear` of the selection says why"),
    ),
    term(
        "child",
        "in `left_out` of a selection: it is a part of another resource",
        Some("`children: include` selects parts, too"),
    ),
    term("limit", "in `left_out` of a selection: it matches, and comes after the `limit` of the selection", None),
    term(
        "named_already",
        "in `left_out` of a selection: it matches, and an explicit target or an earlier selection names it, too",
        None,
    ),
    term(
        "unusable",
        "in `left_out` of a selection: it matches, and cannot be stopped, because no target can have its name",
        Some("stop it by other means; `unusable` of the selection names it"),
    ),
    term(
        "respawned",
        "in a watch: an earlier round stopped the same resource, or another execution of the same flow",
        Some("stop what starts it again, such as a schedule"),
    ),
];

const fn term(name: &'static str, means: &'static str, advice: Option<&'static str>) -> Words {
    Words { name, short: means, means, advice }
}

/// Returns the entries of the program's own words, topic by topic.
pub(super) fn entries() -> Vec<Entry> {
    let words = |topic, words: &[Words]| -> Vec<Entry> {
        words.iter().map(|Words { name, means, advice, .. }| Entry::new(topic, name, means, *advice)).collect()
    };
    let evidence = [Evidence::Answer, Evidence::ReadBack];
    let evidence = evidence.map(|of| Entry::new(Topic::Evidence, of.name(), wording::evidence(of), None));
    [
        ExitStatus::ALL.map(exit).into(),
        words(Topic::Outcome, &Outcome::ALL.map(wording::outcome)),
        words(Topic::Reason, &SkipReason::ALL.map(wording::reason)),
        evidence.into(),
        ErrorClass::ALL.map(class).into(),
        words(Topic::Status, &STATUSES.map(wording::status)),
        words(Topic::Stage, &StageStatus::ALL.map(wording::stage_status)),
        words(Topic::Mode, &MODES),
        words(Topic::Term, &TERMS),
    ]
    .concat()
}

fn exit(status: ExitStatus) -> Entry {
    let words = wording::exit(status);
    Entry::new(Topic::Exit, &status.code().to_string(), words.means, words.advice)
}

/// Explains the exit status that a shell shows for a program which a signal ended at once, if this is one.
///
/// It is none of the program's own: those are in [`ExitStatus`].
pub(super) fn of_signal(code: u8) -> Option<Entry> {
    let advice = "`allstop resume JOURNAL` continues the run; 137 is SIGKILL, which is also sent when memory runs out";
    let means = "no status of allstop: a signal ended the program at once, and no report was written";
    (129..=192).contains(&code).then(|| Entry::new(Topic::Exit, &code.to_string(), means, Some(advice)))
}

fn class(class: ErrorClass) -> Entry {
    let advice = advice(class, None, None, Origin::Any);
    let treatment = Some(format!("retried: {}", wording::retried(class)));
    let details = permissions(class, None);
    Entry { treatment, details, ..Entry::new(Topic::Class, class.name(), wording::class(class), Some(&advice)) }
}

/// Returns what the services of a cloud, or of all, need if permission is denied.
pub(super) fn permissions(class: ErrorClass, cloud: Option<Cloud>) -> Vec<(&'static str, Cow<'static, str>)> {
    let is_concerned = |kind: &&Kind| class == ErrorClass::Denied && cloud.is_none_or(|cloud| cloud == kind.cloud);
    Kind::all().iter().filter(is_concerned).map(|kind| (kind.name, kind.permission.into())).collect()
}
