//! What one request serves: one thing, or several of them.

/// One thing or several, in order. One alone needs no allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch<T> {
    first: T,
    others: Vec<T>,
}

impl<T> Batch<T> {
    /// Begins with one.
    pub(super) const fn of(first: T) -> Self {
        Self { first, others: Vec::new() }
    }

    /// Returns the first.
    pub(super) const fn first(&self) -> &T {
        &self.first
    }

    /// Returns how many there are: at least one.
    pub(super) const fn len(&self) -> usize {
        self.others.len() + 1
    }

    /// Adds one at the end.
    pub(super) fn push(&mut self, other: T) {
        self.others.push(other);
    }

    /// Returns all of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Returns all of them, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }

    /// Makes something of each.
    pub(super) fn map<U>(&self, mut make: impl FnMut(&T) -> U) -> Batch<U> {
        Batch { first: make(&self.first), others: self.others.iter().map(make).collect() }
    }
}

impl<T> IntoIterator for Batch<T> {
    type Item = T;
    type IntoIter = std::iter::Chain<std::iter::Once<T>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self.first).chain(self.others)
    }
}
