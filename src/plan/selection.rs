//! Which targets the command line selects. Pure rules; a target that is not selected is no failure.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use globset::Glob;

use crate::service::Kind;

use super::account::Account;
use super::id::AccountId;
use super::model::Plan;
use super::pattern::{self, PatternError, Patterns, composed};
use super::select::Select;
use super::target::{Target, values};
use super::{near, suggest};

/// A pattern over what names a target, as a command line states it.
///
/// It is matched as `guards.protect` is: with the whole of the target's id, of each of its identifying fields, and of
/// `label=value` for each of its labels; case-sensitively, and `*` crosses `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Glob);

impl Pattern {
    /// Tells whether the whole of a text matches.
    fn is_match(&self, text: &str) -> bool {
        self.0.compile_matcher().is_match(&*composed(text))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.glob())
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let wrong = |error: globset::Error| PatternError(format!("{}; {}", error.kind(), pattern::HINT));
        pattern::compile(&composed(text)).map(Self).map_err(wrong)
    }
}

/// The filters of a selection: a target must match one value of every filter that has values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// `--only`: takes what matches.
    pub only: Vec<Pattern>,
    /// `--skip`: leaves out what matches, whatever the other filters are.
    pub skip: Vec<Pattern>,
    /// `--kind`: takes targets of these kinds.
    pub kinds: Vec<Kind>,
    /// `--label`: takes targets that have one of these labels with exactly that value.
    pub labels: Vec<(String, String)>,
    /// `--account`: takes targets of accounts whose name in the plan matches, or the name before `@` of one that is a
    /// region of an account.
    pub accounts: Vec<Pattern>,
    /// `--region`: takes targets of accounts whose region matches.
    pub regions: Vec<Pattern>,
}

/// The label that has the id of the selection that found a target.
const SELECTION: &str = "selection";
const SELECTION_PREFIX: &str = "selection=";

/// A filter or a pattern of `protect` that matches no target of a plan: probably a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnmatchedFilter {
    option: &'static str,
    value: String,
    /// A hint with the probable meaning.
    near: Option<String>,
}

impl UnmatchedFilter {
    /// Tells whether it leaves out a selection, so that nothing of it was listed.
    pub(crate) fn spares(&self, select: &Select) -> bool {
        let label = format!("{SELECTION}={}", select.id);
        self.option == "--skip" && self.value.parse::<Pattern>().is_ok_and(|pattern| pattern.is_match(&label))
    }
}

impl fmt::Display for UnmatchedFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} matches no target of the plan", self.option, suggest::quote(&self.value))?;
        self.near.iter().try_for_each(|near| write!(f, "; {near}"))
    }
}

/// A selection of targets.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    filters: Filters,
    only: Patterns,
    skip: Patterns,
    /// For each account of the plan, whether its targets can be taken.
    places: Vec<bool>,
}

