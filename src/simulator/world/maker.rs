//! Makes resources that a selection matches, and such that miss it for one reason.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::course::Course;
use super::super::facts::Tags;
use super::super::glob::Glob;
use super::super::resource::{Id, Initial, Resource};
use super::super::service::{Model, TagsOf, Times};
use super::super::sight::{Sight, shown, words};
use super::super::wish::{Conditions, Opinion, Wish, is_any};
use super::dice::Dice;
use super::draft::Draft;
use super::times;
use super::words::{matching, matching_both};

/// How often something is tried before it counts as impossible.
const TRIES: usize = 40;

/// How many flows, or instances, share the resources that match.
const HOMES: u64 = 4;

/// A word for a state that no service has.
pub(super) const STRANGE: &str = "SIMULATED";

/// What is stated of each thing that resources are part of: fields and tags.
pub(super) type Homes = BTreeMap<(Model, u16, String), (BTreeMap<&'static str, String>, Tags)>;

/// Makes the resources of one selection in one account.
pub(super) struct Maker<'a> {
    /// The selection.
    pub(super) wish: &'a Wish,
    /// The number of the account.
    pub(super) account: u16,
    /// The account's project.
    pub(super) project: &'a str,
    /// The present.
    pub(super) now: Timestamp,
    /// What is drawn.
    pub(super) dice: Dice,
    /// What is there: no name comes twice.
    pub(super) known: &'a mut BTreeSet<Id>,
    /// What is stated of each thing that resources are part of: it is the same for all of them.
    pub(super) homes: &'a mut Homes,
    /// Numbers everything that is made.
    pub(super) count: u64,
}

