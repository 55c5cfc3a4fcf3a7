//! What one account shows of one kind: a verdict on each resource for each selection, and what is selected.
//!
//! A resource may be shown more than once, by another pass or another unit; the last time counts. What does not match
//! costs its hash and one byte a selection.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::selection::LeftOut;
use crate::plan::{Judgement, Query, Select, Target};
use crate::service::Resource;

/// The most names of unusable resources that are kept of a selection.
const MOST_NAMED: usize = 20;

/// The most reasons for which something is unclear that are counted apart.
const MOST_REASONS: usize = 200;

/// A resource that a selection takes.
#[derive(Debug, Clone)]
pub struct Found {
    /// When it began, as far as the order of targets goes.
    pub began: Option<Timestamp>,
    /// The target that it becomes.
    pub target: Target,
}

/// A resource that a selection does not take.
#[derive(Debug, Clone)]
pub struct Spared {
    /// Why.
    pub judgement: Judgement,
    /// The target that it would be.
    pub target: Target,
}

/// Which resources are kept that a selection does not take.
#[derive(Clone, Default)]
pub enum Rest {
    /// None.
    #[default]
    Nothing,
    /// Those of which it is not known whether they match.
    Unclear,
    /// Those, and what matches but for its state, such as what has ended.
    UnclearAndEnded,
    /// Whatever becomes of them, those for which this is true.
    Of(Arc<dyn Fn(&Target) -> bool + Send + Sync>),
}

/// What one account shows of one kind.
pub(super) struct Collector<'p> {
    selects: Vec<&'p Select>,
    account: u16,
    hashes: [RandomState; 2],
    /// The number of each resource by the hash of its identity.
    numbers: HashMap<u128, u32>,
    /// The unit that showed each resource last.
    units: Vec<u32>,
    /// For each resource, one verdict a selection.
    verdicts: Vec<Verdict>,
    /// For each resource, its place in `found` for each selection that takes it.
    places: Vec<u32>,
    /// For each selection, what it takes, with the number of its resource.
    found: Vec<Vec<(u32, Found)>>,
    /// The units that showed anything.
    shown: HashSet<u32>,
    /// For each selection, why something is not clear.
    reasons: Vec<Vec<Box<str>>>,
    unusable: Vec<Vec<String>>,
    /// Which resources are kept that are not taken.
    rest: Rest,
    /// For each selection, those, by the number of the resource.
    spared: Vec<HashMap<u32, Spared>>,
}

/// What a selection says of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Its unit has failed: it was never seen.
    Unseen,
    Selected,
    Other,
    NotRunning,
    Excepted,
    Child,
    Limit,
    Unusable,
    /// Not clear, for the reason of this number.
    Unclear(u8),
}

/// What became of a selection in one account.
pub(super) struct Collected {
    pub(super) found: Vec<Found>,
    pub(super) left_out: LeftOut,
    /// Why something is not clear, with the number of resources.
    pub(super) unclear: Vec<(Box<str>, u64)>,
    pub(super) unusable: Vec<String>,
    pub(super) spared: Vec<Spared>,
}

impl<'p> Collector<'p> {
    pub(super) fn new(selects: Vec<&'p Select>, account: u16, rest: Rest) -> Self {
        let count = selects.len();
        Self {
            selects,
            account,
            hashes: [RandomState::new(), RandomState::new()],
            numbers: HashMap::new(),
            units: Vec::new(),
            verdicts: Vec::new(),
            places: Vec::new(),
            shown: HashSet::new(),
            found: vec![Vec::new(); count],
            reasons: vec![Vec::new(); count],
            unusable: vec![Vec::new(); count],
            rest,
            spared: vec![HashMap::new(); count],
        }
    }

