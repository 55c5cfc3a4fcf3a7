//! The accounts of a plan by the names that targets write: an account's own, or those of its regions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::plan::account::Account;
use crate::plan::finding::Finding;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::Span;

/// The accounts of a plan.
#[derive(Default)]
pub(super) struct Accounts<'t> {
    /// What each name stands for, and where the plan states it.
    names: BTreeMap<Cow<'t, str>, (Named, Span)>,
    pub(super) list: Vec<Account>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// An account that has an error.
    Wrong,
    /// The account of this number.
    One(u16),
    /// The accounts of all regions of an account.
    Several(Vec<u16>),
}

impl Named {
    /// Returns the numbers of the accounts; none of one that has an error.
    pub(super) fn numbers(&self) -> &[u16] {
        match self {
            Self::Wrong => &[],
            Self::One(number) => std::slice::from_ref(number),
            Self::Several(numbers) => numbers,
        }
    }
}

impl<'t> Accounts<'t> {
    /// Keeps the name of an account that has an error, so that its targets are not blamed.
    pub(super) fn add_wrong(&mut self, name: &'t str, place: Span) {
        self.names.insert(name.into(), (Named::Wrong, place));
    }

    /// Adds an account.
    pub(super) fn add(&mut self, name: &'t str, account: Account, place: Span, reader: &mut Reader<'_>) {
        let named = self.push(account, place, reader).map_or(Named::Wrong, Named::One);
        self.insert(name.into(), named, place, reader);
    }

    /// Adds the accounts of an account's regions, each with the place of its region.
    pub(super) fn add_several(
        &mut self,
        name: &'t str,
        regions: Vec<(Span, Account)>,
        place: Span,
        reader: &mut Reader<'_>,
    ) {
        let mut numbers = Vec::with_capacity(regions.len());
        for (place, account) in regions {
            let full = account.name.clone();
            let number = self.push(account, place, reader);
            numbers.extend(number);
            self.insert(full.into(), number.map_or(Named::Wrong, Named::One), place, reader);
        }
        self.insert(name.into(), Named::Several(numbers), place, reader);
    }

    fn push(&mut self, account: Account, place: Span, reader: &mut Reader<'_>) -> Option<u16> {
        let number = u16::try_from(self.list.len()).ok().filter(|number| *number < u16::MAX);
        if number.is_none() {
            let finding = Finding::error(place, "a plan has at most 65,535 accounts");
            reader.found.push(finding);
        }
        self.list.push(account);
        number
    }

    /// Notes what a name stands for; two accounts of one name are an error.
    fn insert(&mut self, name: Cow<'t, str>, named: Named, place: Span, reader: &mut Reader<'_>) {
        // The plan's text has no key twice, so one of the two is a region's.
        if let Some((_, first)) = self.names.get(&name) {
            let finding = Finding::error(place, format!("two accounts are called {}", quote(&name)));
            let finding = finding.label("again").related(*first, "first defined here");
            reader.found.push(finding.hint("rename one of them: a region of an account is called NAME@REGION"));
            return;
        }
        self.names.insert(name, (named, place));
    }

    /// Returns what a name stands for.
    pub(super) fn named(&self, name: &str) -> Option<&Named> {
        let named = self.names.get(name).or_else(|| self.wrong_base(name));
        named.map(|(named, _)| named)
    }

    /// Returns the account with an error that the name may be a region of.
    fn wrong_base(&self, name: &str) -> Option<&(Named, Span)> {
        let mut bases = name.match_indices('@').filter_map(|(at, _)| self.names.get(name.get(..at)?));
        bases.find(|(named, _)| *named == Named::Wrong)
    }

    /// Finds the account that is named; `None` if there is none, which is reported with those that are `offered`, or if
    /// it has errors of its own, which were.
    pub(super) fn find(
        &self,
        field: Field<'_, '_>,
        offered: impl Fn(&Named) -> bool,
        reader: &mut Reader<'_>,
    ) -> Option<&Named> {
        let text = reader.name(field)?;
        let named = self.named(&text.value);
        if named.is_none() {
            let offered: Vec<_> = self.names().filter(|(_, named)| offered(named)).map(|(name, _)| name).collect();
            let hint = suggest::hint(&text.value, offered.iter().copied());
            reader.wrong(text.span, format!("unknown account {text}"), hint);
        }
        named.filter(|named| **named != Named::Wrong)
    }

    /// Returns every name with what it stands for, in alphabetical order.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &Named)> {
        self.names.iter().map(|(name, (named, _))| (&**name, named))
    }

    /// Tells whether an account has an error.
    pub(super) fn has_wrong(&self) -> bool {
        self.names().any(|(_, named)| *named == Named::Wrong)
    }
}

#[cfg(test)]
mod tests;