impl Maker<'_> {
    /// Makes a resource that the selection matches.
    pub(super) fn matching(&mut self) -> Option<Draft> {
        (0..TRIES).find_map(|_| self.base().filter(|draft| self.is_new(draft) && self.is_selected(draft)))
    }

    /// Makes one that is as `change` makes it, and is not selected.
    pub(super) fn missing(&mut self, change: impl Fn(&mut Self, &mut Draft) -> Option<()>) -> Option<Draft> {
        (0..TRIES).find_map(|_| {
            let mut draft = self.base()?;
            change(self, &mut draft)?;
            (self.is_new(&draft) && !self.is_selected(&draft)).then_some(draft)
        })
    }

    /// Makes one that is as `change` makes it, and is selected.
    pub(super) fn selected(&mut self, change: impl Fn(&mut Self, &mut Draft) -> Option<()>) -> Option<Draft> {
        (0..TRIES).find_map(|_| {
            let mut draft = self.base()?;
            change(self, &mut draft)?;
            (self.is_new(&draft) && self.is_selected(&draft)).then_some(draft)
        })
    }

    /// Takes what was made into the world.
    pub(super) fn keep(&mut self, draft: &Draft) -> Resource {
        let resource = draft.resource();
        self.known.insert(resource.id.clone());
        let around = draft.fields.iter().filter(|(name, _)| Draft::is_around(draft.model, name));
        let around = around.map(|(name, value)| (*name, value.clone())).collect();
        let home = (draft.model, draft.account, draft.scope().to_owned());
        self.homes.entry(home).or_insert((around, draft.tags.clone()));
        resource
    }

    /// Says what the selection means for it.
    pub(super) fn judge(&self, draft: &Draft) -> Opinion {
        let resource = draft.resource();
        let sight = Sight::of_resource(&resource);
        let word = words(sight).first().copied().unwrap_or_default();
        self.wish.judge(&shown(sight, word, self.now), self.now)
    }

    /// Makes a name that nothing else has.
    pub(super) fn own(&mut self) -> String {
        self.count += 1;
        format!("s{}-{}", self.count, self.dice.below(1000))
    }

    /// Gives it a field; one of what it is part of leads to another such thing.
    pub(super) fn set(&mut self, draft: &mut Draft, name: &'static str, value: String) -> Option<()> {
        draft.fields.insert(name, value);
        if Draft::is_around(draft.model, name) && draft.model.info().scope != Some(name) {
            return self.move_out(draft);
        }
        Some(())
    }

    /// Gives it tags.
    pub(super) fn tag(&mut self, draft: &mut Draft, tags: Tags) -> Option<()> {
        draft.tags = tags;
        match draft.model.info().tags {
            TagsOf::Around => self.move_out(draft),
            TagsOf::Itself | TagsOf::Nothing => Some(()),
        }
    }

    /// Makes it a part of something that has nothing else; `None` if the selection allows no other name for that.
    fn move_out(&mut self, draft: &mut Draft) -> Option<()> {
        let scope = draft.model.info().scope.filter(|scope| *scope != "project_id")?;
        let name = self.value(scope, "home")?;
        draft.fields.insert(scope, name);
        (!self.homes.contains_key(&(draft.model, draft.account, draft.scope().to_owned()))).then_some(())
    }

    fn is_new(&self, draft: &Draft) -> bool {
        let resource = draft.resource();
        let is_named =
            !resource.id.name.is_empty() && (resource.id.model.info().scope.is_none() || !resource.id.scope.is_empty());
        is_named && !self.known.contains(&resource.id) && self.is_at_home(draft)
    }

    /// Returns whether it states the same of what it is part of as others there do.
    fn is_at_home(&self, draft: &Draft) -> bool {
        let home = self.homes.get(&(draft.model, draft.account, draft.scope().to_owned()));
        let shares_tags = draft.model.info().tags == TagsOf::Around;
        home.is_none_or(|(around, tags)| {
            let is_same = |(name, value): (&&str, &String)| draft.fields.get(*name) == Some(value);
            around.iter().all(is_same) && (!shares_tags || *tags == draft.tags)
        })
    }

    fn is_selected(&self, draft: &Draft) -> bool {
        self.judge(draft) == Opinion::Selected
    }

    /// Makes a resource that meets the conditions, the exceptions apart.
    fn base(&mut self) -> Option<Draft> {
        let (model, wish) = (self.wish.model, self.wish);
        let info = model.info();
        let mut draft = Draft {
            model,
            account: self.account,
            fields: BTreeMap::new(),
            tags: self.tags(&wish.conditions)?,
            start: None,
            status: None,
            later: None,
            initial: Initial::Running,
            course: Course::default(),
        };
        let names = model.fields().chain(info.scope);
        for name in
            names.filter(|name| !matches!(*name, "in" | "data_status" | "tagged" | "parent" | "schedule" | "region"))
        {
            let value = self.value(name, "x")?;
            draft.fields.insert(name, value);
        }
        let home = (model, self.account, draft.scope().to_owned());
        if let Some((around, tags)) = self.homes.get(&home).filter(|_| info.scope != Some("project_id")) {
            draft.fields.extend(around.clone());
            if info.tags == TagsOf::Around {
                draft.tags = tags.clone();
            }
        }
        if info.times != Times::Untold {
            draft.start = Some(times::meeting(model, &wish.conditions.times, self.now, &mut self.dice)?);
        }
        let status = self.status()?;
        draft.later = (status == "Starting").then(|| "Running".to_owned());
        draft.status = Some(status);
        Some(draft)
    }

    /// Makes the value of a field: one that is asked for, or a usual one.
    fn value(&mut self, name: &'static str, home: &str) -> Option<String> {
        let (info, own) = (self.wish.model.info(), self.own());
        if name == "project_id" {
            return Some(self.project.to_owned());
        }
        let asked = self.wish.conditions.fields.iter().find(|(field, _)| field == name);
        let is_scope = info.scope == Some(name);
        let shared = format!("{home}{}", self.dice.below(HOMES));
        let own = if is_scope && home != "home" { shared } else { own };
        match (asked, name) {
            (Some((_, globs)), _) => matching(globs, &own, &mut self.dice),
            (None, "mode") => Some("standard".to_owned()),
            (None, "job_type") => Some("sync".to_owned()),
            (None, "edition") => Some("engine".to_owned()),
            (None, "resource_group") => Some("rg-simulated".to_owned()),
            (None, "engine_type") => Some("mysql".to_owned()),
            (None, "net_type") => Some("vpc".to_owned()),
            (None, "task_type") => Some("FULL_INCR_TRANS".to_owned()),
            (None, "direction") => Some("up".to_owned()),
            (None, _) => Some(format!("{}-{own}", name.split('_').next().unwrap_or("sim"))),
        }
    }

    /// Makes the tags that are asked for, each with another value of the same key, and one without a value.
    fn tags(&mut self, conditions: &Conditions) -> Option<Tags> {
        let mut tags: Vec<(Box<str>, Box<str>)> = vec![("simulated".into(), "".into())];
        for (key, globs) in &conditions.tags {
            let own = self.own();
            let value = matching(globs, &own, &mut self.dice)?;
            tags.push((key.as_str().into(), "another value".into()));
            tags.push((key.as_str().into(), value.into()));
        }
        Some(Tags::Known(tags))
    }

    /// Picks a word for the state that is asked for.
    fn status(&mut self) -> Option<String> {
        let (wish, meaning) = (self.wish, &self.wish.model.info().meaning);
        let asks = |state: &str| match (wish.states.is_empty(), wish.conditions.status.is_empty()) {
            (true, true) => state == "running",
            (true, false) => true,
            (false, _) => wish.states.iter().any(|wanted| wanted == state),
        };
        let groups = [("running", meaning.running), ("stopping", meaning.stopping), ("unclear", &[STRANGE][..])];
        let words = groups.into_iter().filter(|(state, _)| asks(state)).flat_map(|(_, words)| words);
        let status = &wish.conditions.status;
        let words: Vec<_> = words.filter(|word| status.is_empty() || is_any(status, word)).collect();
        match self.dice.pick(&words) {
            Some(word) => Some((**word).to_owned()),
            None => matching(status, "SIM", &mut self.dice),
        }
    }

    /// Makes it match another set of conditions, too.
    pub(super) fn fit(&mut self, draft: &mut Draft, other: &Conditions) -> Option<()> {
        for (name, globs) in &other.fields {
            let name = self.wish.model.fields().find(|known| known == name)?;
            let glob = self.dice.pick(globs)?.clone();
            self.fit_field(draft, name, &glob)?;
        }
        if !other.tags.is_empty() {
            let (Tags::Known(mut tags), Tags::Known(more)) = (draft.tags.clone(), self.tags(other)?) else {
                return None;
            };
            tags.extend(more);
            self.tag(draft, Tags::Known(tags))?;
        }
        if !other.times.is_empty() {
            let all = [&self.wish.conditions.times[..], &other.times].concat();
            draft.start = Some(times::meeting(draft.model, &all, self.now, &mut self.dice)?);
        }
        if !other.status.is_empty() {
            let meaning = &draft.model.info().meaning;
            let words: Vec<_> = meaning.running.iter().filter(|word| is_any(&other.status, word)).collect();
            draft.status = Some((**self.dice.pick(&words)?).to_owned());
            draft.later = None;
        }
        Some(())
    }

    /// Gives a field a value that matches a pattern and what is asked of it.
    pub(super) fn fit_field(&mut self, draft: &mut Draft, name: &'static str, glob: &Glob) -> Option<()> {
        let own = self.own();
        let asked = self.wish.conditions.fields.iter().find(|(field, _)| field == name);
        let value = match asked {
            Some((_, globs)) => matching_both(globs, glob, &own, &mut self.dice)?,
            None => matching(std::slice::from_ref(glob), &own, &mut self.dice)?,
        };
        self.set(draft, name, value)
    }
}