    /// Takes in a resource that a unit shows. Returns the target that it becomes, if it is one for the first time.
    pub(super) fn take(&mut self, unit: u32, resource: &Resource) -> Option<&Target> {
        let kind = self.selects.first()?.kind;
        let identity = || (0..kind.params.iter().filter(|param| param.identifying).count()).map(|n| resource.value(n));
        let [high, low] = [0, 1].map(|n| self.hashes[n].hash_one(identity().collect::<Vec<_>>()));
        let next = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        let (number, is_new) = match self.numbers.entry((u128::from(high) << 64) | u128::from(low)) {
            Entry::Occupied(known) => (*known.get(), false),
            Entry::Vacant(slot) => (*slot.insert(next), true),
        };
        self.shown.insert(unit);
        if is_new {
            self.units.push(unit);
            self.verdicts.extend(self.selects.iter().map(|_| Verdict::Unseen));
            self.places.extend(self.selects.iter().map(|_| 0));
        } else {
            self.forget(number);
            self.units[number as usize] = unit;
        }
        let mut taker = None;
        for index in 0..self.selects.len() {
            let verdict = self.judge(index, number, resource);
            let place = self.place(index, number);
            self.verdicts[place] = verdict;
            if verdict == Verdict::Selected {
                taker.get_or_insert(index);
                self.limit(index);
            }
        }
        let taker = taker.filter(|index| is_new && self.selects[*index].query.limit.is_none())?;
        self.found[taker].last().map(|(_, found)| &found.target)
    }

    const fn place(&self, index: usize, number: u32) -> usize {
        number as usize * self.selects.len() + index
    }

    /// Judges a resource for one selection, and keeps it if it is selected.
    fn judge(&mut self, index: usize, number: u32, resource: &Resource) -> Verdict {
        let select = self.selects[index];
        let judgement = select.query.judge(select.kind, resource);
        self.spare(index, number, &judgement, resource);
        match judgement {
            Judgement::Selected => match select.target(self.account, resource) {
                Ok(target) => {
                    let began = Query::began(select.kind, resource);
                    let place = self.place(index, number);
                    self.places[place] = u32::try_from(self.found[index].len()).unwrap_or(u32::MAX);
                    self.found[index].push((number, Found { began, target }));
                    Verdict::Selected
                }
                Err(name) => {
                    if self.unusable[index].len() < MOST_NAMED {
                        self.unusable[index].push(name.to_string());
                    }
                    Verdict::Unusable
                }
            },
            Judgement::Other => Verdict::Other,
            Judgement::NotRunning => Verdict::NotRunning,
            Judgement::Excepted => Verdict::Excepted,
            Judgement::Child => Verdict::Child,
            Judgement::Unclear(why) => Verdict::Unclear(self.reason(index, why)),
        }
    }

    /// Keeps a resource that a selection does not take, where that is asked for.
    fn spare(&mut self, index: usize, number: u32, judgement: &Judgement, resource: &Resource) {
        let is_kept = match (judgement, &self.rest) {
            (Judgement::Selected, _) | (_, Rest::Nothing) => false,
            (_, Rest::Of(_)) => true,
            (Judgement::Unclear(_), Rest::Unclear | Rest::UnclearAndEnded) => true,
            (Judgement::NotRunning, Rest::UnclearAndEnded) => true,
            (Judgement::NotRunning | Judgement::Other | Judgement::Excepted | Judgement::Child, _) => false,
        };
        // What no target can name is counted, and that is all.
        let target = is_kept.then(|| self.selects[index].target(self.account, resource).ok()).flatten();
        let is_asked_for = |target: &Target| !matches!(&self.rest, Rest::Of(is_one) if !is_one(target));
        if let Some(target) = target.filter(is_asked_for) {
            self.spared[index].insert(number, Spared { judgement: judgement.clone(), target });
        }
    }

