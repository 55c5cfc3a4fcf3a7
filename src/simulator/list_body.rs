//! The body of a listing's response, whole or not.

use serde_json::{Map, Value, json};

use super::list_fault::ListTrouble;
use super::list_request::Tokens;
use super::page::Page;
use super::service::{LastToken, Paging, Style};

/// What a body is written for.
pub(super) struct Sheet<'a> {
    /// How it is written.
    pub(super) style: &'a Style,
    /// The page that was asked for.
    pub(super) paging: Paging<'a>,
    /// Its number, from 1.
    pub(super) number: usize,
    /// What makes tokens.
    pub(super) tokens: Tokens<'a>,
    /// The id of the request.
    pub(super) request_id: &'a str,
}

/// Writes a page, or what goes wrong with it; `before` are the entries of the page before.
pub(super) fn write(
    sheet: &Sheet<'_>,
    page: Page,
    trouble: Option<&ListTrouble>,
    before: Option<Vec<Value>>,
    last: LastToken,
) -> Map<String, Value> {
    let Page { mut items, mut total, next, .. } = page;
    match trouble {
        Some(ListTrouble::Empty) => return Map::new(),
        Some(ListTrouble::Repeat) => items = before.unwrap_or(items),
        Some(ListTrouble::Duplicate) => duplicate(&mut items, before.and_then(|mut before| before.pop())),
        Some(ListTrouble::Shrink(by)) => total = total.saturating_sub(*by),
        Some(ListTrouble::Short | ListTrouble::Hollow) => items.clear(),
        Some(ListTrouble::Fat(bytes)) => fatten(&mut items, *bytes),
        Some(_) | None => {}
    }
    let mut body = sheet.style.body(items, total, sheet.request_id);
    match trouble {
        Some(ListTrouble::Null) => body.insert(sheet.style.list.to_owned(), Value::Null),
        Some(ListTrouble::Object) => body.insert(sheet.style.list.to_owned(), json!({})),
        Some(ListTrouble::Missing) => body.remove(sheet.style.list),
        Some(_) | None => None,
    };
    if let Paging::Token { token, .. } = sheet.paging {
        body.extend(following(sheet, token, trouble, next, last).map(|token| ("NextToken".to_owned(), token)));
    }
    body
}

/// Returns whether a body has an empty list.
pub(super) fn is_bare(body: &Map<String, Value>, style: &Style) -> bool {
    body.get(style.list).and_then(Value::as_array).is_some_and(Vec::is_empty)
}

/// Returns the entries that a body has.
pub(super) fn entries<'b>(body: &'b Map<String, Value>, style: &Style) -> &'b [Value] {
    body.get(style.list).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns the name of what an entry shows that resources are part of.
pub(super) fn name(entry: &Value) -> Option<&str> {
    ["Name", "instanceId"].into_iter().find_map(|name| entry.get(name)?.as_str())
}

/// Returns the token of the next page.
fn following(
    sheet: &Sheet<'_>,
    token: Option<&str>,
    trouble: Option<&ListTrouble>,
    next: Option<usize>,
    last: LastToken,
) -> Option<Value> {
    let of = |position| Some(sheet.tokens.make(position, sheet.number + 1).into());
    match (trouble, next) {
        (Some(ListTrouble::TokenBack), _) if token.is_some() => token.map(Value::from),
        (Some(ListTrouble::TokenBack), _) => Some(sheet.tokens.make(0, 1).into()),
        // What this page should have shown comes with the next one.
        (Some(ListTrouble::Hollow), _) => {
            of(token.and_then(|token| sheet.tokens.read(token)).map_or(0, |(from, _)| from))
        }
        (_, Some(next)) => of(next),
        (_, None) => match last {
            LastToken::Absent => None,
            LastToken::Empty => Some("".into()),
            LastToken::Null => Some(Value::Null),
        },
    }
}

fn duplicate(items: &mut [Value], before: Option<Value>) {
    let again = before.or_else(|| items.get(1).and_then(|_| items.first().cloned()));
    let at = usize::from(items.len() > 1 && again.as_ref() == items.first());
    if let (Some(place), Some(again)) = (items.get_mut(at), again) {
        *place = again;
    }
}

fn fatten(items: &mut [Value], bytes: usize) {
    for fields in items.iter_mut().filter_map(Value::as_object_mut) {
        fields.insert("filler".to_owned(), "x".repeat(bytes).into());
    }
}
