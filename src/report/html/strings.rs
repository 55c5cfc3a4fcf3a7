//! Texts and groups that rows share, each stored once.

use std::collections::HashMap;
use std::hash::Hash;

/// A list without repetition, in the order things came.
#[derive(Debug)]
pub(super) struct Pool<T> {
    list: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { list: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Copy + Eq + Hash> Pool<T> {
    /// Returns the place of a thing in the list, which takes it in where it is new.
    pub(super) fn place(&mut self, thing: T) -> usize {
        *self.places.entry(thing).or_insert_with(|| {
            self.list.push(thing);
            self.list.len() - 1
        })
    }

    /// Returns the list.
    pub(super) fn list(&self) -> &[T] {
        &self.list
    }
}
