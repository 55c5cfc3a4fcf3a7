//! A plan to edit, with comments.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;

use super::age;
use super::found::Discovered;
use super::mark;
use crate::base::count::{HumanCount, agreed};
use crate::engine::Spared;
use crate::plan::{Choice, Judgement, Notes, Plan, Target};
use crate::report::remarks::{UNITS, missing};

/// The most accounts that are named.
const ACCOUNTS: usize = 5;

pub(super) fn write(found: &Discovered, out: &mut dyn Write) -> io::Result<()> {
    let count = found.count();
    if count == 0 {
        return empty(found, out);
    }
    let stops = |number: usize| found.choices.get(number) == Some(&Choice::Stop);
    let mut plan = found.plan.part(stops, |_| false);
    plan.name = format!("discovered-{}", found.listed_at.strftime("%Y%m%dT%H%M%SZ"));
    plan.guards.max_targets = count;
    if let Some(window) = &mut plan.guards.window {
        window.keep_exceptions(found.listed_at, Timestamp::MAX);
    }
    let head =
        gaps(found).into_iter().chain([mark::some(&summary(found, &plan), found.listed_at), mark::ADVICE.into()]);
    let notes = Notes { head: head.collect(), target: Some(&note), tail: tail(found), is_bare: true };
    plan.write(&notes, out)
}

/// Writes a plan without targets, which says why it has none.
pub(super) fn empty(found: &Discovered, out: &mut dyn Write) -> io::Result<()> {
    let (places, at) = (places(&found.plan), found.listed_at);
    let why = if found.has_gaps() { mark::gaps(&places, at) } else { mark::none(&places, at) };
    nothing(gaps(found).into_iter().chain([why]), tail(found), out)
}

/// Writes the plan that stands in place of an empty one: no run takes it.
///
/// # Errors
///
/// Fails when `out` does.
pub fn nothing(
    head: impl IntoIterator<Item = String>,
    tail: impl IntoIterator<Item = String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    use crate::base::escape::Escaped;
    let comment = |out: &mut dyn Write, text: &str| writeln!(out, "# {}", Escaped(text));
    head.into_iter().chain([mark::NOTHING.to_owned()]).try_for_each(|text| comment(out, &text))?;
    writeln!(out, "version: 1\ntargets: []")?;
    tail.into_iter().try_for_each(|text| comment(out, &text))
}

/// Says what could not be listed, one line each.
fn gaps(found: &Discovered) -> Vec<String> {
    let units = missing(&found.selections);
    let more = units.len().saturating_sub(UNITS);
    let more = (more > 0).then(|| format!("NOT COMPLETE: and {} more", HumanCount(more as u64)));
    let named = units.iter().take(UNITS).map(|unit| format!("NOT COMPLETE: {}", unit.line()));
    named.chain(more).collect()
}

/// Says what ran where, and what else is to be seen: `ali-prod (cn-hangzhou)`, `2 fnf_execution. 1 more is unclear`.
fn summary(found: &Discovered, plan: &Plan) -> (String, String) {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    plan.targets.iter().for_each(|target| *kinds.entry(target.kind.name).or_default() += 1);
    let kinds: Vec<_> = kinds.into_iter().map(|(kind, count)| format!("{} {kind}", HumanCount(count))).collect();
    let unclear = found.spared.iter().filter(|spared| matches!(spared.judgement, Judgement::Unclear(_))).count() as u64;
    let unclear = match unclear {
        0 => String::new(),
        some => format!(" {} unclear (see below).", agreed(some, "more is", "more are")),
    };
    (places(plan), format!("{}.{unclear}", kinds.join(", ")))
}

/// Names the accounts with their regions.
pub(super) fn places(plan: &Plan) -> String {
    match plan.accounts.as_slice() {
        few if few.len() <= ACCOUNTS => {
            let named = few.iter().map(|account| format!("{} ({})", account.name, account.region));
            named.collect::<Vec<_>>().join(", ")
        }
        many => format!("{} accounts", HumanCount(many.len() as u64)),
    }
}

/// Says what a listing showed of a target: `Running, for 3 h 12 min (since 01:47:03Z)`.
fn note(target: &Target) -> Option<String> {
    let seen = target.seen.as_deref()?;
    let age = age::age(target.kind, seen).map(|age| {
        let since = age::since(target.kind, seen).map(|since| format!(" (since {since})"));
        format!("for {age}{}", since.unwrap_or_default())
    });
    let state = seen.state.as_deref().filter(|state| !state.is_empty()).map(str::to_owned);
    let name = seen.name.as_deref().filter(|name| !name.is_empty() && !is_identity(target, name)).map(str::to_owned);
    let parts: Vec<_> = [state, name, age].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Tells whether a name is one that the target has anyway.
fn is_identity(target: &Target, name: &str) -> bool {
    target.params.identity(target.kind.params).any(|part| part == name)
}

/// Names what is not among the targets.
fn tail(found: &Discovered) -> Vec<String> {
    let spared = found.spared.iter().filter_map(|spared| {
        let (what, why) = why(spared)?;
        Some(format!("{what}, not listed above: {} ({why})", named(&spared.target)))
    });
    let protected = found.choices.iter().zip(&found.plan.targets).filter(|(choice, _)| **choice == Choice::Protected);
    let protected = protected.map(|(_, target)| {
        let pattern = found.plan.guards.protects(target).unwrap_or_default();
        format!("protected, not listed above: {} ({pattern})", named(target))
    });
    spared.chain(protected).collect()
}

/// Says what becomes of a resource that is not taken, and why.
pub(super) fn why(spared: &Spared) -> Option<(&'static str, String)> {
    match &spared.judgement {
        Judgement::Unclear(why) => Some(("unclear", why.to_string())),
        Judgement::NotRunning => {
            let state = spared.target.seen.as_ref().and_then(|seen| seen.state.as_deref());
            Some(("ended", state.unwrap_or("no state").to_owned()))
        }
        Judgement::Selected | Judgement::Other | Judgement::Excepted | Judgement::Child => None,
    }
}

/// Names a target: `opensearch_task ha-cn-1/tisplus@1`.
fn named(target: &Target) -> String {
    let names: Vec<_> = target.params.identity(target.kind.params).collect();
    format!("{} {}", target.kind, names.join("/"))
}
