//! What a run would stop of what its selections found: what nobody can know from the plan.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;

use super::age::Ages;
use super::grid::grid;
use super::stages::stages;
use super::times::about;
use crate::base::count::{HumanCount, counted};
use crate::base::escape::Escaped;
use crate::engine::{SelectionRecord, SkipReason};
use crate::plan::{Choice, Listing, Overview, Target, conditions};
use crate::report::json::SelectionSummary;
use crate::report::remarks::{UNITS, missing, remarks};
use crate::wording;

/// What a run of a plan would stop after its selections were listed: a line for each selection and account, then the
/// conditions, the stages, what is left alone and why, and warnings.
#[derive(Debug, Clone, Copy)]
pub struct FoundPreview<'a> {
    /// The targets of the plan, those that were found included, with what is to be done about each.
    pub listing: &'a Listing<'a>,
    /// What would be stopped, in numbers.
    pub overview: &'a Overview,
    /// What the selections found.
    pub selections: &'a [SelectionRecord],
    /// What to know before it, one sentence each.
    pub warnings: &'a [String],
    /// The reason for the stop.
    pub reason: Option<&'a str>,
}

/// How many of the patterns that protect targets are shown.
const PATTERNS: usize = 3;

/// The columns.
const HEAD: [&str; 9] = ["selection", "account", "region", "kind", "seen", "match", "left alone", "stops", "age"];

/// The columns of numbers.
const NUMBERS: [usize; 4] = [4, 5, 6, 7];

/// What stands in the place of the selection of targets that the plan names.
const NAMED: &str = "–";

/// What makes a line: the selection, the account and the kind.
type Key<'a> = (Option<&'a str>, u16, &'a str);

/// What is to be done about the targets of a line.
#[derive(Default)]
struct Group {
    stops: u64,
    left_alone: u64,
    ages: Ages,
}

/// Shows it; texts from the plan and from services are escaped.
impl fmt::Display for FoundPreview<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summaries: Vec<_> = self.selections.iter().map(SelectionSummary::from).collect();
        self.not_listed(&summaries, f)?;
        let (name, stops) = (&self.listing.plan().name, self.overview.stops());
        let listed = self.listed().map(|times| format!(", as listed at {times}")).unwrap_or_default();
        writeln!(f, "{} would stop {}{listed}:\n", Escaped(name), counted(stops, "target"))?;
        // The table has no margin.
        self.table().lines().try_for_each(|line| writeln!(f, "{}", line.get(2..).unwrap_or(line)))?;
        writeln!(f)?;
        self.selections.iter().try_for_each(|selection| {
            let conditions = conditions(&selection.select);
            writeln!(f, "{}: where {}", Escaped(&selection.id), Escaped(&conditions))
        })?;
        writeln!(f)?;
        if let Some(stages) = stages(self.listing.plan(), self.overview) {
            writeln!(f, "{stages}")?;
        }
        let left_alone = self.left_alone();
        let remarks = remarks(&summaries);
        let sentences = left_alone.iter().chain(&remarks).chain(self.warnings);
        sentences.into_iter().try_for_each(|sentence| writeln!(f, "{}", Escaped(sentence)))?;
        if let Some(reason) = self.reason {
            writeln!(f, "Reason: {}", Escaped(reason))?;
        }
        write!(f, "Sent in about {}.", about(self.overview.estimate()))
    }
}

