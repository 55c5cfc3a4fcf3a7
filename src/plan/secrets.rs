//! Variables that hold credentials: a plan may name them under `credentials`, and use their values nowhere.
//!
//! The values of a plan are sent to services and written into reports, so a credential among them would leak.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use super::suggest::quote;
use super::tree::{Content, Entry, Node, Scalar};
use super::variables::{Unresolved, Variables};
use crate::base::environment::Environment;

/// How the variables of the vendors' tools, and of tools that use them, begin.
const BEGINNINGS: [&str; 8] =
    ["ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_", "HUAWEICLOUD_SDK_", "HUAWEICLOUD_", "HUAWEI_CLOUD_", "HW_", "OS_"];

/// How those of them end that hold credentials.
const ENDS: [&str; 20] = [
    "ACCESS_KEY_ID",
    "ACCESS_KEY_SECRET",
    "SECRET_ACCESS_KEY",
    "ACCESS_KEY",
    "SECRET_KEY",
    "AK",
    "SK",
    "SECURITY_TOKEN",
    "SESSION_TOKEN",
    "STS_TOKEN",
    "AUTH_TOKEN",
    "OIDC_TOKEN",
    "ID_TOKEN",
    "OIDC_ID_TOKEN",
    "ASSUME_ROLE_ID_TOKEN",
    "BEARER_TOKEN",
    "TOKEN",
    "PASSWORD",
    "USER_PASSWORD",
    "CREDENTIALS_URI",
];

/// Names that some of those tools read without a beginning.
const BARE: [&str; 6] =
    ["ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECRET_ACCESS_KEY", "ACCESS_KEY", "SECRET_KEY", "SECURITY_TOKEN"];

/// A shorter value is no credential, but a test value.
const SHORTEST: usize = 4;

/// A value of this length is recognized within a longer one, too.
const LONG: usize = 12;

/// The variables of a plan, except those that hold credentials.
pub(super) struct Known<'v> {
    pub(super) variables: &'v Variables,
    /// The variables that the plan's accounts take their credentials from.
    named: BTreeSet<String>,
    /// The variables that hold a credential, and what they hold.
    credentials: Vec<(String, String)>,
    /// The names of the variables that were substituted.
    used: RefCell<BTreeSet<String>>,
}

impl<'v> Known<'v> {
    /// Takes the variables of a plan, and looks in it for those that its accounts take their credentials from.
    pub(super) fn of(plan: &Node<'_>, variables: &'v Variables) -> Self {
        let accounts = get(plan, "accounts").map_or(&[][..], entries);
        let mut names = Vec::new();
        let sources = accounts.iter().filter_map(|account| get(&account.value, "credentials"));
        sources.for_each(|source| named_by(source, &mut names));
        let named =
            names.into_iter().filter_map(|name| Some(variables.substitute(&name.text, |_| None).ok()?.into_owned()));
        let mut known = Self { variables, named: named.collect(), credentials: Vec::new(), used: RefCell::default() };
        known.credentials = known.credentials();
        known
    }

    /// Substitutes variables, unless one of them holds a credential.
    pub(super) fn substitute<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, Vec<Unresolved<'t>>> {
        self.variables.substitute(text, |name| {
            let objection = self.objection(name);
            if objection.is_none() {
                self.used.borrow_mut().insert(name.to_owned());
            }
            objection
        })
    }

    /// Returns the variables that were substituted; no credential is among them.
    pub(super) fn used(&self) -> Variables {
        let value = |name: &String| Some((name.clone(), self.variables.get(name)?.to_owned()));
        Variables { set: self.used.borrow().iter().filter_map(value).collect(), environment: Environment::default() }
    }

    /// Returns why a variable's value may not be substituted, if it may not.
    fn objection(&self, name: &str) -> Option<String> {
        if self.holds_credential(name) {
            return Some(format!(
                "the variable {} is a credential and must not be used as a value of the plan",
                quote(name)
            ));
        }
        let value = self.variables.get(name)?.trim();
        let is_in = |credential: &str| value == credential || (credential.len() >= LONG && value.contains(credential));
        let (other, _) = self.credentials.iter().find(|(_, credential)| is_in(credential))?;
        let [name, other] = [name, other.as_str()].map(quote);
        Some(format!(
            "the variable {name} has the same value as the credential {other} and must not be used as a value of the plan"
        ))
    }

    /// Tells whether a variable is one that credentials are taken from, by an account of the plan or by the vendors'
    /// tools.
    fn holds_credential(&self, name: &str) -> bool {
        let upper = name.to_ascii_uppercase();
        let rest = |beginning: &&str| upper.strip_prefix(*beginning).is_some_and(|rest| ENDS.contains(&rest));
        self.named.contains(name) || BARE.contains(&upper.as_str()) || BEGINNINGS.iter().any(rest)
    }

    /// Finds the credentials among the variables.
    fn credentials(&self) -> Vec<(String, String)> {
        let Variables { set, environment } = self.variables;
        let set = set.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all = set.chain(environment.names().filter_map(|name| Some((name, environment.get(name)?))));
        let credentials = all.map(|(name, value)| (name, value.trim())).filter(|(_, value)| value.len() >= SHORTEST);
        let credentials = credentials.filter(|(name, _)| self.holds_credential(name));
        credentials.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// Finds the names of the variables that a source of credentials, and those within it, take secrets from.
fn named_by<'n, 's>(source: &'n Node<'s>, names: &mut Vec<&'n Scalar<'s>>) {
    let keys = get(source, "env").map_or(&[][..], entries);
    names.extend(keys.iter().filter_map(|entry| entry.value.scalar()));
    let password = get(source, "password").and_then(|password| get(get(password, "password")?, "env"));
    names.extend(password.and_then(Node::scalar));
    if let Some(source) = get(source, "source") {
        named_by(source, names);
    }
}

fn get<'n, 's>(node: &'n Node<'s>, key: &str) -> Option<&'n Node<'s>> {
    entries(node).iter().find(|entry| entry.name() == key).map(|entry| &entry.value)
}

fn entries<'n, 's>(node: &'n Node<'s>) -> &'n [Entry<'s>] {
    match node.content() {
        Content::Mapping(entries) => entries,
        Content::Scalar(_) | Content::Sequence(_) => &[],
    }
}

#[cfg(test)]
mod tests;
