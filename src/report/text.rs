//! Texts and times as reports write them.

use std::borrow::Cow;

pub(super) use crate::base::duration::{spoken, to_come};
pub(super) use crate::base::escape::Escaped;

/// Cuts a text down to this many characters, the last of them `…` where something is missing.
pub(super) fn shortened(text: &str, length: usize) -> Cow<'_, str> {
    match text.char_indices().nth(length) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(length.saturating_sub(1)).chain(['…']).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_by_characters() {
        for (text, shown) in [("", ""), ("名前", "名前"), ("名前は", "名前は"), ("名前は何", "名前…")]
        {
            assert_eq!(shortened(text, 3), shown);
        }
    }
}
