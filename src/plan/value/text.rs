//! Texts that name something.

use crate::plan::key::{Form, Takes};
use crate::plan::reader::{Field, Reader};
use crate::plan::secret_text;
use crate::plan::suggest::quote;
use crate::plan::variables::is_name;

/// Text that is not empty and has no control characters.
pub(in crate::plan) const NAME: Form<String> =
    Form { takes: || Takes::Name, read: |field, reader| Some(reader.name(field)?.value.into_owned()) };

/// Any text, also an empty one.
pub(in crate::plan) const WORDING: Form<String> =
    Form { takes: || Takes::Wording, read: |field, reader| Some(reader.text(field)?.value.into_owned()) };

/// Text that becomes part of a host name or path: letters, digits, `-` and `_`.
pub(in crate::plan) const HOST_WORD: Form<String> = Form { takes: || Takes::HostWord, read: host_word };

/// The name of an environment variable.
pub(in crate::plan) const VARIABLE: Form<String> = Form { takes: || Takes::Variable, read: variable };

fn host_word(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.name(field)?;
    if text.value.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character)) {
        return Some(text.value.into_owned());
    }
    let title = format!("{} has only letters, digits, `-` and `_`, so it cannot be {text}", quote(field.name));
    reader.wrong(text.span, title, None);
    None
}

/// Reads the name of a variable. A text that is no such name is hidden: it may be the secret itself.
fn variable(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.text(field);
    if let Some(text) = text.as_ref().filter(|text| is_name(&text.value) && !secret_text::is_key(&text.value)) {
        return Some(text.value.clone().into_owned());
    }
    reader.found.mask(field.node);
    let text = text?;
    if !secret_text::is_refused(field, reader) {
        let title = format!("{} must be the name of an environment variable", quote(field.name));
        reader.wrong(text.span, title, Some(secret_text::REFUSAL.into()));
    }
    None
}
