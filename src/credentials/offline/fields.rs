//! Names with values, as JSON and ini files have them. Every value may be a secret: none is shown, and all are wiped.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Names with values.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, Value)>);

/// A value.
#[derive(Debug)]
pub(super) enum Value {
    /// `null`.
    Nothing,
    /// A text, a number or a boolean.
    Text(SecretString),
    List(Vec<Self>),
    Fields(Fields),
}

/// Where JSON is broken, and what was expected there; nothing of what stands there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct JsonFault {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) expected: String,
}

/// Reads JSON, with a byte order mark or without.
pub(super) fn parse_json(bytes: &[u8]) -> Result<Value, JsonFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let expected = match error.classify() {
            serde_json::error::Category::Eof => "expected the rest of the JSON".to_owned(),
            // These texts are the reader's own and have nothing of what is read.
            serde_json::error::Category::Syntax => {
                let text = error.to_string();
                let text = text.split_once(" at line ").map_or(text.as_str(), |(text, _)| text);
                if text.starts_with("expected") { text.to_owned() } else { format!("expected JSON: {text}") }
            }
            serde_json::error::Category::Data | serde_json::error::Category::Io => {
                "expected each field once".to_owned()
            }
        };
        JsonFault { line: error.line().max(1), column: error.column().max(1), expected }
    })
}

impl Fields {
    /// Returns the text of a field without the blanks around it; a blank one counts as none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Text(text) => Some(text.expose_secret().trim()).filter(|text| !text.is_empty()),
            Value::Nothing | Value::List(_) | Value::Fields(_) => None,
        }
    }

    /// Returns the fields in a field.
    pub(super) fn fields(&self, name: &str) -> Option<&Self> {
        self.value(name)?.as_fields()
    }

    /// Returns the list in a field.
    pub(super) fn list(&self, name: &str) -> Option<&[Value]> {
        match self.value(name)? {
            Value::List(list) => Some(list),
            Value::Nothing | Value::Text(_) | Value::Fields(_) => None,
        }
    }

    /// Takes in a field; returns whether there was none of this name.
    pub(super) fn insert(&mut self, name: String, value: Value) -> bool {
        let is_new = self.value(&name).is_none();
        self.0.push((name, value));
        is_new
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find_map(|(own, value)| (own == name).then_some(value))
    }
}

impl Value {
    /// Returns the fields.
    pub(super) const fn as_fields(&self) -> Option<&Fields> {
        match self {
            Self::Fields(fields) => Some(fields),
            Self::Nothing | Self::Text(_) | Self::List(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E: Error>(self) -> Result<Value, E> {
                Ok(Value::Nothing)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Text(value.to_string().into()))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Text(value.to_string().into()))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
                Ok(Value::Text(value.to_string().into()))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
                Ok(Value::Text(value.to_string().into()))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = from.next_element()? {
                    list.push(value);
                }
                Ok(Value::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
                let mut fields = Fields::default();
                while let Some((name, value)) = from.next_entry()? {
                    if !fields.insert(name, value) {
                        return Err(A::Error::custom("twice"));
                    }
                }
                Ok(Value::Fields(fields))
            }
        }

        from.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_texts_and_shown_by_nobody() {
        let value = parse_json(
            "\u{feff}{\"a\": \" hush \", \"n\": 900, \"e\": \"\", \"o\": {\"b\": true}, \"l\": [null]}".as_bytes(),
        );
        let value = value.unwrap();
        let fields = value.as_fields().unwrap();
        assert_eq!(
            [fields.get("a"), fields.get("n"), fields.get("e"), fields.get("x")],
            [Some("hush"), Some("900"), None, None]
        );
        assert_eq!(fields.fields("o").and_then(|fields| fields.get("b")), Some("true"));
        assert_eq!(fields.list("l").map(<[_]>::len), Some(1));
        assert!(!format!("{fields:?}").contains("hush"));
    }

    #[test]
    fn a_fault_has_a_place_and_nothing_of_the_text() {
        for (text, line, column, expected) in [
            ("", 1, 1, "expected the rest of the JSON"),
            ("{\"a\": 1", 1, 7, "expected the rest of the JSON"),
            ("{\n\"a\" \"hush\"}", 2, 5, "expected `:`"),
            ("{\"a\": hush}", 1, 7, "expected value"),
            ("{\"a\": 1, \"a\":\n 2}", 2, 3, "expected each field once"),
            ("{\"a\": \"\\hush\"}", 1, 9, "expected JSON: invalid escape"),
            ("{} hush", 1, 4, "expected JSON: trailing characters"),
            ("<html>", 1, 1, "expected value"),
        ] {
            let fault = parse_json(text.as_bytes()).unwrap_err();
            assert_eq!(fault, JsonFault { line, column, expected: expected.to_owned() }, "{text}");
        }
    }
}
