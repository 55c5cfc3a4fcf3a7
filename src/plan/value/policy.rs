//! A policy that narrows a session: JSON without blanks, in the order in which it is written.

use serde_json::value::RawValue;

use crate::plan::key::{Form, Takes};
use crate::plan::reader::{Field, Reader};
use crate::plan::tree::{Content, Node, Style};

/// A policy: a mapping, or a text of JSON.
pub(in crate::plan) const POLICY: Form<String> = Form { takes: || Takes::Policy, read: policy };

fn policy(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    match field.node.content() {
        Content::Mapping(_) => {
            let mut json = String::new();
            write(field.name, field.node, &mut json, reader)?;
            Some(json)
        }
        Content::Scalar(_) | Content::Sequence(_) => {
            let text = reader.scalar(field, "a mapping, or a text of JSON")?;
            let json = serde_json::from_str::<&RawValue>(&text.value);
            match json.map(|json| json.get().trim()) {
                Ok(json) if json.starts_with('{') => return Some(compact(json)),
                Ok(_) => {
                    let hint = "write an object, or the policy itself as a mapping".to_owned();
                    reader.wrong(text.span, format!("{field} must be a JSON object"), Some(hint));
                }
                Err(error) => {
                    let hint = "or write the policy itself as a mapping".to_owned();
                    reader.wrong(text.span, format!("{field} is not JSON: {error}"), Some(hint));
                }
            }
            None
        }
    }
}

/// Leaves out the blanks between the parts of JSON.
fn compact(json: &str) -> String {
    let (mut is_in_text, mut is_escaped) = (false, false);
    let mut kept = String::with_capacity(json.len());
    for ch in json.chars() {
        if is_in_text {
            is_in_text = ch != '"' || is_escaped;
            is_escaped = ch == '\\' && !is_escaped;
        } else if matches!(ch, ' ' | '\t' | '\n' | '\r') {
            continue;
        } else {
            is_in_text = ch == '"';
        }
        kept.push(ch);
    }
    kept
}

/// Writes a value as JSON; `None` after an error was pushed.
pub(super) fn write(name: &str, node: &Node<'_>, json: &mut String, reader: &mut Reader<'_>) -> Option<()> {
    match node.content() {
        Content::Mapping(entries) => {
            let mut is_fine = Some(());
            json.push('{');
            for (number, entry) in entries.iter().enumerate() {
                json.push_str(if number > 0 { "," } else { "" });
                json.push_str(&quoted(entry.name()));
                json.push(':');
                is_fine = is_fine.and(write(name, &entry.value, json, reader));
            }
            json.push('}');
            is_fine
        }
        Content::Sequence(items) => {
            let mut is_fine = Some(());
            json.push('[');
            for (number, item) in items.iter().enumerate() {
                json.push_str(if number > 0 { "," } else { "" });
                is_fine = is_fine.and(write(name, item, json, reader));
            }
            json.push(']');
            is_fine
        }
        Content::Scalar(scalar) if scalar.is_null() => {
            json.push_str("null");
            Some(())
        }
        Content::Scalar(scalar) => {
            let is_quoted = scalar.style == Style::Quoted;
            let text = reader.scalar(Field { name, node }, "a value of JSON")?;
            let is_typed = !is_quoted && serde_json::from_str::<&RawValue>(&text.value).is_ok();
            // What JSON takes for a text would be quoted.
            let is_typed = is_typed && !text.value.trim_start().starts_with(['"', '{', '[']);
            json.push_str(&if is_typed { text.value.trim().to_owned() } else { quoted(&text.value) });
            Some(())
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_between_the_parts_are_left_out() {
        let table = [
            ("{ }", "{}"),
            (
                "{\"a\" : [ 1,\n\t2 ] , \"b c\": \"d \\\" e\\\\\" , \"f\":null}",
                "{\"a\":[1,2],\"b c\":\"d \\\" e\\\\\",\"f\":null}",
            ),
        ];
        for (json, expected) in table {
            assert_eq!(compact(json), expected);
        }
    }
}
