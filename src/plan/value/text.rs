//! Texts that name something.

use crate::plan::key::{Form, Readable, Takes};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::variables::is_name;

/// Text that is not empty and has no control characters.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Name;

/// Text that becomes part of a host name or path: letters, digits, `-` and `_`.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct HostWord;

/// The name of an environment variable.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Variable;

impl Form for Name {
    fn takes(self) -> Takes {
        Takes::Name
    }
}

impl Readable for Name {
    type Value = String;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
        Some(reader.name(field)?.value.into_owned())
    }
}

impl Form for HostWord {
    fn takes(self) -> Takes {
        Takes::HostWord
    }
}

impl Readable for HostWord {
    type Value = String;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
        let text = reader.name(field)?;
        if text.value.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character)) {
            return Some(text.value.into_owned());
        }
        let title = format!("{} has only letters, digits, `-` and `_`, so it cannot be {text}", quote(field.name));
        reader.wrong(text.span, title, None);
        None
    }
}

impl Form for Variable {
    fn takes(self) -> Takes {
        Takes::Variable
    }
}

impl Readable for Variable {
    type Value = String;

    /// Reads the name. A text that is no such name is hidden: it may be the secret itself.
    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
        let text = reader.text(field);
        if let Some(text) = text.as_ref().filter(|text| is_name(&text.value) && !is_key_like(&text.value)) {
            return Some(text.value.clone().into_owned());
        }
        reader.found.mask(field.node);
        let text = text?;
        let title = format!("{} must be the name of an environment variable", quote(field.name));
        let hint = "set the value in an environment variable and put the variable's name here; plans must not contain \
                    secrets";
        reader.wrong(text.span, title, Some(hint.into()));
        None
    }
}

/// Tells whether a text looks random, as the vendors' keys do: it could name a variable, but no variable is named so.
fn is_key_like(text: &str) -> bool {
    let has = |sort: fn(&u8) -> bool| text.bytes().any(|byte| sort(&byte));
    text.len() >= 16 && !text.contains('_') && has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase)
}
