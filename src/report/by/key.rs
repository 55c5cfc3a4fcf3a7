//! What targets are counted by.

use std::fmt;
use std::str::FromStr;

use crate::report::json::Row;
use crate::report::text::Escaped;
use crate::report::whose::base;

/// What targets are counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountKey {
    /// The kind.
    Kind,
    /// The account's name in the plan; the regions of one account are counted together.
    Account,
    /// The region.
    Region,
    /// The value of the label with this key.
    Label(String),
}

/// A text that names nothing to count by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountKeyError {
    /// It is perhaps the key of a label.
    #[error("expected kind, account, region or label.KEY; for the label {0}, use label.{0}")]
    Label(String),
    /// It is nothing.
    #[error("expected kind, account, region or label.KEY")]
    Unknown,
}

/// How a label begins.
const LABEL: &str = "label.";

impl CountKey {
    /// Returns the value of a row; `None` if it does not have the label.
    pub(super) fn of<'r>(&self, row: &'r Row) -> Option<&'r str> {
        match self {
            Self::Kind => Some(&row.kind),
            Self::Account => Some(base(&row.account, &row.region)),
            Self::Region => Some(&row.region),
            Self::Label(key) => row.labels.get(key).map(String::as_str),
        }
    }
}

impl FromStr for CountKey {
    type Err = CountKeyError;

    fn from_str(text: &str) -> Result<Self, CountKeyError> {
        match text {
            "kind" => Ok(Self::Kind),
            "account" => Ok(Self::Account),
            "region" => Ok(Self::Region),
            _ => match text.strip_prefix(LABEL) {
                Some(key) if !key.is_empty() => Ok(Self::Label(key.to_owned())),
                None if !text.is_empty() && text != LABEL.trim_end_matches('.') => {
                    Err(CountKeyError::Label(Escaped(text).to_string()))
                }
                Some(_) | None => Err(CountKeyError::Unknown),
            },
        }
    }
}

/// Shows it as it is written on the command line.
impl fmt::Display for CountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind => f.write_str("kind"),
            Self::Account => f.write_str("account"),
            Self::Region => f.write_str("region"),
            Self::Label(key) => write!(f, "{LABEL}{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_were_written() {
        for text in ["kind", "account", "region", "label.team", "label.tag.env", "label. "] {
            assert_eq!(text.parse::<CountKey>().unwrap().to_string(), text);
        }
        for text in ["", "label", "label."] {
            assert_eq!(text.parse::<CountKey>(), Err(CountKeyError::Unknown), "{text}");
        }
        for text in ["team", "Kind", "outcome"] {
            assert_eq!(text.parse::<CountKey>(), Err(CountKeyError::Label(text.to_owned())), "{text}");
        }
    }
}
