//! Which account of the cloud each account of a run is, in words: before a run, and in its reports.

use std::fmt;

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

/// An account that nothing more was sent for. Texts are as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClosedAccount {
    /// Its name in the plan.
    pub name: String,
    /// Why, without a full stop at its end.
    pub reason: String,
}

impl fmt::Display for ClosedAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nothing more was sent for {}: {}.", self.name, self.reason)
    }
}

/// Returns the accounts that nothing more was sent for; the regions of an account that have one reason are one.
pub(super) fn closed(accounts: &[SignedAccount]) -> Vec<ClosedAccount> {
    distinct(accounts.iter().filter_map(|account| {
        let reason = account.closed.as_ref()?.trim_end_matches('.').to_owned();
        Some(ClosedAccount { name: base(&account.name, &account.region).to_owned(), reason })
    }))
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
pub(super) fn base<'a>(name: &'a str, region: &str) -> &'a str {
    name.strip_suffix(region).and_then(|name| name.strip_suffix('@')).unwrap_or(name)
}

/// Returns the lines without those that were there before.
fn distinct<T: PartialEq>(lines: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct: Vec<T> = Vec::new();
    for line in lines {
        // The regions of an account follow each other.
        if distinct.last() != Some(&line) {
            distinct.push(line);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Identity;
    use crate::plan::Account;
    use crate::provider::Cloud;

    fn signed(name: &str, region: &str, identity: Option<Identity>, closed: Option<&str>) -> SignedAccount {
        let account = Account { name: name.to_owned(), ..Account::in_region(Cloud::Huawei, region.to_owned()) };
        SignedAccount { identity, closed: closed.map(str::to_owned), ..SignedAccount::unknown(&account) }
    }

    fn accounts() -> Vec<SignedAccount> {
        let ops = || Some(Identity { account_name: Some("acme".to_owned()), ..Identity::new("d78c", "user ops") });
        vec![
            signed("hw@cn-north-4", "cn-north-4", ops(), None),
            signed("hw@cn-east-3", "cn-east-3", ops(), None),
            signed("over", "r", Some(Identity::new("1865", "role stopper")), Some("login expired")),
            signed("refused", "r", None, Some("the key was refused")),
            signed("unknown", "r", None, None),
        ]
    }

    #[test]
    fn each_account_has_one_line_for_all_of_its_regions() {
        let expected = [
            "hw = account d78c (acme), as user ops",
            "over = account 1865, as role stopper; nothing is sent for it: login expired",
            "refused: it is not known which account this is; nothing is sent for it: the key was refused",
            "unknown: it is not known which account this is",
        ];
        assert_eq!(whose(&accounts()), expected);
        let expected = [
            "Nothing more was sent for over: login expired.",
            "Nothing more was sent for refused: the key was refused.",
        ];
        assert_eq!(closed(&accounts()).iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        let ended = closed(&[signed("one", "r", None, Some("InvalidAccessKeyId.NotFound: is not found."))]);
        assert_eq!(ended[0].to_string(), "Nothing more was sent for one: InvalidAccessKeyId.NotFound: is not found.");
    }

    #[test]
    fn a_report_names_the_accounts_that_were_used_and_of_many_the_first_ones() {
        let of_report = |signed: &SignedAccount| {
            let account =
                Account { name: signed.name.clone(), ..Account::in_region(signed.cloud, signed.region.clone()) };
            AccountRef::new(&account, Some(signed))
        };
        let shown = whose_of(&accounts().iter().map(of_report).collect::<Vec<_>>());
        assert_eq!(shown.first().map(String::as_str), Some("hw = account d78c, as user ops"));
        assert_eq!(shown.len(), 3, "{shown:?}");
        let many = (0..12).map(|number| signed(&format!("a{number}"), "r", Some(Identity::new("1", "user")), None));
        let shown = whose_of(&many.map(|signed| of_report(&signed)).collect::<Vec<_>>());
        assert_eq!((shown.len(), &*shown[10]), (11, "and 2 more accounts: see the JSON report"));
    }
}
