//! The accounts of the commands: each has a profile of the vendor's command line, which whoever runs the script names.

use std::collections::BTreeMap;

use crate::provider::{Cloud, Network};
use crate::report::json::{AccountRef, Report, Row};
use crate::report::whose::base;

/// The profiles of a script, and the accounts of its report.
pub(super) struct Accounts<'a> {
    known: BTreeMap<&'a str, &'a AccountRef>,
    /// The accounts that have commands, in the order of their first one; the regions of an account are one.
    used: Vec<Used<'a>>,
}

/// An account that has commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Used<'a> {
    pub(super) cloud: Cloud,
    /// The name in the plan, without a region.
    pub(super) name: &'a str,
    /// A region of it.
    pub(super) region: &'a str,
    pub(super) account_id: Option<&'a str>,
    /// Whether the run used the endpoints of the vendor's private network.
    pub(super) is_in_vpc: bool,
}

impl<'a> Accounts<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let known = report.accounts.iter().map(|account| (account.name.as_str(), account)).collect();
        Self { known, used: Vec::new() }
    }

    /// Notes that a row has a command.
    pub(super) fn uses(&mut self, row: &'a Row, cloud: Cloud) {
        let name = base(&row.account, &row.region);
        if self.used.iter().any(|used| used.name == name && used.cloud == cloud) {
            return;
        }
        let account = self.of_row(row);
        let account_id = account.and_then(|account| account.account_id.as_deref());
        let is_in_vpc = account.is_some_and(|account| account.network == Network::Vpc.name());
        self.used.push(Used { cloud, name, region: &row.region, account_id, is_in_vpc });
    }

    /// Returns the accounts with commands, each with its number, from 1.
    pub(super) fn used(&self) -> impl Iterator<Item = (usize, &Used<'a>)> {
        self.used.iter().enumerate().map(|(at, used)| (at + 1, used))
    }

    /// Returns the number of the profile of a row's account.
    pub(super) fn profile(&self, row: &Row, cloud: Cloud) -> usize {
        let name = base(&row.account, &row.region);
        self.used().find(|(_, used)| used.name == name && used.cloud == cloud).map_or(0, |(number, _)| number)
    }

    /// Returns what the report says of a row's account; reports of earlier versions say nothing.
    pub(super) fn of_row(&self, row: &Row) -> Option<&'a AccountRef> {
        self.known.get(row.account.as_str()).copied()
    }
}
