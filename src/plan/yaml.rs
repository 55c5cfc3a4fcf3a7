//! Reads YAML text into a tree, with bounds on depth, size and what aliases expand to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use serde_yaml::granit_parser::{self, Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::finding::{Finding, Findings};
use super::mapping;
use super::syntax;
use super::tree::{Content, Entry, Node, Scalar, Span, Style};

/// The deepest nesting, aliases included; a plan needs six levels.
const MAX_DEPTH: u32 = 32;
/// The most values in a plan: a million targets of twenty parameters each.
const MAX_NODES: u64 = 40_000_000;

/// Reads the one document of `source`.
///
/// # Errors
///
/// Ends at the first problem that hides what follows; lesser ones are pushed to `found`.
pub(super) fn read<'s>(source: &'s str, found: &mut Findings) -> Result<Node<'s>, Finding> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH as usize,
        block_nesting_limit: MAX_DEPTH as usize,
    };
    let mut builder = Builder { open: Vec::new(), root: None, anchors: HashMap::new(), nodes: 0, found };
    for next in Parser::new_from_str_with_options(source, options) {
        let (event, place) = next.map_err(|error| syntax::finding(source, &error))?;
        let place = span(&place);
        if matches!(event, Event::DocumentStart(..)) && builder.root.is_some() {
            return Err(Finding::error(place, "a plan is one YAML document, but a second one starts here")
                .hint("put the second plan into its own file"));
        }
        builder.take(event, place)?;
    }
    builder.root.ok_or_else(|| {
        Finding::of_file("the plan is empty").hint("start with `version: 1`, and add `accounts` and `targets`")
    })
}

fn span(place: &granit_parser::Span) -> Span {
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    place.byte_range().map_or(Span::START, |range| Span { start: narrow(range.start), end: narrow(range.end) })
}

/// The tree while it grows.
struct Builder<'s, 'f> {
    open: Vec<Frame<'s>>,
    root: Option<Node<'s>>,
    anchors: HashMap<usize, (Rc<Content<'s>>, Size)>,
    nodes: u64,
    found: &'f mut Findings,
}

/// A sequence or mapping that is still open.
struct Frame<'s> {
    start: Span,
    flow: bool,
    anchor: usize,
    size: Size,
    content: Content<'s>,
    key: Option<Node<'s>>,
}

/// How much a value holds when its aliases are followed.
#[derive(Debug, Clone, Copy)]
struct Size {
    nodes: u64,
    depth: u32,
}

impl Size {
    const ONE: Self = Self { nodes: 1, depth: 1 };

    fn holding(self, inner: Self) -> Self {
        Self { nodes: self.nodes.saturating_add(inner.nodes), depth: self.depth.max(inner.depth + 1) }
    }
}

impl<'s> Builder<'s, '_> {
    fn take(&mut self, event: Event<'s>, place: Span) -> Result<(), Finding> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = matches!(style, ScalarStyle::Plain) && !self.is_text(tag.as_deref(), place);
                // The parser gives `~` for a missing value, which is empty in the source.
                let text = if plain && place.is_empty() { Cow::Borrowed("") } else { text };
                self.close(
                    place,
                    Content::Scalar(Scalar::new(text, if plain { Style::Plain } else { Style::Quoted })),
                    anchor,
                    Size::ONE,
                )
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.is_text(tag.as_deref(), place);
                self.open(place, style, anchor, Content::Sequence(Vec::new()));
                Ok(())
            }
            Event::MappingStart(style, anchor, tag) => {
                self.is_text(tag.as_deref(), place);
                self.open(place, style, anchor, Content::Mapping(Vec::new()));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(place),
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::UnresolvedAlias(_)
            | Event::Anchor(..)
            | Event::Comment(..)
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | _ => Ok(()),
        }
    }

    /// Tells whether a tag says that the scalar is text; reports unsupported tags.
    fn is_text(&mut self, tag: Option<&Tag>, place: Span) -> bool {
        let suffix = tag.and_then(Tag::core_suffix);
        if tag.is_some() && !matches!(suffix, Some("str" | "int" | "float" | "bool" | "seq" | "map")) {
            self.found.push(
                Finding::error(place, "YAML tags are not supported in a plan")
                    .hint("remove the word that starts with `!`"),
            );
        }
        suffix == Some("str")
    }

    fn open(&mut self, start: Span, style: StructureStyle, anchor: usize, content: Content<'s>) {
        let flow = matches!(style, StructureStyle::Flow);
        self.open.push(Frame { start, flow, anchor, size: Size::ONE, content, key: None });
    }

    fn end(&mut self, place: Span) -> Result<(), Finding> {
        let Some(mut frame) = self.open.pop() else { return Ok(()) };
        let span = match &mut frame.content {
            Content::Mapping(entries) => {
                entries.shrink_to_fit();
                mapping::finish(entries, self.found);
                entries.first().map(|entry| entry.key.span)
            }
            Content::Sequence(items) => {
                items.shrink_to_fit();
                items.first().map(|item| item.span)
            }
            Content::Scalar(_) => None,
        };
        // What is written in brackets is underlined as a whole, anything else by its first word.
        let whole = Span { start: frame.start.start, end: place.end };
        let span = if frame.flow { whole } else { span.unwrap_or(frame.start) };
        self.close(span, frame.content, frame.anchor, frame.size)
    }

    fn alias(&mut self, anchor: usize, place: Span) -> Result<(), Finding> {
        match self.anchors.get(&anchor) {
            Some((content, size)) => {
                let (content, size) = (Rc::clone(content), *size);
                self.put(Node::shared(place, content), size, size.nodes)
            }
            None => Err(Finding::error(place, "this alias refers to itself")),
        }
    }

    fn close(&mut self, span: Span, content: Content<'s>, anchor: usize, size: Size) -> Result<(), Finding> {
        if anchor == 0 {
            return self.put(Node::new(span, content), size, 1);
        }
        let content = Rc::new(content);
        self.anchors.insert(anchor, (Rc::clone(&content), size));
        self.put(Node::shared(span, content), size, 1)
    }

    /// Adds a finished value to its parent; it has `new` values that were not counted yet.
    fn put(&mut self, mut node: Node<'s>, size: Size, new: u64) -> Result<(), Finding> {
        self.nodes = self.nodes.saturating_add(new);
        if self.nodes > MAX_NODES {
            return Err(Finding::error(node.span, "the plan holds too many values, or its aliases expand to too many")
                .hint("split the plan, or use fewer nested aliases"));
        }
        let above = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        if above.saturating_add(size.depth) > MAX_DEPTH {
            return Err(syntax::too_deep(node.span));
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.size = frame.size.holding(size);
        match &mut frame.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping(entries) => match frame.key.take() {
                None => frame.key = Some(node),
                Some(key) => {
                    if node.span.is_empty() {
                        node.span = key.span;
                    }
                    entries.push(Entry { key, value: node });
                }
            },
            Content::Scalar(_) => {}
        }
        Ok(())
    }
}
