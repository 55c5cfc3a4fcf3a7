//! Finds the account that a target belongs to, which must be of its kind's cloud.

use crate::plan::account::Account;
use crate::plan::finding::Finding;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::tree::Span;
use crate::service::Kind;

use super::accounts::{Accounts, Named};

/// How many accounts a hint names.
const FEW: usize = 4;

/// What messages call the account of those that name none.
pub(super) const DEFAULT: &str = "the default account";

/// The accounts to choose from.
pub(super) struct Owners<'t> {
    pub(super) accounts: &'t Accounts<'t>,
    /// The account of targets that name none; the inner `None` if its error was reported at its own place.
    default: Option<Option<&'t Named>>,
}

impl<'t> Owners<'t> {
    /// Takes the accounts of a plan and what its defaults name.
    pub(super) fn new(accounts: &'t Accounts<'t>, default: Option<Field<'_, '_>>, reader: &mut Reader<'_>) -> Self {
        Self { accounts, default: default.map(|field| accounts.find(field, |_| true, reader)) }
    }

    /// Returns the number of the account that a target names.
    pub(super) fn named(&self, kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<u16> {
        let named = self.accounts.find(field, |named| !matches!(named, Named::Several(_)), reader)?;
        match self.one(kind, named, "the account") {
            Ok(number) => Some(number),
            Err(finding) => {
                finding.into_iter().for_each(|(title, hint)| reader.wrong(field.node.span, title, Some(hint)));
                None
            }
        }
    }

    /// Returns the number of the default account, or the error at `place` if it does not fit; `None` if the error was
    /// reported at the default's own place.
    pub(super) fn default(&self, kind: Kind, place: Span) -> Result<u16, Option<Finding>> {
        let named = self.default_of(kind, place)?;
        let finding = |(title, hint): (String, String)| Finding::error(place, title).hint(hint);
        self.one(kind, named, DEFAULT).map_err(|wrong| wrong.map(finding))
    }

    /// Returns what the plan's default names, or the error at `place` if it names nothing.
    pub(super) fn default_of(&self, kind: Kind, place: Span) -> Result<&'t Named, Option<Finding>> {
        match self.default {
            Some(named) => named.ok_or(None),
            None => {
                let title = format!("{kind} needs an account, and the plan has no default account");
                Err(Some(Finding::error(place, title).hint(self.advice(kind))))
            }
        }
    }

    /// Returns the number of the one account that a target can be of, or why it cannot and a hint; `None` if that was
    /// reported.
    fn one(&self, kind: Kind, named: &Named, which: &str) -> Result<u16, Option<(String, String)>> {
        let number = named.numbers().first().copied().ok_or(None)?;
        if let Some(title) = self.mismatch(kind, named, which) {
            return Err(Some((title, self.advice(kind))));
        }
        let Named::Several(numbers) = named else { return Ok(number) };
        let name = self.name(named);
        let title = format!("{which} {name} stands for all its regions, and a target is in one of them");
        let regions = numbers.iter().filter_map(|number| self.accounts.list.get(usize::from(*number)));
        Err(Some((title, format!("say which: {}", some(regions, "")))))
    }

    /// Returns why an account does not fit a kind.
    pub(super) fn mismatch(&self, kind: Kind, named: &Named, which: &str) -> Option<String> {
        let account = self.first(named).filter(|account| account.cloud != kind.cloud)?;
        let (wanted, own, name) = (kind.cloud, account.cloud, self.name(named));
        Some(format!("{kind} needs an account of the cloud `{wanted}`, but {which} {name} is of `{own}`"))
    }

    fn first(&self, named: &Named) -> Option<&Account> {
        self.accounts.list.get(usize::from(*named.numbers().first()?))
    }

    /// Returns the name as the plan writes it, for a message.
    fn name(&self, named: &Named) -> String {
        let name = |account: &Account| match named {
            Named::Several(_) => quote(account.base_name()),
            Named::Wrong | Named::One(_) => quote(&account.name),
        };
        self.first(named).map_or_else(String::new, name)
    }

    /// Returns a hint with the accounts that fit a kind.
    pub(super) fn advice(&self, kind: Kind) -> String {
        let fitting = || self.accounts.list.iter().filter(|account| account.cloud == kind.cloud);
        match fitting().next() {
            None if self.accounts.has_wrong() => "write `account: …`".into(),
            None => format!("the plan has no account of the cloud `{}` yet: add one under `accounts`", kind.cloud),
            Some(_) => format!("write {}", some(fitting().take(FEW), "account: ")),
        }
    }
}

/// Names accounts, each after what stands before it in the plan.
fn some<'a>(accounts: impl Iterator<Item = &'a Account>, before: &str) -> String {
    let names: Vec<_> = accounts.map(|account| format!("`{before}{}`", account.name)).collect();
    names.join(" or ")
}
