//! Which account of the cloud each account of a run is, in words: before a run, and in its reports.

use super::json::AccountRef;
use crate::base::count::counted;
use crate::engine::SignedAccount;

/// What a line says of an account.
#[derive(Clone, Copy)]
struct Known<'a> {
    name: &'a str,
    region: &'a str,
    account_id: Option<&'a str>,
    account_name: Option<&'a str>,
    identity: Option<&'a str>,
    closed: Option<&'a str>,
}

/// Says which account of the cloud each account of a run is, such as `ali-prod = account 1865410598556969, as role stopper`;
/// one line for all regions of an account. Texts are as they are: whoever shows them escapes them.
#[must_use]
pub fn whose(accounts: &[SignedAccount]) -> Vec<String> {
    let known = accounts.iter().map(|account| {
        let SignedAccount { name, region, identity, closed, .. } = account;
        Known {
            name,
            region,
            account_id: identity.as_ref().map(|identity| &*identity.account_id),
            account_name: identity.as_ref().and_then(|identity| identity.account_name.as_deref()),
            identity: identity.as_ref().map(|identity| &*identity.name),
            closed: closed.as_deref(),
        }
    });
    lines(known)
}

/// So many accounts are named in a report for people.
const SHOWN: usize = 10;

/// Says the same of the accounts that the run of a report has used; of many, the first ones.
pub(super) fn whose_of(accounts: &[AccountRef]) -> Vec<String> {
    let mut lines = lines(accounts.iter().filter(|account| account.is_used()).map(|account| {
        let AccountRef { name, region, account_id, identity, closed, .. } = account;
        Known {
            name,
            region,
            // What the plan states is not what was learnt.
            account_id: account_id.as_deref().filter(|_| identity.is_some()),
            account_name: None,
            identity: identity.as_deref(),
            closed: closed.as_deref(),
        }
    }));
    let more = lines.len().saturating_sub(SHOWN) as u64;
    lines.truncate(SHOWN);
    lines.extend((more > 0).then(|| format!("and {}: see the JSON report", counted(more, "more account"))));
    lines
}

/// Says which accounts nothing more was sent for, and why; one line for all regions of an account.
pub(super) fn closed(accounts: &[SignedAccount]) -> Vec<String> {
    let lines = accounts.iter().filter_map(|account| {
        let reason = account.closed.as_ref()?;
        Some(format!("Nothing more was sent for {}: {reason}.", base(&account.name, &account.region)))
    });
    distinct(lines)
}

fn lines<'a>(accounts: impl Iterator<Item = Known<'a>>) -> Vec<String> {
    distinct(accounts.map(|account| line(&account)))
}

fn line(account: &Known<'_>) -> String {
    let Known { name, region, account_id, account_name, identity, closed } = *account;
    let mut line = base(name, region).to_owned();
    match account_id {
        Some(id) => {
            line.push_str(&format!(" = account {id}"));
            line.extend(account_name.map(|name| format!(" ({name})")));
            line.extend(identity.map(|who| format!(", as {who}")));
        }
        None => line.push_str(": it is not known which account this is"),
    }
    line.extend(closed.map(|reason| format!("; nothing is sent for it: {reason}")));
    line
}

/// Returns the name that the plan writes an account under: the regions of one are `NAME@REGION`.
fn base<'a>(name: &'a str, region: &str) -> &'a str {
    name.strip_suffix(region).and_then(|name| name.strip_suffix('@')).unwrap_or(name)
}

/// Returns the lines without those that were there before.
fn distinct(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for line in lines {
        // The regions of an account follow each other.
        if distinct.last() != Some(&line) {
            distinct.push(line);
        }
    }
    distinct
}
