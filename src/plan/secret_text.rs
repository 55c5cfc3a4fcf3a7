//! Texts that are secrets, and have no place in a plan: keys, and tokens of sign-ins.

use super::finding::{Finding, Findings};
use super::reader::{Field, Reader};
use super::tree::{Content, Entry, Node};
use super::variables::is_name;

/// What is said of a secret in a plan.
pub(super) const REFUSAL: &str = "secrets do not belong in a plan: name a variable or a file";

/// How the ids of Alibaba Cloud's keys begin: of permanent ones, and of temporary ones.
const KEY_IDS: [&str; 2] = ["LTAI", "STS."];

/// A shorter text is no key.
const SHORTEST: usize = 8;

/// Refuses every secret in a tree: the tokens of sign-ins, and what stands beside the id of a key and looks like its secret.
/// None of them is shown.
pub(super) fn refuse(node: &Node<'_>, found: &mut Findings) {
    match node.content() {
        Content::Scalar(scalar) if is_jwt(&scalar.text) => refuse_one(node, found),
        Content::Scalar(_) => {}
        Content::Sequence(items) => items.iter().for_each(|item| refuse(item, found)),
        Content::Mapping(entries) => {
            let has = |is: fn(&str) -> bool| entries.iter().any(|entry| text(entry).is_some_and(is));
            if has(is_key_id) {
                refuse_beside(entries, found);
            }
            entries.iter().for_each(|entry| refuse(&entry.value, found));
        }
    }
}

/// Refuses what looks like the secret of a key whose id stands in the same mapping.
fn refuse_beside(entries: &[Entry<'_>], found: &mut Findings) {
    let is_secret = |entry: &&Entry<'_>| {
        let is_like = |text: &str| is_called_secret(entry.name()) && !is_variable(text) || is_random(text);
        text(entry).is_some_and(|text| !is_key_id(text) && is_like(text))
    };
    let secrets: Vec<_> = entries.iter().filter(is_secret).collect();
    if secrets.is_empty() {
        return;
    }
    entries.iter().filter(|entry| text(entry).is_some_and(is_key_id)).for_each(|entry| found.mask(&entry.value));
    secrets.into_iter().for_each(|entry| refuse_one(&entry.value, found));
}

/// Refuses a single value where only the place of a secret may be named; tells whether there was one.
pub(super) fn refuse_value(field: Field<'_, '_>, hint: &str, reader: &mut Reader<'_>) -> bool {
    let is_value = field.node.scalar().is_some_and(|scalar| !scalar.is_null());
    if is_value {
        reader.found.mask(field.node);
        reader.found.push(Finding::error(field.node.span, REFUSAL).hint(hint));
    }
    is_value
}

/// Tells whether a value was refused as a secret, so that nothing else need be said of it.
pub(super) fn is_refused(field: Field<'_, '_>, reader: &Reader<'_>) -> bool {
    reader.found.has_error(field.node.span, REFUSAL)
}

fn refuse_one(node: &Node<'_>, found: &mut Findings) {
    found.mask(node);
    found.push(Finding::error(node.span, REFUSAL));
}

fn text<'e>(entry: &'e Entry<'_>) -> Option<&'e str> {
    entry.value.scalar().map(|scalar| &*scalar.text)
}

/// Tells whether a text could name a variable, and is the id or the secret of a key: no variable is named so.
pub(super) fn is_key(text: &str) -> bool {
    is_key_id(text) || (text.len() >= 16 && !text.contains('_') && has_digits_and_lower_case(text))
}

/// Tells whether a text is the id of one of Alibaba Cloud's keys.
fn is_key_id(text: &str) -> bool {
    let rest = KEY_IDS.iter().find_map(|beginning| text.strip_prefix(beginning));
    let is_fine = |rest: &str| {
        rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && rest.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    };
    text.len() >= SHORTEST && rest.is_some_and(is_fine)
}

/// Tells whether the value of a key of this name is a secret.
fn is_called_secret(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["secret", "token", "password"].iter().any(|word| lower.contains(word))
}

/// Tells whether a text names a variable in the usual way.
fn is_variable(text: &str) -> bool {
    is_name(text) && !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Tells whether a text looks random, as the secret of a key does.
fn is_random(text: &str) -> bool {
    text.len() >= 24
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        && has_digits_and_lower_case(text)
}

fn has_digits_and_lower_case(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Tells whether a text is a JSON Web Token: base64url of `{"…` first, and two dots.
fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ")
        && text.len() >= 20
        && text.bytes().filter(|byte| *byte == b'.').count() >= 2
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.=".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_ids_and_tokens_are_told_from_names() {
        for text in ["LTAI5tHush", "STS.NUx5Y", "LTAI4GQWERTYUIOPasdfghjk"] {
            assert!(is_key_id(text) && is_key(text), "{text}");
        }
        for text in ["LTAI", "LTAIKEYS", "LTAI_PROD_ID", "STS.", "STS_KEY", "ALI_AK", "STSxNUx5Y", "lt5"] {
            assert!(!is_key_id(text), "{text}");
        }
        assert!(is_jwt("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcHMifQ.c2ln"));
        for text in ["eyJ", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcHMifQ", "a.b.c", "eyJ a.b.c of some length, and more"] {
            assert!(!is_jwt(text), "{text}");
        }
    }
}
