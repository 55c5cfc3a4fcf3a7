//! A program and its arguments.

use crate::base::command_words::command_words;
use crate::plan::key::{Form, Takes};
use crate::plan::reader::{Field, Reader};
use crate::plan::tree::Content;

/// A command: a text, which is split into words, or a list of words.
pub(in crate::plan) const COMMAND: Form<Vec<String>> = Form { takes: || Takes::Command, read: command };

fn command(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let words = match field.node.content() {
        Content::Sequence(_) => listed(field, reader)?,
        Content::Scalar(_) | Content::Mapping(_) => {
            let text = reader.scalar(field, "text or a list of words")?;
            match command_words(&text.value) {
                Ok(words) => words,
                Err(error) => {
                    let hint = "write a program and its arguments, or a list of them; no shell reads it".to_owned();
                    reader.wrong(text.span, format!("{field} is no command: {error}"), Some(hint));
                    return None;
                }
            }
        }
    };
    if words.iter().any(|word| word.contains('\0')) {
        reader.wrong(field.node.span, format!("{field} contains a NUL character"), None);
        return None;
    }
    Some(words)
}

fn listed(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let items: Vec<_> = reader.list(field)?.collect();
    if items.is_empty() {
        let hint = "write the program first, then its arguments".to_owned();
        reader.wrong(field.node.span, format!("{field} is an empty list"), Some(hint));
        return None;
    }
    // The program has a name; an argument may be anything.
    let word = |(number, item): (usize, Field<'_, '_>)| {
        let text = if number == 0 { reader.name(item) } else { reader.text(item) };
        text.map(|text| text.value.into_owned())
    };
    let words: Vec<_> = items.into_iter().enumerate().map(word).collect();
    words.into_iter().collect()
}
