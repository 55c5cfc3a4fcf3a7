//! Messages that fit: what is left out is left out by the line, and said.

use super::markup::Markup;
use super::message::Message;

/// A message as text, in three parts: the title and what comes next, the items, and the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) head: String,
    pub(super) items: String,
    pub(super) tail: String,
}

impl Parts {
    /// Joins them to one text.
    pub(super) fn joined(&self, line_break: &str) -> String {
        let parts = [&self.head, &self.items, &self.tail].into_iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join(line_break)
    }
}

/// Returns the longest form of a message that fits: with fewer items, then with fewer lines of its end, then with fewer of
/// its beginning. The title is always there.
pub(super) fn cut(message: &Message, markup: &Markup, fits: impl Fn(&Parts) -> bool) -> Parts {
    let head: Vec<_> = message.head.iter().map(|line| markup.line(line)).collect();
    let items: Vec<_> =
        message.items.iter().map(|(_, line)| format!("{}{}", markup.bullet, markup.line(line))).collect();
    let tail: Vec<_> = message.tail.iter().map(|line| markup.line(line)).collect();
    let title = markup.strong(&message.title);
    let form = |heads: usize, shown: usize, tails: usize| {
        let more = message.items.iter().skip(shown).fold(message.more, |more, (left, _)| more.and(*left)).said();
        let join =
            |lines: Vec<&String>| lines.into_iter().map(String::as_str).collect::<Vec<_>>().join(markup.line_break);
        Parts {
            head: join([&title].into_iter().chain(head.iter().take(heads)).collect()),
            items: join(items.iter().take(shown).chain(&more).collect()),
            tail: join(tail.iter().take(tails).collect()),
        }
    };
    let fewer_items = (0..=items.len()).rev().map(|shown| (head.len(), shown, tail.len()));
    let fewer_tails = (0..tail.len()).rev().map(|tails| (head.len(), 0, tails));
    let fewer_heads = (0..head.len()).rev().map(|heads| (heads, 0, 0));
    let mut forms =
        fewer_items.chain(fewer_tails).chain(fewer_heads).map(|(heads, shown, tails)| form(heads, shown, tails));
    forms.find(|parts| fits(parts)).unwrap_or_else(|| Parts { head: title, ..Parts::default() })
}
