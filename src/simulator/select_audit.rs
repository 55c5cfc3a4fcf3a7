//! Compares what a run found and stopped with what its selections mean.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::ledger::{Ledger, Record};
use super::phase::Phase;
use super::resource::{Id, Initial};
use super::sight::{shown, words};
use super::wish::{Opinion, Wish};

/// How exactly a client can know at which moment a page was made: by a header that tells whole seconds.
const INEXACTNESS: SignedDuration = SignedDuration::from_secs(2);

/// A row of a report, as far as selections are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The resource that it is about.
    pub id: Id,
    /// The id of the selection that found it; `None` for a target that the plan names.
    pub selection: Option<Arc<str>>,
}

/// What a run says of its selections.
#[derive(Debug, Clone, Default)]
pub struct Selected<'a> {
    /// The selections.
    pub wishes: &'a [Wish],
    /// All rows of the report, skipped ones included.
    pub rows: Vec<Row>,
    /// Selections and numbers of accounts of which not everything was listed.
    pub missing: Vec<(Arc<str>, u16)>,
}

/// What a selection did that it does not mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misselection {
    /// A found target that no listing showed.
    Unlisted(Id),
    /// A found target that its selection does not match, and why not.
    Unmatched(Id, Arc<str>, Opinion),
    /// A resource that got a stop although no target names it and no selection matches it.
    Outside(Id),
    /// A resource that matched all the time, still runs and has no row; and how often listings showed it.
    Missed(Id, Arc<str>, u32),
}

impl fmt::Display for Misselection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlisted(id) => write!(f, "{id} is a found target, but no listing showed it"),
            Self::Unmatched(id, selection, opinion) => {
                let why = match opinion {
                    Opinion::Selected => "it does",
                    Opinion::Other => "a condition is false",
                    Opinion::NotRunning => "it was in no state that is asked for",
                    Opinion::Excepted => "it is excepted",
                    Opinion::Unclear => "it is not known whether it does",
                    Opinion::Child => "it is a part of another one",
                };
                write!(f, "{id} is a found target, but {selection} does not match it: {why}")
            }
            Self::Outside(id) => write!(f, "{id} was asked to stop, but it is no target and no selection matches it"),
            Self::Missed(id, selection, 0) => {
                write!(f, "{id} matches {selection} and runs, but it has no row: no listing showed it")
            }
            Self::Missed(id, selection, _) => write!(f, "{id} matches {selection} and runs, but it has no row"),
        }
    }
}

/// Compares the rows of a report, and what really happened, with what the selections mean by the simulator's own
/// evaluation of their conditions; `is_left_out` tells whether the run was told to leave a resource out.
///
/// A selection may take what it matched at any moment while it was listed, and must take what it matched all the time.
#[must_use]
pub fn audit_selected(ledger: &Ledger, run: &Selected<'_>, is_left_out: impl Fn(&Id) -> bool) -> Vec<Misselection> {
    let mut found = Vec::new();
    let mut rows: HashMap<&Id, bool> = HashMap::new();
    let mut last: BTreeMap<&str, (bool, i64)> = BTreeMap::new();
    for row in &run.rows {
        *rows.entry(&row.id).or_default() |= row.selection.is_none();
        let Some(selection) = &row.selection else { continue };
        if let Some(rank) = rank(ledger, run, &row.id, selection) {
            let last = last.entry(selection).or_insert(rank);
            *last = (*last).max(rank);
        }
        found.extend(of_row(ledger, run, row, selection));
    }
    for record in &ledger.resources {
        let (id, is_asked) = (&*record.id, record.counts.requests > 0);
        let is_named = rows.get(id).copied();
        let wishes = run.wishes.iter().filter(|wish| is_for(wish, id));
        if is_asked && is_named != Some(true) && !wishes.clone().any(|wish| may_take(ledger, record, wish).is_ok()) {
            found.push(Misselection::Outside(id.clone()));
        }
        // Of a limited selection, it is known which must be taken: those before one that was.
        let is_due = |wish: &Wish| {
            let before = |last: &(bool, i64)| rank(ledger, run, id, &wish.selection).is_some_and(|rank| rank < *last);
            wish.limit.is_none() || last.get(&*wish.selection).is_some_and(before)
        };
        let is_whole =
            |wish: &Wish| !run.missing.iter().any(|(of, account)| *of == wish.selection && *account == id.account);
        let must = wishes.filter(|wish| is_due(wish) && is_whole(wish)).find(|wish| must_take(ledger, record, wish));
        if let (Some(wish), false, None, false) = (must, is_asked, is_named, is_left_out(id)) {
            found.push(Misselection::Missed(id.clone(), Arc::clone(&wish.selection), record.life.listed));
        }
    }
    found
}

