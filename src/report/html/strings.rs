//! Texts and groups that rows share, each stored once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::plan::Labels;

/// The place of a text in the table of texts, from 1; 0 where there is none.
pub(super) type Text = usize;

/// Texts without repetition, in the order they came.
#[derive(Debug, Default)]
pub(super) struct Texts {
    list: Vec<Rc<str>>,
    places: HashMap<Rc<str>, Text>,
}

impl Texts {
    /// Returns the place of a text, which is added where it is new.
    pub(super) fn place(&mut self, text: &str) -> Text {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let text = Rc::<str>::from(text);
        self.list.push(Rc::clone(&text));
        self.places.insert(text, self.list.len());
        self.list.len()
    }

    /// Returns the texts.
    pub(super) fn list(&self) -> &[Rc<str>] {
        &self.list
    }
}

/// What rows have in common: kind, account, region, labels.
pub(super) type Group = (Text, Text, Text, Labels);

/// Groups without repetition, each with its place, from 0.
#[derive(Debug, Default)]
pub(super) struct Groups(HashMap<Group, usize>);

impl Groups {
    /// Returns the place of a group, which is added where it is new.
    pub(super) fn place(&mut self, group: Group) -> usize {
        let next = self.0.len();
        *self.0.entry(group).or_insert(next)
    }

    /// Returns the groups, in the order they came.
    pub(super) fn list(self) -> Vec<Group> {
        let mut placed: Vec<_> = self.0.into_iter().collect();
        placed.sort_by_key(|(_, place)| *place);
        placed.into_iter().map(|(group, _)| group).collect()
    }
}
