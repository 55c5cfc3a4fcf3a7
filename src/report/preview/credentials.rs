//! Where the credentials of a plan's accounts come from, before anybody is asked for them.

use std::fmt;

use serde::Serialize;

use crate::base::escape::Escaped;
use crate::report::width::{columns, padded};

/// Where the credentials of an account come from, as far as the machine itself tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountCredentials {
    /// The account's name in the plan.
    pub account: String,
    /// The source in words, without a secret; `None` where nothing is configured.
    pub source: Option<String>,
    /// What is set besides and not used, one sentence each.
    pub notes: Vec<String>,
    /// What is wrong, and what to do about it, for which a run would be refused.
    pub problem: Option<String>,
    /// The id that the plan states.
    #[serde(skip)]
    pub pin: Option<String>,
}

/// Where the credentials of a plan's accounts come from: a line for each, then what is odd about it.
#[derive(Debug, Clone, Copy)]
pub struct CredentialsPreview<'a>(pub &'a [AccountCredentials]);

/// Shows it; texts from the plan and from profiles are escaped.
impl fmt::Display for CredentialsPreview<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        writeln!(f, "credentials")?;
        let names: Vec<_> = self.0.iter().map(|account| Escaped(&account.account).to_string()).collect();
        let width = names.iter().map(|name| columns(name)).max().unwrap_or_default();
        for (account, name) in self.0.iter().zip(names) {
            writeln!(f, "  {}  {}", padded(&name, width), Escaped(&account.line()))?;
            for line in account.below() {
                writeln!(f, "  {}  {}", " ".repeat(width), Escaped(line))?;
            }
        }
        Ok(())
    }
}

impl AccountCredentials {
    fn line(&self) -> String {
        let mut line = match (&self.source, &self.problem) {
            (Some(source), None) => source.clone(),
            (Some(source), Some(_)) => format!("{source}: `allstop run` would exit with status 2 here"),
            (None, Some(_)) => "nothing configured here: `allstop run` would exit with status 2".to_owned(),
            (None, None) => "not known before a run".to_owned(),
        };
        line.extend(self.pin.iter().map(|pin| format!("; pinned to {pin}")));
        line
    }

    /// Returns what stands below its line. What was looked for where nothing is configured is long, and left out.
    fn below(&self) -> impl Iterator<Item = &str> {
        let problem = self.problem.as_deref().filter(|_| self.source.is_some());
        problem.into_iter().flat_map(str::lines).map(str::trim).chain(self.notes.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_where_from_and_what_is_odd_is_below() {
        let account = |account: &str, source: Option<&str>| AccountCredentials {
            account: account.to_owned(),
            source: source.map(str::to_owned),
            ..AccountCredentials::default()
        };
        let accounts = [
            AccountCredentials {
                notes: vec!["also set, not used: A".to_owned()],
                pin: Some("1865410598556969".to_owned()),
                ..account("ali-prod", Some("CLI profile \"ops\""))
            },
            account("hw", Some("nothing configured here; a run would ask the metadata service (169.254.169.254)")),
            AccountCredentials { problem: Some("Tried:\n  X".to_owned()), ..account("none", None) },
            AccountCredentials {
                problem: Some("A is set, B is not\n  hint: set B".to_owned()),
                ..account("half", Some("A"))
            },
            account("silent\n", None),
        ];
        let expected = "\
credentials
  ali-prod  CLI profile \"ops\"; pinned to 1865410598556969
            also set, not used: A
  hw        nothing configured here; a run would ask the metadata service (169.254.169.254)
  none      nothing configured here: `allstop run` would exit with status 2
  half      A: `allstop run` would exit with status 2 here
            A is set, B is not
            hint: set B
  silent\\n  not known before a run
";
        assert_eq!(CredentialsPreview(&accounts).to_string(), expected);
        assert_eq!(CredentialsPreview(&[]).to_string(), "");
    }
}
