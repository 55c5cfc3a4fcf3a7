//! How chats mark text up, and how text from plans and services is kept from being markup, a link or a mention.

use crate::base::escape::Escaped;

/// The longest text from a plan or a service, in characters.
pub(super) const LONGEST: usize = 300;

/// The markup of a chat.
pub(super) struct Markup {
    /// What stands on both sides of what is important.
    pub(super) strong: &'static str,
    /// What ends a line.
    pub(super) line_break: &'static str,
    /// What begins an item of a list.
    pub(super) bullet: &'static str,
    /// Makes text from a plan or a service harmless.
    pub(super) said: fn(&str) -> String,
    /// Makes a command harmless, which is to be copied.
    pub(super) command: fn(&str) -> String,
}

/// No markup: titles, and the text that templates get.
pub(super) const PLAIN: Markup = Markup { strong: "", line_break: "\n", bullet: "- ", said: plain, command: plain };

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Span {
    /// The program's own words.
    Words(String),
    /// Text from a plan or a service.
    Said(String),
    /// A command.
    Command(String),
}

/// A line.
pub(super) type Line = Vec<Span>;

impl Markup {
    pub(super) fn line(&self, line: &[Span]) -> String {
        let spans = line.iter().map(|span| match span {
            Span::Words(words) => words.clone(),
            Span::Said(text) => (self.said)(text),
            Span::Command(text) => (self.command)(text),
        });
        spans.collect()
    }

    pub(super) fn strong(&self, line: &[Span]) -> String {
        format!("{0}{1}{0}", self.strong, self.line(line))
    }
}

/// Returns a text that shows all of its characters and mentions nobody; a long one is cut short.
fn visible(text: &str) -> String {
    let shown = match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text.to_owned(),
    };
    let shown = Escaped(&shown).to_string();
    if shown.trim().is_empty() { "(blank)".to_owned() } else { shown }
}

/// Replaces what begins a mention or a tag by the wide form of the same character: every client shows that as it is.
fn plain(text: &str) -> String {
    visible(text).chars().map(|ch| if "@<>".contains(ch) { wide(ch) } else { ch }).collect()
}

/// Does so with what Markdown takes for markup. Whether a client knows backslashes and entities, no vendor says.
pub(super) fn markdown(text: &str) -> String {
    let shown = visible(text);
    let chars: Vec<char> = shown.chars().collect();
    let is_inside = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|ch| ch.is_alphanumeric());
    let harmless = (0..).zip(&chars).map(|(at, ch)| match ch {
        '_' if is_inside(usize::checked_sub(at, 1)) && is_inside(Some(at + 1)) => '_',
        '@' | '<' | '>' | '&' | '[' | ']' | '*' | '`' | '~' | '_' => wide(*ch),
        ch => *ch,
    });
    harmless.collect()
}

/// Returns the wide form of a character of ASCII.
fn wide(ch: char) -> char {
    u32::from(ch).checked_add(0xfee0).and_then(char::from_u32).unwrap_or(ch)
}

/// Puts a text into a code span, in which there is no other markup.
pub(super) fn code_span(text: &str, escape: fn(&str) -> String) -> String {
    let text = visible(text).replace('`', "'").replace('@', "＠");
    format!("`{}`", escape(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup_or_a_mention() {
        let table = [
            ("etl_orders-2026", "etl_orders-2026"),
            ("_tmp_ a__b", "＿tmp＿ a＿＿b"),
            ("@all <!channel> <at id=all></at>", "＠all ＜!channel＞ ＜at id=all＞＜/at＞"),
            ("[pay](https://x) **b** `c` ~~d~~ &lt;", "［pay］(https://x) ＊＊b＊＊ ｀c｀ ～～d～～ ＆lt;"),
            ("two\nlines\u{202e}", "two\\nlines\\u{202e}"),
            (" ", "(blank)"),
            ("名前", "名前"),
        ];
        for (text, shown) in table {
            assert_eq!(markdown(text), shown);
        }
        assert_eq!(plain("a_b*c@all<x>"), "a_b*c＠all＜x＞");
        assert_eq!(code_span("a`b`@all", str::to_owned), "`a'b'＠all`");
    }

    #[test]
    fn a_long_text_is_cut() {
        let shown = markdown(&"名".repeat(1000));
        assert_eq!((shown.chars().count(), shown.ends_with('…')), (LONGEST + 1, true));
    }
}
