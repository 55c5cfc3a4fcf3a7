//! Explains in plain words why text is not YAML.

use serde_yaml::granit_parser::{ErrorKind, ScanError};

use super::finding::Finding;
use super::tree::Span;

/// Turns the parser's error into a finding at its place.
pub(super) fn finding(source: &str, error: &ScanError) -> Finding {
    let (kind, offset) = (error.kind(), error.marker().byte_offset().unwrap_or(0).min(source.len()));
    if matches!(kind, ErrorKind::RecursionLimitExceeded) {
        return too_deep(character(source, offset));
    }
    if is_tab(kind) {
        let span = character(source, tab(source, offset));
        return Finding::error(span, "tab used for indentation").hint("indent with spaces");
    }
    if matches!(kind, ErrorKind::UnknownAnchor) {
        return Finding::error(word(source, offset), "undefined alias: its anchor must be defined above")
            .hint("put `&name` before the value it stands for, or quotes around text that starts with `*`");
    }
    let span = character(source, offset);
    match explained(kind) {
        Some((title, hint)) => Finding::error(span, title).hint(hint),
        None => Finding::error(span, format!("this is not YAML: {}", error.info())),
    }
}

/// A finding for text that is nested too deeply.
pub(super) fn too_deep(span: Span) -> Finding {
    Finding::error(span, "nested too deeply").hint("a plan needs no more than six levels")
}

/// Explains the most common errors, with a hint.
fn explained(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    const BRACKETS: &str =
        "inside `{…}` and `[…]`, put quotes around text with `{`, `}`, `[`, `]` or `,`, as in `\"${NAME}\"`";
    const COLUMN: &str = "the entries of one list or mapping start in the same column";
    let explained = if matches!(kind, ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::UnexpectedEofFlowMapping) {
        ("a `,` or `}` is missing before this", BRACKETS)
    } else if matches!(kind, ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::UnexpectedEofFlowSequence) {
        ("a `,` or `]` is missing before this", BRACKETS)
    } else if matches!(kind, ErrorKind::UnclosedFlowCollection { .. } | ErrorKind::MismatchedFlowCollectionEnd { .. }) {
        ("unclosed or mismatched bracket", BRACKETS)
    } else if matches!(kind, ErrorKind::MisplacedFlowCollectionEnd) {
        ("unmatched closing bracket", BRACKETS)
    } else if matches!(
        kind,
        ErrorKind::MappingValueNotAllowed | ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey
    ) {
        ("unexpected key and value", "check the indentation, and put quotes around text with `: ` in it")
    } else if matches!(kind, ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent) {
        ("a quoted text is not closed before this", "close it with the same quote that opens it")
    } else if matches!(kind, ErrorKind::UnexpectedCharacter { .. }) {
        ("text without quotes cannot start with this", "put quotes around it")
    } else if matches!(kind, ErrorKind::UnknownQuotedScalarEscape) {
        ("YAML does not know this escape", "write `\\\\` for a backslash, or use single quotes")
    } else if matches!(kind, ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry) {
        ("this belongs to neither the list nor the mapping above", COLUMN)
    } else if matches!(kind, ErrorKind::InvalidIndentation) {
        ("indentation does not match any line above", COLUMN)
    } else {
        return None;
    };
    Some(explained)
}

/// Returns where the tab is that the parser met at the offset: just before it, or after the text that starts there.
fn tab(source: &str, offset: usize) -> usize {
    let (before, after) = source.split_at_checked(offset).unwrap_or((source, ""));
    if before.ends_with('\t') { offset - 1 } else { offset + after.find('\t').unwrap_or(0) }
}

/// Returns the character at the offset, or the last one before it if the text ends there.
fn character(source: &str, offset: usize) -> Span {
    let (before, after) = source.split_at_checked(offset).unwrap_or((source, ""));
    match after.chars().next() {
        Some(next) => span(offset, offset + next.len_utf8()),
        None => {
            let text = before.trim_end();
            span(text.char_indices().next_back().map_or(0, |(at, _)| at), text.len())
        }
    }
}

/// Returns the word that starts at the offset.
fn word(source: &str, offset: usize) -> Span {
    let rest = source.get(offset..).unwrap_or_default();
    let end = rest.find(|next: char| next.is_whitespace() || ",[]{}".contains(next)).unwrap_or(rest.len());
    span(offset, offset + end)
}

fn span(start: usize, end: usize) -> Span {
    Span { start: u32::try_from(start).unwrap_or(0), end: u32::try_from(end).unwrap_or(0) }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
    )
}
