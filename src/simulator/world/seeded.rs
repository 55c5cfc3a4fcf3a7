//! A world that a plan's selections can be tried on, drawn from a seed.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::super::course::{Course, Leaving, When};
use super::super::facts::Tags;
use super::super::glob::Glob;
use super::super::resource::{Initial, Resource};
use super::super::service::{Model, TagsOf, Times};
use super::super::wish::Wish;
use super::dice::Dice;
use super::draft::Draft;
use super::maker::{Homes, Maker, STRANGE};

/// How many resources of each selection match in each account.
const MATCHING: usize = 24;

/// How many miss it for each reason.
const MISSING: usize = 2;

/// How many come while listings page, and how many go and end. If as many came as go, no total would tell of it, and what
/// moves from one page to another meanwhile would be on none that a client reads; a wrong total may hide one.
const COMING: usize = 5;
const LEAVING: usize = 2;

/// After how many listing requests some come, and some go.
const SOON: u32 = 1;

/// A world for selections.
#[derive(Debug, Clone, Default)]
pub struct Seeded {
    /// The resources.
    pub resources: Vec<Resource>,
    /// What could not be made, in words.
    pub warnings: Vec<String>,
}

/// What a world is made for.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The selections.
    pub wishes: &'a [Wish],
    /// The patterns of what is protected.
    pub protect: &'a [String],
    /// The project of each account, by the account's number; empty where it has none.
    pub projects: &'a [String],
    /// What is drawn from.
    pub seed: u64,
    /// The present, by the simulator's clock.
    pub now: Timestamp,
}

impl Seeded {
    /// Makes a world: for each selection and account 24 resources that match, two of each that miss it for one reason,
    /// some that come, end and go while listings page, and enough others for several pages.
    #[must_use]
    pub fn new(ground: Ground<'_>) -> Self {
        let mut world = Self::default();
        let (mut known, mut homes) = (BTreeSet::new(), Homes::new());
        for (number, wish) in (0_u64..).zip(ground.wishes) {
            for account in &wish.accounts {
                let project = ground.projects.get(usize::from(*account)).map_or("", String::as_str);
                let seed = ground.seed.wrapping_mul(1_000_003).wrapping_add(number << 16 | u64::from(*account));
                let mut maker = Maker {
                    wish,
                    account: *account,
                    project,
                    now: ground.now,
                    dice: Dice::new(seed),
                    known: &mut known,
                    homes: &mut homes,
                    count: (number << 8 | u64::from(*account)) * 10_000,
                };
                let mut part = Part { resources: Vec::new(), lacks: Vec::new() };
                part.fill(&mut maker, ground.protect);
                maker.dice.shuffle(&mut part.resources);
                world.resources.append(&mut part.resources);
                let warning = |what| format!("{} in account {account}: no simulated resource {what}", wish.selection);
                world.warnings.extend(part.lacks.into_iter().map(warning));
            }
        }
        world
    }
}

/// The resources of one selection in one account.
struct Part {
    resources: Vec<Resource>,
    lacks: Vec<&'static str>,
}

impl Part {
    fn fill(&mut self, maker: &mut Maker<'_>, protect: &[String]) {
        let made = self.add(maker, MATCHING, "matches", |maker| maker.matching());
        if made == 0 {
            return;
        }
        self.miss(maker);
        self.except(maker);
        self.protect(maker, protect);
        self.change(maker);
        self.pad(maker);
    }

