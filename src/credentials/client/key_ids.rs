//! Key ids in texts of others: enough of them to tell which key it is, and no more.

use std::borrow::Cow;

use crate::credentials::offline::shown_key_id;

/// The shortest text that can be an id.
const LEAST: usize = 4;

/// Shortens the key ids in a text: `known`, and every word that has the form of one.
pub(super) fn shorten_in(text: &str, known: Option<&str>) -> String {
    let known = known.filter(|id| id.len() >= LEAST);
    let text = known.map_or_else(|| text.to_owned(), |id| text.replace(id, &shown_key_id(id)));
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_of_word) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_of_word(c)).unwrap_or(from.len()));
        let (word, dots) = word.split_at(word.trim_end_matches('.').len());
        let word = if is_key_id(word) { Cow::from(shown_key_id(word)) } else { word.into() };
        clean.extend([before, &word, dots]);
        rest = after;
    }
    clean.push_str(rest);
    clean
}

const fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.'
}

/// Tells whether a word has the form of a key id of one of the vendors.
fn is_key_id(word: &str) -> bool {
    let follows = |prefix: &str| {
        let rest = word.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.len() >= 8 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    let is_huawei = || {
        let has = |test: fn(&u8) -> bool| word.as_bytes().iter().any(test);
        word.len() == 20
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_digit)
    };
    follows("LTAI") || follows("STS.") || is_huawei()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_left_as_they_are_but_for_ids() {
        for (text, known, wanted) in [
            (
                "Get secretKey failed,ak:HWOPSACCESSKEY000001,err:ak not exist",
                None,
                "Get secretKey failed,ak:HWOP…0001,err:ak not exist",
            ),
            ("key my-own-key is wrong", Some("my-own-key"), "key my-o…-key is wrong"),
            ("the key STS.NUabcdefgh of LTAI5tabcdefgh.", None, "the key STS.…efgh of LTAI…efgh."),
            ("acs:ram::1865410598556969:role/stopper", None, "acs:ram::1865410598556969:role/stopper"),
            ("request 0123456789ABCDEF0123 四", None, "request 0123…0123 四"),
            ("", Some(""), ""),
        ] {
            assert_eq!(shorten_in(text, known), wanted);
        }
    }
}