/// Judges a found row.
fn of_row(ledger: &Ledger, run: &Selected<'_>, row: &Row, selection: &Arc<str>) -> Option<Misselection> {
    let Some(record) = ledger.resource(&row.id).filter(|record| record.life.listed > 0) else {
        return Some(Misselection::Unlisted(row.id.clone()));
    };
    let wish = run.wishes.iter().find(|wish| wish.selection == *selection && is_for(wish, &row.id));
    let opinion = wish.map_or(Err(Opinion::Other), |wish| may_take(ledger, record, wish));
    opinion.err().map(|opinion| Misselection::Unmatched(row.id.clone(), Arc::clone(selection), opinion))
}

/// Returns a resource's place in the order of a selection.
fn rank(ledger: &Ledger, run: &Selected<'_>, id: &Id, selection: &str) -> Option<(bool, i64)> {
    let wish = run.wishes.iter().find(|wish| *wish.selection == *selection && is_for(wish, id))?;
    let record = ledger.resource(id)?;
    Some(wish.rank(shown(record.sight(), "", ledger.taken_at).since.as_deref()))
}

fn is_for(wish: &Wish, id: &Id) -> bool {
    wish.model == id.model && wish.accounts.contains(&id.account)
}

/// Returns the moments at which a listing may have shown a resource, or could have if none did, each with what a client
/// may take for it.
fn moments(ledger: &Ledger, record: &Record) -> [(Timestamp, Timestamp); 4] {
    let first = record.life.first_listed.unwrap_or(ledger.begun_at);
    let last = record.life.last_listed.unwrap_or(ledger.taken_at);
    let earlier = |at: Timestamp| at.checked_sub(INEXACTNESS).unwrap_or(at);
    let later = |at: Timestamp| at.checked_add(INEXACTNESS).unwrap_or(at);
    [(first, earlier(first)), (first, first), (last, last), (last, later(last))]
}

/// Judges a resource as each moment and word may have shown it.
fn opinions(ledger: &Ledger, record: &Record, wish: &Wish) -> Vec<Opinion> {
    let sight = record.sight();
    let words = words(sight);
    let judged = |(real, taken): (Timestamp, Timestamp)| {
        words.iter().map(move |word| wish.judge(&shown(sight, word, real), taken)).collect::<Vec<_>>()
    };
    moments(ledger, record).into_iter().flat_map(judged).collect()
}

/// Tells whether a listing may have shown a resource so that a selection takes it; else what it says of it.
fn may_take(ledger: &Ledger, record: &Record, wish: &Wish) -> Result<(), Opinion> {
    let opinions = opinions(ledger, record, wish);
    match opinions.contains(&Opinion::Selected) && record.life.listed > 0 {
        true => Ok(()),
        false => Err(opinions.into_iter().find(|opinion| *opinion != Opinion::Selected).unwrap_or(Opinion::Other)),
    }
}

/// Tells whether a selection must have taken a resource: it was there all the time, and matched all the time.
fn must_take(ledger: &Ledger, record: &Record, wish: &Wish) -> bool {
    let life = &record.life;
    let stays = !life.came_later && !life.absent && !life.ended && record.initial == Initial::Running;
    stays
        && record.state == Phase::Running
        && opinions(ledger, record, wish).iter().all(|one| *one == Opinion::Selected)
}
