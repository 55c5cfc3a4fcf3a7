//! What a selection wishes for, read and judged with the simulator's own code.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::super::service::{Model, Times};
use super::began::Began;
use super::conditions::Conditions;
use super::shown::Shown;

/// A selection of a plan, as the simulator understands it.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The selection's id.
    pub selection: Arc<str>,
    /// The model of the kind that it selects.
    pub model: Model,
    /// The numbers of its accounts.
    pub accounts: Vec<u16>,
    /// The most that it takes; `None` for all.
    pub limit: Option<u64>,
    /// What must be true.
    pub(in crate::simulator) conditions: Conditions,
    /// What takes away.
    pub(in crate::simulator) except: Vec<Conditions>,
    /// The states that are asked for; empty if the status is asked for instead, or nothing.
    pub(in crate::simulator) states: Vec<String>,
    /// Whether parts of others are wished for, too.
    pub(in crate::simulator) children: bool,
    /// Whether the newest come first.
    is_newest_first: bool,
}

/// What a selection says of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opinion {
    /// It is selected.
    Selected,
    /// A condition is false.
    Other,
    /// It does not run.
    NotRunning,
    /// It is excepted.
    Excepted,
    /// It is not known whether it is selected.
    Unclear,
    /// It is a part of another one.
    Child,
}

impl Wish {
    /// Reads what a plan writes after `select:`.
    ///
    /// # Errors
    ///
    /// Fails with the reason in words if the kind is not known or a condition is not understood.
    pub fn read(selection: &str, kind: &str, accounts: Vec<u16>, select: &Value) -> Result<Self, String> {
        let model = Model::of_kind(kind).ok_or_else(|| format!("no kind {kind:?}"))?;
        let mut wish = Self {
            selection: selection.into(),
            model,
            accounts,
            limit: None,
            conditions: Conditions::default(),
            except: Vec::new(),
            states: Vec::new(),
            children: false,
            is_newest_first: false,
        };
        if select == "all" {
            return Ok(wish);
        }
        let written = select.as_object().ok_or("select is a mapping, or the word all")?;
        for (key, value) in written {
            if !wish.conditions.take(model, key, value)? {
                wish.set(key, value)?;
            }
        }
        if wish.conditions.is_empty() { Err("it narrows nothing down".to_owned()) } else { Ok(wish) }
    }

    /// Takes what is no condition.
    fn set(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let wrong = || format!("{key}: {value} is not understood");
        match key {
            "state" => {
                let texts = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
                let state = |text: &Value| text.as_str().filter(|text| STATES.contains(text)).map(str::to_owned);
                self.states = texts.iter().map(state).collect::<Option<_>>().ok_or_else(wrong)?;
            }
            "except" => {
                let mappings = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
                for mapping in mappings {
                    let mut conditions = Conditions::default();
                    for (key, value) in mapping.as_object().ok_or_else(wrong)? {
                        if !conditions.take(self.model, key, value)? {
                            return Err(wrong());
                        }
                    }
                    self.except.push(conditions);
                }
            }
            "order" => self.is_newest_first = value == "newest",
            "limit" => self.limit = Some(value.as_u64().filter(|limit| *limit > 0).ok_or_else(wrong)?),
            "children" if value == "include" => self.children = true,
            "expect" => {}
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// Says what it means for a resource, as a listing shows it at a moment.
    pub(in crate::simulator) fn judge(&self, shown: &Shown<'_>, at: Timestamp) -> Opinion {
        if shown.is_child && !self.children {
            return Opinion::Child;
        }
        let holds = self.conditions.hold(shown, at);
        if holds == Some(false) {
            return Opinion::Other;
        }
        let state = shown.status.and_then(|status| self.model.info().meaning.of(status)).unwrap_or("unclear");
        if state == "ended" || !self.takes(state) {
            return if state == "unclear" { Opinion::Unclear } else { Opinion::NotRunning };
        }
        let excepted: Vec<_> = self.except.iter().map(|conditions| conditions.hold(shown, at)).collect();
        match (holds, excepted.contains(&Some(true)), excepted.contains(&None)) {
            (None, ..) => Opinion::Unclear,
            (Some(_), true, _) => Opinion::Excepted,
            (Some(_), false, true) => Opinion::Unclear,
            (Some(_), false, false) => Opinion::Selected,
        }
    }

    fn takes(&self, state: &str) -> bool {
        match (self.states.is_empty(), self.conditions.status.is_empty()) {
            (false, _) => self.states.iter().any(|wanted| wanted == state),
            (true, true) => state == "running",
            (true, false) => true,
        }
    }

    /// Returns what selected resources are ordered by: those whose time is not known come last.
    pub(in crate::simulator) fn rank(&self, since: Option<&str>) -> (bool, i64) {
        let times = self.model.info().times;
        let began = since.filter(|_| times != Times::Untold).and_then(|since| Began::read(since, times));
        match began.map(|began| began.last().as_millisecond()) {
            None => (true, 0),
            Some(time) if self.is_newest_first => (false, -time),
            Some(time) => (false, time),
        }
    }
}

/// The states that can be asked for.
const STATES: [&str; 3] = ["running", "stopping", "unclear"];