impl FoundPreview<'_> {
    /// Says first what could not be listed.
    fn not_listed(&self, summaries: &[SelectionSummary], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let saw = |account: &str| {
            let accounts = self.selections.iter().flat_map(|selection| &selection.accounts);
            accounts.filter(|count| count.account == account).any(|count| count.seen > 0)
        };
        let mut told: Vec<String> = Vec::new();
        for unit in missing(summaries) {
            let what = match saw(&unit.account) {
                true => format!("{} in {}", unit.what, unit.account),
                false => unit.account.clone(),
            };
            let line =
                format!("NOT COMPLETE: {what} could not be listed ({})", wording::label(unit.error.class.name()));
            if !told.contains(&line) {
                told.push(line);
            }
        }
        let more = told.len().saturating_sub(UNITS) as u64;
        told.iter().take(UNITS).try_for_each(|line| writeln!(f, "{}", Escaped(line)))?;
        match more {
            0 => {}
            more => writeln!(f, "and {more} more")?,
        }
        if told.is_empty() { Ok(()) } else { writeln!(f) }
    }

    /// Says when the listings were made: `05:00:12–05:01:47 UTC`, with dates where they are of two days.
    fn listed(&self) -> Option<String> {
        let from = self.selections.iter().map(|selection| selection.started_at).min()?;
        let to = self.selections.iter().map(|selection| selection.finished_at).max()?;
        let shown = |at: Timestamp, form: &str| at.strftime(form).to_string();
        let form = if shown(from, "%F") == shown(to, "%F") { "%T" } else { "%F %T" };
        let (from, to) = (shown(from, form), shown(to, form));
        Some(if from == to { format!("{from} UTC") } else { format!("{from}–{to} UTC") })
    }

    /// Returns a line for each selection and account, and for each account and kind of targets that the plan names.
    fn table(&self) -> String {
        let mut groups = self.groups();
        let plan = self.listing.plan();
        let mut rows = vec![HEAD.map(str::to_owned)];
        for selection in self.selections {
            for count in &selection.accounts {
                let number = (0..).zip(&plan.accounts).find(|(_, account)| account.name == count.account);
                let group =
                    number.and_then(|(number, _)| groups.remove(&(Some(&*selection.id), number, &*selection.kind)));
                let place = [&*selection.id, &*count.account, &*count.region, &*selection.kind];
                rows.push(line(place, [count.seen, count.matched].map(|number| HumanCount(number).to_string()), group));
            }
        }
        let mut others: Vec<_> = groups.into_iter().collect();
        others.sort_by_key(|(key, _)| *key);
        for ((selection, account, kind), group) in others {
            let Some(account) = plan.accounts.get(usize::from(account)) else { continue };
            let place = [selection.unwrap_or(NAMED), &*account.name, &*account.region, kind];
            rows.push(line(place, [String::new(), String::new()], Some(group)));
        }
        grid(&rows, &NUMBERS)
    }

    /// Counts what is to be done about the targets, by line.
    fn groups(&self) -> HashMap<Key<'_>, Group> {
        let mut groups: HashMap<Key<'_>, Group> = HashMap::new();
        for (choice, target) in self.listing.iter() {
            let group = groups.entry((target.selection.as_deref(), target.account, target.kind.name)).or_default();
            if choice == Choice::Stop {
                group.stops += 1;
                group.ages.add(target);
            } else {
                group.left_alone += 1;
            }
        }
        groups
    }

    /// Says how many targets are left alone, and why.
    fn left_alone(&self) -> Option<String> {
        // Of a run that goes on, what it has done is in no choice of its own.
        let unselected = self.listing.of(Choice::Unselected).count() as u64;
        let done = unselected.saturating_sub(self.overview.unselected);
        let count = |choice: Choice| match choice {
            Choice::Unselected => unselected - done,
            Choice::Stop | Choice::Protected | Choice::Elsewhere | Choice::Duplicate => {
                self.listing.of(choice).count() as u64
            }
        };
        let choices = [Choice::Protected, Choice::Unselected, Choice::Elsewhere, Choice::Duplicate];
        let told = choices.into_iter().filter_map(|choice| {
            let (number, reason) = (count(choice), SkipReason::of_choice(choice)?);
            let words = match choice {
                Choice::Protected => format!("protected ({})", self.patterns()),
                Choice::Stop | Choice::Unselected | Choice::Elsewhere | Choice::Duplicate => {
                    wording::reason(reason).short.to_owned()
                }
            };
            (number > 0).then(|| format!("{} {words}", HumanCount(number)))
        });
        let done = (done > 0).then(|| format!("{} done by this run before", HumanCount(done)));
        let told: Vec<_> = told.chain(done).collect();
        (!told.is_empty()).then(|| format!("Left alone: {}.", told.join(", ")))
    }

    /// Lists the patterns that protect targets, the first ones.
    fn patterns(&self) -> String {
        let guards = &self.listing.plan().guards;
        let mut patterns: Vec<&str> = Vec::new();
        let protects = |target: &Target| guards.protects(target);
        for pattern in self.listing.of(Choice::Protected).filter_map(protects) {
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        let more = patterns.len().saturating_sub(PATTERNS);
        let more = (more > 0).then(|| format!("{more} more"));
        let shown = patterns.into_iter().take(PATTERNS).map(str::to_owned);
        shown.chain(more).collect::<Vec<_>>().join(", ")
    }
}

/// Returns a line of the table.
fn line(place: [&str; 4], [seen, matched]: [String; 2], group: Option<Group>) -> [String; HEAD.len()] {
    let Group { stops, left_alone, ages } = group.unwrap_or_default();
    let [left_alone, stops] = [left_alone, stops].map(|number| HumanCount(number).to_string());
    let [selection, account, region, kind] = place.map(|text| Escaped(text).to_string());
    [selection, account, region, kind, seen, matched, left_alone, stops, ages.to_string()]
}
