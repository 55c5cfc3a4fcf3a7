//! Finds the accounts that a selection lists: all regions of one account, or those of several accounts.

use globset::GlobMatcher;

use crate::base::environment::Environment;
use crate::plan::account::Account;
use crate::plan::pattern::{self, SPECIAL, composed};
use crate::plan::reader::{Field, Reader};
use crate::plan::sites::Sites;
use crate::plan::suggest::{self, quote};
use crate::plan::tree::Span;
use crate::service::Kind;

use super::accounts::Named;
use super::owner::{DEFAULT, Owners};

/// Where a selection says that it lists.
pub(super) struct Stated<'t, 's> {
    /// The value of `account`.
    pub(super) account: Option<Field<'t, 's>>,
    /// The value of `accounts`.
    pub(super) accounts: Option<Field<'t, 's>>,
    /// The place of the selection.
    pub(super) place: Span,
}

impl Owners<'_> {
    /// Returns the numbers of the accounts that a selection of a kind lists: at least one, each once, all of the kind's
    /// cloud, in the plan's order. `None` after an error was reported.
    ///
    /// Two of them that are one place of the cloud are an error, as far as that is known without the keys themselves:
    /// everything there would be listed twice.
    pub(super) fn places(&self, kind: Kind, stated: &Stated<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<u16>> {
        let (numbers, place) = match (stated.account, stated.accounts) {
            (Some(_), Some(accounts)) => {
                let hint = "remove one of them; `accounts` takes several names and patterns";
                reader.wrong(
                    accounts.node.span,
                    "a selection has either `account` or `accounts`".into(),
                    Some(hint.into()),
                );
                return None;
            }
            (Some(account), None) => (self.all_of(kind, account, reader)?, account.node.span),
            (None, Some(accounts)) => (self.any_of(kind, accounts, reader)?, accounts.node.span),
            (None, None) => (self.all_of_default(kind, stated.place, reader)?, stated.place),
        };
        let environment = reader.variables.map(|known| &known.variables.environment);
        let sites = Sites::of(&self.accounts.list, environment.unwrap_or(&Environment::default()), |_| None);
        if let Some(title) = sites.listed_twice(&self.accounts.list, &numbers) {
            reader.wrong(place, title, Some("leave one of them out".into()));
            return None;
        }
        Some(numbers)
    }

    /// Returns the accounts of the one name that `account` states.
    fn all_of(&self, kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<u16>> {
        let name = reader.unsaid(|quiet| quiet.name(field));
        if let Some(text) = name.filter(|text| self.accounts.named(&text.value).is_none() && is_pattern(&text.value)) {
            let hint = format!("write {}", quote(&format!("accounts: [\"{}\"]", text.written)));
            reader.wrong(text.span, format!("{field} takes one name, not a pattern"), Some(hint));
            return None;
        }
        let named = self.accounts.find(field, |_| true, reader)?;
        self.fitting(kind, named, ("the account", field.node.span), reader)
    }

    fn all_of_default(&self, kind: Kind, place: Span, reader: &mut Reader<'_>) -> Option<Vec<u16>> {
        match self.default_of(kind, place) {
            Ok(named) => self.fitting(kind, named, (DEFAULT, place), reader),
            Err(finding) => {
                finding.into_iter().for_each(|finding| reader.found.push(finding));
                None
            }
        }
    }

    fn fitting(
        &self,
        kind: Kind,
        named: &Named,
        (which, place): (&str, Span),
        reader: &mut Reader<'_>,
    ) -> Option<Vec<u16>> {
        if let Some(title) = self.mismatch(kind, named, which) {
            reader.wrong(place, title, Some(self.advice(kind)));
            return None;
        }
        Some(named.numbers().to_vec())
    }

    /// Returns the accounts of the names and patterns that `accounts` lists.
    fn any_of(&self, kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<u16>> {
        let items: Vec<_> = reader.list(field)?.collect();
        if items.is_empty() {
            reader.wrong(field.node.span, format!("{field} is empty"), Some(self.advice(kind)));
            return None;
        }
        let items: Vec<_> = items.into_iter().map(|item| self.matching(kind, item, reader)).collect();
        let mut numbers = items.into_iter().collect::<Option<Vec<_>>>()?.concat();
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }

    /// Returns the accounts of one name or pattern. A pattern is matched with the whole of an account's name, and with
    /// the name before `@` of those that are regions; it leaves out what is of another cloud.
    fn matching(&self, kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<u16>> {
        let text = reader.name(field)?;
        if self.accounts.named(&text.value).is_some() || !is_pattern(&text.value) {
            return self.all_of(kind, field, reader);
        }
        let glob = match pattern::compile(&composed(&text.value)) {
            Ok(glob) => glob.compile_matcher(),
            Err(error) => {
                let title = format!("{text} is not a pattern: {}", error.kind());
                reader.wrong(text.span, title, Some(pattern::HINT.into()));
                return None;
            }
        };
        let accounts = (0..=u16::MAX).zip(&self.accounts.list);
        let fitting = accounts.filter(|(_, account)| account.cloud == kind.cloud && is_match(&glob, account));
        let numbers: Vec<u16> = fitting.map(|(number, _)| number).collect();
        if !numbers.is_empty() {
            return Some(numbers);
        }
        // An account with an error of its own may be the one that is meant.
        let is_wrong = |(name, named): (&str, &Named)| *named == Named::Wrong && glob.is_match(&*composed(name));
        if !self.accounts.names().any(is_wrong) {
            let title = format!("no account of the cloud {} matches {text}", quote(kind.cloud.name()));
            reader.wrong(text.span, title, self.near(kind, &text.value));
        }
        None
    }

    /// Returns a hint for a pattern that matches no account of a kind's cloud.
    fn near(&self, kind: Kind, pattern: &str) -> Option<String> {
        let fitting = self.accounts.list.iter().filter(|account| account.cloud == kind.cloud);
        let names: Vec<_> = fitting.map(|account| account.base_name()).collect();
        let near = suggest::nearest(pattern.trim_matches(SPECIAL), names);
        Some(near.map_or_else(|| self.advice(kind), suggest::meant))
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(SPECIAL)
}

fn is_match(glob: &GlobMatcher, account: &Account) -> bool {
    account.names().any(|name| glob.is_match(&*composed(name)))
}

#[cfg(test)]
mod tests;
