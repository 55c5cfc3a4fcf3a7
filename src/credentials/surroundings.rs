//! What a source is asked with.

use super::client::{Clients, with_scheme};
use super::process::Log;
use crate::base::environment::Environment;
use crate::plan::Account;

/// What a source is asked with.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// The account that the credentials are for: its cloud, region, network and endpoints.
    pub(super) account: &'a Account,
    pub(super) environment: &'a Environment,
    pub(super) clients: &'a Clients,
    /// The name of a role's session where nobody gave one.
    pub(super) session: &'a str,
    /// The IAM endpoint that stands beside the keys in a profile of Huawei Cloud.
    pub(super) iam_endpoint: Option<&'a str>,
    /// What is told what programs write to their standard error, line by line.
    pub(super) log: Option<Log<'a>>,
}

impl Surroundings<'_> {
    /// Returns a base URL that the plan, or else this variable of the environment, puts in the place of the vendor's; one
    /// without a scheme is `https`.
    pub(super) fn endpoint(&self, name: &str, variable: &str) -> Option<String> {
        let own = self.account.endpoints.get(name).map(String::as_str);
        own.or_else(|| self.variable(variable)).map(with_scheme)
    }

    /// Returns a variable without white space at its ends; an empty one counts as unset.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Tells whether a variable says `true`, as the vendors' tools read it.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}
