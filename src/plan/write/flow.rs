//! Mappings and lists in brackets, on one line.

use std::fmt::{self, Display};

use serde_json::Value;

use super::scalar::{Key, Text};

/// A mapping in brackets while it grows; empty if nothing was put in.
#[derive(Default)]
pub(super) struct Mapping(Vec<(String, String)>);

impl Mapping {
    /// Adds an entry whose value is written as it is shown.
    pub(super) fn put(&mut self, key: &str, value: impl Display) {
        self.0.push((key.to_owned(), value.to_string()));
    }

    /// Adds an entry with a text, if there is one.
    pub(super) fn text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(key, Text(text));
        }
    }

    /// Adds an entry with a mapping, unless that is empty.
    pub(super) fn mapping(&mut self, key: &str, inner: &Self) {
        if !inner.is_empty() {
            self.put(key, inner);
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (number, (key, value)) in self.0.iter().enumerate() {
            write!(f, "{}{}: {value}", if number > 0 { ", " } else { "" }, Key(key))?;
        }
        f.write_str("}")
    }
}

/// A list of texts in brackets.
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T: AsRef<str>> Display for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<_> = self.0.iter().map(|item| Text(item.as_ref()).to_string()).collect();
        write!(f, "[{}]", items.join(", "))
    }
}

/// Any value, such as a `select`.
pub(super) struct Json<'a>(pub(super) &'a Value);

impl Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) => Text(text).fmt(f),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| Self(item).to_string()).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Value::Object(entries) => {
                let mut mapping = Mapping::default();
                entries.iter().for_each(|(key, value)| mapping.put(key, Self(value)));
                mapping.fmt(f)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => self.0.fmt(f),
        }
    }
}
