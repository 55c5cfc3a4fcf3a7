//! A plan's YAML as a tree: every node knows its place, and every scalar its text as written.

use std::rc::Rc;

/// A range of bytes of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// The very beginning, for what has no better place.
    pub(super) const START: Self = Self { start: 0, end: 0 };

    pub(super) const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    pub(super) const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and its place: that of the alias, if there is one.
#[derive(Debug, Clone)]
pub(super) struct Node<'s> {
    pub(super) span: Span,
    held: Held<'s>,
}

/// What a node holds; anchored content is shared with its aliases.
#[derive(Debug, Clone)]
enum Held<'s> {
    Own(Content<'s>),
    Shared(Rc<Content<'s>>),
}

/// The three sorts of YAML values.
#[derive(Debug, Clone)]
pub(super) enum Content<'s> {
    Scalar(Scalar<'s>),
    Sequence(Vec<Node<'s>>),
    Mapping(Vec<Entry<'s>>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry<'s> {
    pub(super) key: Node<'s>,
    pub(super) value: Node<'s>,
}

/// A scalar: its text, never a number or a flag.
#[derive(Debug, Clone)]
pub(super) struct Scalar<'s> {
    pub(super) text: std::borrow::Cow<'s, str>,
    pub(super) style: Style,
}

/// How a scalar is written, which determines its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// In quotes: text and nothing else.
    Quoted,
    /// Without quotes: text, or a number, a flag or nothing, as needed.
    Plain,
    /// As a number, a flag or nothing of JSON: never text.
    Literal,
}

impl<'s> Node<'s> {
    pub(super) const fn new(span: Span, content: Content<'s>) -> Self {
        Self { span, held: Held::Own(content) }
    }

    pub(super) const fn shared(span: Span, content: Rc<Content<'s>>) -> Self {
        Self { span, held: Held::Shared(content) }
    }

    pub(super) fn content(&self) -> &Content<'s> {
        match &self.held {
            Held::Own(content) => content,
            Held::Shared(content) => content,
        }
    }

    /// Returns the text of a scalar.
    pub(super) fn scalar(&self) -> Option<&Scalar<'s>> {
        match self.content() {
            Content::Scalar(scalar) => Some(scalar),
            Content::Sequence(_) | Content::Mapping(_) => None,
        }
    }

    /// Calls `visit` with the place of every scalar in it, keys left out.
    pub(super) fn each_scalar(&self, visit: &mut impl FnMut(Span)) {
        match self.content() {
            Content::Scalar(_) => visit(self.span),
            Content::Sequence(items) => items.iter().for_each(|item| item.each_scalar(visit)),
            Content::Mapping(entries) => entries.iter().for_each(|entry| entry.value.each_scalar(visit)),
        }
    }
}

impl Entry<'_> {
    /// Returns the key's text; keys are checked to be scalars when the tree is built.
    pub(super) fn name(&self) -> &str {
        self.key.scalar().map_or("", |scalar| &scalar.text)
    }
}

impl<'s> Scalar<'s> {
    pub(super) fn new(text: impl Into<std::borrow::Cow<'s, str>>, style: Style) -> Self {
        Self { text: text.into(), style }
    }

    /// Tells whether it means nothing at all: `null`, `~`, or no value.
    pub(super) fn is_null(&self) -> bool {
        self.style != Style::Quoted && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }
}