    fn reason(&mut self, index: usize, why: Box<str>) -> u8 {
        let reasons = &mut self.reasons[index];
        let known = reasons.iter().position(|reason| *reason == why);
        let number = known.unwrap_or_else(|| {
            if reasons.len() < MOST_REASONS {
                reasons.push(why);
            } else if reasons.len() == MOST_REASONS {
                reasons.push("other reasons".into());
            }
            reasons.len() - 1
        });
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    /// Drops what comes after the limit of a selection, once there is much of it.
    fn limit(&mut self, index: usize) {
        let Some(limit) = self.selects[index].query.limit else { return };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if self.found[index].len() < limit.saturating_mul(2).saturating_add(64) {
            return;
        }
        let query = &self.selects[index].query;
        self.found[index].sort_unstable_by(|(_, one), (_, other)| one.compare(other, query));
        let rest = self.found[index].split_off(limit);
        for (number, _) in rest {
            let place = self.place(index, number);
            self.verdicts[place] = Verdict::Limit;
        }
        self.renumber(index);
    }

    /// Notes the places of what a selection takes anew.
    fn renumber(&mut self, index: usize) {
        for (new, (number, _)) in (0_u32..).zip(&self.found[index]) {
            let place = *number as usize * self.selects.len() + index;
            self.places[place] = new;
        }
    }

    /// Forgets a resource that is shown again.
    fn forget(&mut self, number: u32) {
        for index in 0..self.selects.len() {
            self.spared[index].remove(&number);
            let place = self.place(index, number);
            if self.verdicts[place] == Verdict::Selected {
                let at = self.places[place];
                self.found[index].swap_remove(at as usize);
                if let Some((moved, _)) = self.found[index].get(at as usize) {
                    let moved = *moved as usize * self.selects.len() + index;
                    self.places[moved] = at;
                }
            }
        }
    }

    /// Forgets what a unit showed.
    pub(super) fn fail(&mut self, unit: u32) {
        if !self.shown.remove(&unit) {
            return;
        }
        let stride = self.selects.len();
        let gone: Vec<bool> = self.units.iter().map(|of| *of == unit).collect();
        for (number, _) in gone.iter().enumerate().filter(|(_, is_gone)| **is_gone) {
            self.verdicts[number * stride..(number + 1) * stride].fill(Verdict::Unseen);
        }
        for index in 0..stride {
            self.spared[index].retain(|number, _| !gone[*number as usize]);
            self.found[index].retain(|(number, _)| !gone[*number as usize]);
            self.renumber(index);
        }
    }

    /// Tells how many resources the selections take.
    pub(super) fn matched(&self) -> usize {
        self.found.iter().map(Vec::len).sum()
    }

    /// Returns what became of each selection.
    pub(super) fn finish(self) -> Vec<Collected> {
        let Self { selects, verdicts, found, reasons, unusable, spared, numbers, units, places, .. } = self;
        // Nothing is shown again: what finds things again makes room.
        drop((numbers, units, places));
        let stride = selects.len().max(1);
        let parts = found.into_iter().zip(reasons).zip(unusable).zip(spared).enumerate();
        let collected = parts.map(|(index, (((found, reasons), unusable), spared))| {
            let (mut left_out, mut unclear) = (LeftOut::default(), vec![0; reasons.len()]);
            for verdict in verdicts.iter().skip(index).step_by(stride) {
                match verdict {
                    Verdict::Unseen | Verdict::Selected => {}
                    Verdict::Other => left_out.other += 1,
                    Verdict::NotRunning => left_out.not_running += 1,
                    Verdict::Excepted => left_out.excepted += 1,
                    Verdict::Child => left_out.child += 1,
                    Verdict::Limit => left_out.limit += 1,
                    Verdict::Unusable => left_out.unusable += 1,
                    Verdict::Unclear(reason) => {
                        left_out.unclear += 1;
                        if let Some(count) = unclear.get_mut(usize::from(*reason)) {
                            *count += 1;
                        }
                    }
                }
            }
            let unclear = reasons.into_iter().zip(unclear).filter(|(_, count)| *count > 0).collect();
            let found = found.into_iter().map(|(_, found)| found).collect();
            let spared = spared.into_values().collect();
            Collected { found, left_out, unclear, unusable, spared }
        });
        collected.collect()
    }
}

impl Found {
    /// Compares two of them as the order of targets wants it: by time, then by id.
    pub(super) fn compare(&self, other: &Self, query: &Query) -> Ordering {
        query
            .order(self.began, other.began)
            .then_with(|| self.target.cmp_made(&other.target))
            .then_with(|| self.target.account.cmp(&other.target.account))
    }
}
