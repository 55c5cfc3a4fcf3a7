//! Finds the account that a target belongs to, which must be of its kind's cloud.

use std::collections::BTreeMap;

use crate::plan::account::Account;
use crate::plan::finding::Finding;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::Span;
use crate::service::Kind;

/// The accounts of a plan.
#[derive(Default)]
pub(super) struct Accounts<'t> {
    /// Their numbers by name; `None` for one that has an error.
    pub(super) numbers: BTreeMap<&'t str, Option<u16>>,
    pub(super) list: Vec<Account>,
}

/// The accounts to choose from.
pub(super) struct Owners<'t> {
    accounts: &'t Accounts<'t>,
    default: DefaultAccount,
}

/// The account of targets that name none.
enum DefaultAccount {
    Absent,
    /// Its error was reported at its own place.
    Unusable,
    Number(u16),
}

impl<'t> Owners<'t> {
    /// Takes the accounts of a plan and what its defaults name.
    pub(super) fn new(accounts: &'t Accounts<'t>, default: Option<Field<'_, '_>>, reader: &mut Reader<'_>) -> Self {
        let default = match default.map(|field| lookup(field, accounts, reader)) {
            None => DefaultAccount::Absent,
            Some(Some(Some(number))) => DefaultAccount::Number(number),
            Some(Some(None) | None) => DefaultAccount::Unusable,
        };
        Self { accounts, default }
    }

    /// Returns the number of the account that a target names.
    pub(super) fn named(&self, kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<u16> {
        let number = lookup(field, self.accounts, reader)??;
        match self.mismatch(kind, number, "the account") {
            None => Some(number),
            Some(title) => {
                reader.wrong(field.node.span, title, Some(self.advice(kind)));
                None
            }
        }
    }

    /// Returns the number of the default account, or the error at `place` if it does not fit; `None` if the error was
    /// reported at the default's own place.
    pub(super) fn default(&self, kind: Kind, place: Span) -> Result<u16, Option<Finding>> {
        let title = match self.default {
            DefaultAccount::Unusable => return Err(None),
            DefaultAccount::Absent => format!("{kind} needs an account, and the plan has no default account"),
            DefaultAccount::Number(number) => match self.mismatch(kind, number, "the default account") {
                None => return Ok(number),
                Some(title) => title,
            },
        };
        Err(Some(Finding::error(place, title).hint(self.advice(kind))))
    }

    /// Returns why an account does not fit a kind.
    fn mismatch(&self, kind: Kind, number: u16, which: &str) -> Option<String> {
        let account = self.accounts.list.get(usize::from(number))?;
        (account.cloud != kind.cloud).then(|| {
            format!(
                "{kind} needs an account of the cloud `{}`, but {which} {} is of `{}`",
                kind.cloud,
                quote(&account.name),
                account.cloud
            )
        })
    }

    /// Returns a hint with the accounts that fit a kind.
    fn advice(&self, kind: Kind) -> String {
        let fitting: Vec<_> = self.accounts.list.iter().filter(|account| account.cloud == kind.cloud).take(4).collect();
        match fitting.as_slice() {
            [] if self.accounts.list.len() < self.accounts.numbers.len() => "write `account: …`".into(),
            [] => format!("the plan has no account of the cloud `{}` yet: add one under `accounts`", kind.cloud),
            some => {
                let names: Vec<_> = some.iter().map(|account| format!("`account: {}`", account.name)).collect();
                format!("write {}", names.join(" or "))
            }
        }
    }
}

/// Finds the account that is named; the inner `None` is an account with errors of its own.
fn lookup(field: Field<'_, '_>, accounts: &Accounts<'_>, reader: &mut Reader<'_>) -> Option<Option<u16>> {
    let text = reader.name(field)?;
    let number = accounts.numbers.get(&*text.value);
    if number.is_none() {
        let hint = suggest::hint(&text.value, accounts.numbers.keys().copied());
        reader.wrong(text.span, format!("unknown account {text}"), hint);
    }
    number.copied()
}
