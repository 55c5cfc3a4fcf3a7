//! What people must know of a run's selections besides its rows: what could not be listed, what matches and cannot be
//! stopped, what is unclear, and what is empty. Texts are as they are: whoever shows them escapes them.

use std::collections::{BTreeMap, HashSet};
use std::iter;

use super::json::{MissingUnit, RowError, SelectionSummary};
use crate::base::count::{HumanCount, agreed};
use crate::wording::label;

/// How many units that could not be listed are named.
pub(super) const UNITS: usize = 20;

/// How many reasons why it is unclear whether something matches are named.
const REASONS: usize = 5;

/// Returns what could not be listed, in the order of the selections. A unit that several ask for is there once.
pub(super) fn missing(selections: &[SelectionSummary]) -> Vec<&MissingUnit> {
    let mut known = HashSet::new();
    let units = selections.iter().flat_map(|selection| iter::repeat(selection).zip(&selection.missing));
    units.filter(|(selection, unit)| known.insert(selection.key(unit))).map(|(_, unit)| unit).collect()
}

impl MissingUnit {
    /// Says in a line what could not be listed, and why: `flow etl-orders (ali cn-hangzhou): denied, NoPermission: no
    /// permission (request id 1F2E)`.
    pub(super) fn line(&self) -> String {
        let Self { account, region, what, error } = self;
        format!("{what} ({account} {region}): {}", error.line())
    }
}

impl RowError {
    /// Says in a line what went wrong: `denied, NoPermission: no permission (request id 1F2E)`.
    fn line(&self) -> String {
        let code = self.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        let request = self.request_id.as_ref().map(|id| format!(" (request id {id})")).unwrap_or_default();
        format!("{}{code}: {}{request}", label(self.class.name()), self.message)
    }
}

/// Says how much a selection saw, and how much of it matches: `old-etl: 141 of 612 match`.
pub(super) fn counts(selection: &SelectionSummary) -> String {
    let (seen, matched) = (HumanCount(selection.seen), selection.matched);
    let words = format!("{} of {seen} {}", HumanCount(matched), if matched == 1 { "matches" } else { "match" });
    format!("{}: {words}", selection.id)
}

/// Says what was left out of a selection and why: `460 other, 6 not running`; empty if there is nothing.
pub(super) fn left_out(selection: &SelectionSummary) -> String {
    let reasons = selection.left_out.by_name().into_iter().filter(|(_, number)| *number > 0);
    let told: Vec<_> = reasons.map(|(name, number)| format!("{} {}", HumanCount(number), label(name))).collect();
    told.join(", ")
}

/// Returns what is worth a warning, one sentence each.
pub(super) fn remarks(selections: &[SelectionSummary]) -> Vec<String> {
    let empty = selections.iter().filter_map(empty);
    let unclear = unclear(selections.iter().map(|selection| &selection.unclear));
    let unusable = selections.iter().filter_map(unusable);
    let mut told: Vec<String> = Vec::new();
    let warnings = selections.iter().flat_map(|selection| &selection.warnings).cloned();
    for remark in empty.chain(unclear).chain(unusable).chain(warnings) {
        if !told.contains(&remark) {
            told.push(remark);
        }
    }
    told
}

/// Says that a selection is empty, where its listing is whole.
fn empty(selection: &SelectionSummary) -> Option<String> {
    let is_listed = !selection.accounts.is_empty();
    if selection.matched > 0 || !selection.missing.is_empty() || !is_listed {
        return None;
    }
    let id = &selection.id;
    match selection.left_out.named_already {
        0 => Some(format!("Nothing matches {id}.")),
        named => Some(format!(
            "Everything that matches {id} is named before it: {}.",
            agreed(named, "resource", "resources")
        )),
    }
}

/// Says how many resources may match or not, and why that is unclear.
pub(super) fn unclear<'a>(reasons: impl Iterator<Item = &'a BTreeMap<String, u64>>) -> Option<String> {
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    reasons.flatten().for_each(|(reason, number)| *counted.entry(reason).or_default() += number);
    let total: u64 = counted.values().sum();
    let mut ranked: Vec<_> = counted.into_iter().collect();
    ranked.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let (named, others) = ranked.split_at(ranked.len().min(REASONS));
    let others: u64 = others.iter().map(|(_, number)| number).sum();
    let named = named.iter().map(|(reason, number)| format!("{} {reason}", HumanCount(*number)));
    let others = (others > 0).then(|| format!("{} for other reasons", HumanCount(others)));
    let told: Vec<_> = named.chain(others).collect();
    (total > 0).then(|| {
        let total = HumanCount(total);
        format!("Not selected, because it is not clear whether they match: {total} ({}).", told.join(", "))
    })
}

/// Says what matches and cannot be stopped.
pub(super) fn unusable(selection: &SelectionSummary) -> Option<String> {
    let (number, names) = (selection.left_out.unusable, &selection.unusable);
    let more = number.saturating_sub(names.len() as u64);
    let more = (more > 0).then(|| format!("{} more", HumanCount(more)));
    let listed: Vec<_> = names.iter().cloned().chain(more).collect();
    let listed = if listed.is_empty() { String::new() } else { format!(": {}", listed.join(", ")) };
    let words = match number {
        1 => "1 resource matches and is not stopped, because no target can have its name".to_owned(),
        many => {
            format!("{} resources match and are not stopped, because no target can have their names", HumanCount(many))
        }
    };
    (number > 0).then(|| format!("{}: {words}{listed}.", selection.id))
}