impl Selection {
    /// Prepares a selection of a plan's targets; without filters it takes every target.
    ///
    /// # Errors
    ///
    /// Fails when the combined patterns are too large.
    pub(crate) fn new(filters: Filters, plan: &Plan) -> Result<Self, PatternError> {
        let set = |patterns: &[Pattern]| {
            let globs = patterns.iter().map(|pattern| (pattern.0.clone(), pattern.0.glob().to_owned()));
            Patterns::of(globs)
                .map_err(|error| PatternError(format!("the combined patterns exceed the size limit: {error}")))
        };
        let matches = |patterns: &[Pattern], text: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| pattern.is_match(text))
        };
        let is_taken = |account: &Account| {
            account.names().any(|name| matches(&filters.accounts, name)) && matches(&filters.regions, &account.region)
        };
        let places = plan.accounts.iter().map(is_taken).collect();
        Ok(Self { only: set(&filters.only)?, skip: set(&filters.skip)?, places, filters })
    }

    /// Tells whether a target is selected.
    ///
    /// With `--skip`, a target whose identifying fields cannot all be read is left out, since it might match.
    #[must_use]
    pub(crate) fn takes(&self, target: &Target) -> bool {
        let Filters { only, skip, kinds, labels, .. } = &self.filters;
        self.places.get(usize::from(target.account)).is_some_and(|is_taken| *is_taken)
            && (kinds.is_empty() || kinds.contains(&target.kind))
            && (labels.is_empty() || labels.iter().any(|label| has(target, label)))
            && (only.is_empty() || !self.only.matching(target).is_empty())
            && (skip.is_empty() || (pattern::is_legible(target) && self.skip.matching(target).is_empty()))
    }

    /// Tells whether `--skip` names a target, whatever the other filters say.
    #[must_use]
    pub(crate) fn skips(&self, target: &Target) -> bool {
        !self.skip.matching(target).is_empty()
    }

    /// Tells whether `--skip` names tags, which only a listing shows.
    #[must_use]
    pub(crate) fn skips_tags(&self) -> bool {
        self.filters.skip.iter().any(|pattern| pattern.0.glob().starts_with("tag."))
    }

    /// Tells whether targets of the account of this number can be selected.
    #[must_use]
    pub(crate) fn takes_account(&self, account: u16) -> bool {
        self.places.get(usize::from(account)).is_some_and(|is_taken| *is_taken)
    }

    /// Tells whether a selection of the plan must be listed in an account: whether it could have a target that is selected.
    #[must_use]
    pub(crate) fn lists(&self, select: &Select, account: u16) -> bool {
        let Filters { only, skip, kinds, labels, .. } = &self.filters;
        let label = format!("{SELECTION}={}", select.id);
        let names_it = |pattern: &Pattern| pattern.is_match(&label);
        let is_about = |pattern: &Pattern| pattern.0.glob().starts_with(SELECTION_PREFIX);
        self.places.get(usize::from(account)).is_some_and(|is_taken| *is_taken)
            && (kinds.is_empty() || kinds.contains(&select.kind))
            && (labels.is_empty() || labels.iter().any(|(key, value)| key != SELECTION || **value == *select.id))
            && (only.is_empty() || only.iter().any(|pattern| !is_about(pattern) || names_it(pattern)))
            && !skip.iter().any(names_it)
    }

    /// Tells whether it must know the tags of what is found.
    #[must_use]
    pub(crate) fn needs_tags(&self) -> bool {
        let Filters { only, skip, labels, .. } = &self.filters;
        only.iter().chain(skip).any(|pattern| pattern::could_match_tag(pattern.0.glob()))
            || labels.iter().any(|(key, _)| key.starts_with("tag."))
    }

    /// Returns the options that match no target of a plan.
    #[must_use]
    pub(crate) fn unmatched(&self, plan: &Plan) -> Vec<UnmatchedFilter> {
        let Filters { only: _, skip: _, kinds, labels, accounts, regions } = &self.filters;
        let targets = &plan.targets;
        let mut unmatched = Vec::new();
        let mut add =
            |option, value: &str, near| unmatched.push(UnmatchedFilter { option, value: value.to_owned(), near });
        // What selections find is not known yet: their kinds and accounts are.
        let is_known = plan.selects.is_empty();
        for (option, patterns) in [("--only", &self.only), ("--skip", &self.skip)].into_iter().filter(|_| is_known) {
            let idle = patterns.idle(targets).into_iter().filter_map(|number| patterns.texts().get(number));
            idle.for_each(|text| add(option, text, near::miss(text, targets)));
        }
        let stated = || targets.iter().map(|target| target.kind).chain(plan.selects.iter().map(|select| select.kind));
        for kind in kinds.iter().filter(|kind| !stated().any(|stated| stated == **kind)) {
            add("--kind", kind.name, None);
        }
        let is_idle = |label: &&(String, String)| is_known && !targets.iter().any(|target| has(target, label));
        for (key, value) in labels.iter().filter(is_idle) {
            let label = format!("{key}={value}");
            add("--label", &label, near::missed_label(&label, targets));
        }
        let selected = plan.selects.iter().flat_map(Select::account_ids);
        let used: BTreeSet<AccountId> = targets.iter().map(Target::account_id).chain(selected).collect();
        let names = used.iter().flat_map(|account| plan[*account].names()).collect();
        let places = used.iter().map(|account| &*plan[*account].region).collect();
        let filters: [(_, _, Vec<&str>); 2] = [("--account", accounts, names), ("--region", regions, places)];
        for (option, patterns, names) in filters {
            for pattern in patterns.iter().filter(|pattern| !names.iter().any(|name| pattern.is_match(name))) {
                let value = pattern.0.glob();
                add(option, value, suggest::nearest(value, names.iter().copied()).map(suggest::meant));
            }
        }
        unmatched
    }
}

impl Plan {
    /// Returns the patterns that protect and match no target, explicit or found; none where there is no target.
    pub(crate) fn unprotecting(&self) -> Vec<UnmatchedFilter> {
        let targets = &self.targets;
        if targets.is_empty() {
            return Vec::new();
        }
        let of = |(option, patterns): (&'static str, &Patterns)| {
            let idle = patterns.idle(targets).into_iter().filter_map(|number| patterns.texts().get(number));
            let unmatched =
                |text: &String| UnmatchedFilter { option, value: text.clone(), near: near::miss(text, targets) };
            idle.map(unmatched).collect::<Vec<_>>()
        };
        ["guards.protect", "guards.protect_until"].into_iter().zip(self.guards.protecting()).flat_map(of).collect()
    }
}

fn has(target: &Target, (key, value): &(String, String)) -> bool {
    let is_plain = |(key, value): &(&String, &String)| key.is_ascii() && value.is_ascii();
    let is_same = |(k, v): (&String, &String)| composed(k) == composed(key) && composed(v) == composed(value);
    target.labels.get(key).is_some_and(|own| values(key, own).any(|own| own == value))
        || target.labels.iter().filter(|label| !is_plain(label)).any(is_same)
}

#[cfg(test)]
mod tests;