    /// Adds resources; where there is none, notes that. Fewer than asked for are left unsaid: few names may match.
    fn add(
        &mut self,
        maker: &mut Maker<'_>,
        count: usize,
        what: &'static str,
        make: impl Fn(&mut Maker<'_>) -> Option<Draft>,
    ) -> usize {
        let before = self.resources.len();
        for _ in 0..count {
            let Some(draft) = make(maker) else { break };
            self.resources.push(maker.keep(&draft));
        }
        let made = self.resources.len() - before;
        if made == 0 {
            self.lacks.push(what);
        }
        made
    }

    /// Adds what misses the selection for one reason.
    fn miss(&mut self, maker: &mut Maker<'_>) {
        let (wish, info) = (maker.wish, maker.wish.model.info());
        let conditions = &wish.conditions;
        if !conditions.fields.is_empty() {
            self.add(maker, MISSING, "has another name", |maker| maker.missing(rename));
        }
        self.add(maker, MISSING, "has ended", |maker| maker.missing(end));
        if !conditions.times.is_empty() && info.times != Times::Untold {
            self.add(maker, MISSING, "misses a time by a second", |maker| maker.missing(mistime));
            self.add(maker, MISSING, "has no start time", |maker| {
                maker.missing(|_, draft| {
                    draft.start = None;
                    Some(())
                })
            });
        }
        if !conditions.tags.is_empty() {
            self.add(maker, MISSING, "lacks a tag", |maker| maker.missing(untag));
            // DRS lists tags apart: there, all of them are read or none.
            if wish.model.kind() != "drs_job" {
                self.add(maker, MISSING, "hides its tags", |maker| {
                    maker.missing(|maker, draft| maker.tag(draft, Tags::Hidden))
                });
            }
        }
        if wish.conditions.status.is_empty() && !wish.states.iter().any(|state| state == "unclear") {
            self.add(maker, MISSING, "has an unknown status", |maker| maker.missing(estrange));
        }
        if info.fields.iter().any(|field| field.name == "parent") && !wish.children {
            let parent = self.resources.first().map(|parent| parent.id.name.to_string()).unwrap_or_default();
            self.add(maker, MISSING, "is a child", |maker| {
                maker.missing(|_, draft| {
                    draft.fields.insert("parent", parent.clone());
                    Some(())
                })
            });
        }
    }

    /// Adds what each of the exceptions takes away.
    fn except(&mut self, maker: &mut Maker<'_>) {
        let wish = maker.wish;
        for except in &wish.except {
            self.add(maker, MISSING, "is excepted", |maker| maker.missing(|maker, draft| maker.fit(draft, except)));
        }
    }

    /// Adds what each pattern protects.
    fn protect(&mut self, maker: &mut Maker<'_>, protect: &[String]) {
        for pattern in protect {
            let made = (0..MISSING).filter_map(|_| {
                let draft = maker.selected(|maker, draft| guard(maker, draft, pattern))?;
                Some(maker.keep(&draft))
            });
            self.resources.extend(made);
        }
    }

    /// Adds what comes, goes and ends while listings page.
    fn change(&mut self, maker: &mut Maker<'_>) {
        let comes = Course { comes: Some(SOON), leaves: None };
        let goes = Course { comes: None, leaves: Some((When::After(SOON), Leaving::Goes)) };
        let ends = Course { comes: None, leaves: Some((When::Shown, Leaving::Ends)) };
        for (course, count) in [(comes, COMING), (goes, LEAVING), (ends, LEAVING)] {
            let made = (0..count).filter_map(|_| {
                let draft = Draft { course, ..maker.matching()? };
                Some(maker.keep(&draft))
            });
            self.resources.extend(made);
        }
    }

    /// Adds as many ended ones as make several pages, where pages cannot be made shorter.
    fn pad(&mut self, maker: &mut Maker<'_>) {
        let count = match maker.wish.model.kind() {
            "fnf_execution" => 0,
            "opensearch_task" => 55,
            _ => 110,
        };
        let made = (0..count).filter_map(|_| {
            let draft = maker.missing(|maker, draft| {
                let scope = draft.model.info().scope.filter(|_| draft.model.info().tags == TagsOf::Around);
                match scope {
                    Some(_) => maker.tag(draft, draft.tags.clone()).and_then(|()| end(maker, draft)),
                    None => end(maker, draft),
                }
            })?;
            Some(maker.keep(&draft))
        });
        self.resources.extend(made);
    }
}

/// Gives one of the fields that are asked for another value.
fn rename(maker: &mut Maker<'_>, draft: &mut Draft) -> Option<()> {
    let wish = maker.wish;
    let (name, _) = maker.dice.pick(&wish.conditions.fields)?;
    let name = wish.model.fields().find(|known| known == name)?;
    let value = format!("zz-other-{}", maker.own());
    maker.set(draft, name, value)
}

/// Lets it have ended before.
fn end(_: &mut Maker<'_>, draft: &mut Draft) -> Option<()> {
    draft.initial = Initial::Ended;
    (draft.status, draft.later) = (None, None);
    Some(())
}

fn mistime(maker: &mut Maker<'_>, draft: &mut Draft) -> Option<()> {
    draft.start = Some(super::times::missing(draft.model, &maker.wish.conditions.times, &mut maker.dice)?);
    Some(())
}

/// Takes away the values of one of the tags that are asked for.
fn untag(maker: &mut Maker<'_>, draft: &mut Draft) -> Option<()> {
    let wish = maker.wish;
    let (key, _) = maker.dice.pick(&wish.conditions.tags)?;
    let Tags::Known(tags) = draft.tags.clone() else { return None };
    let others = tags.into_iter().filter(|(name, _)| **name != **key).collect();
    maker.tag(draft, Tags::Known(others))
}

fn estrange(_: &mut Maker<'_>, draft: &mut Draft) -> Option<()> {
    (draft.status, draft.later) = (Some(STRANGE.to_owned()), None);
    Some(())
}

/// Makes it match a pattern of what is protected.
fn guard(maker: &mut Maker<'_>, draft: &mut Draft, pattern: &str) -> Option<()> {
    let glob = |pattern: &str| Glob::read(pattern);
    let model: Model = draft.model;
    if let Some((key, value)) = pattern.strip_prefix("tag.").and_then(|tag| tag.split_once('=')) {
        let Tags::Known(mut tags) = draft.tags.clone() else { return None };
        let own = maker.own();
        let value = super::words::matching(&[glob(value)?], &own, &mut maker.dice)?;
        tags.push((key.into(), value.into()));
        return maker.tag(draft, Tags::Known(tags)).filter(|()| model.info().tags != TagsOf::Nothing);
    }
    if let Some(name) = pattern.strip_prefix("name=") {
        let field = model.fields().find(|field| *field == "name")?;
        return maker.fit_field(draft, field, &glob(name)?);
    }
    let (info, pattern) = (model.info(), glob(pattern)?);
    let names = [info.scope.filter(|scope| *scope != "project_id"), Some(info.name)];
    let name = *maker.dice.pick(&names.into_iter().flatten().collect::<Vec<_>>())?;
    maker.fit_field(draft, name, &pattern)
}
