//! A listing that a request asks for: of what, which page, and how the response is written.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::super::request::Request;
use super::super::response::Problem;
use super::view::View;

/// Tells whether a listing shows a resource.
pub(in crate::simulator) type Keep<'r> = Box<dyn Fn(&View<'_>) -> bool + 'r>;

/// A listing.
pub(in crate::simulator) struct Listing<'r> {
    /// What the resources are part of; empty where all of an account are listed.
    pub(in crate::simulator) scope: &'r str,
    /// The sort of the resources, where only one is listed.
    pub(in crate::simulator) sort: Option<String>,
    /// What is listed.
    pub(in crate::simulator) of: Members<'r>,
    /// What the request filters by.
    pub(in crate::simulator) filter: Option<Keep<'r>>,
    /// The word of the state that the request filters by, for faults that mean only such requests.
    pub(in crate::simulator) status: Option<&'r str>,
    /// The page.
    pub(in crate::simulator) paging: Paging<'r>,
    /// How the response is written.
    pub(in crate::simulator) style: &'static Style,
    /// Builds the entry of one resource.
    pub(in crate::simulator) show: Box<dyn Fn(&View<'_>) -> Value + 'r>,
}

impl Listing<'_> {
    /// Returns what it lists, in words: what the resources are part of, and the sort, as in `p/sync`.
    pub(in crate::simulator) fn unit(&self) -> String {
        match (&self.sort, &self.of) {
            (Some(sort), _) => format!("{}/{sort}", self.scope),
            (None, Members::OfOne(name, _)) => (*name).to_owned(),
            (None, _) => self.scope.to_owned(),
        }
    }
}

/// What a listing is of.
pub(in crate::simulator) enum Members<'r> {
    /// The resources in the scope that stand by themselves, or those of one sort.
    All(Option<Keep<'r>>),
    /// Those of one of the two lists that share the resources: the former or the latter.
    Half(bool),
    /// Those with these names.
    Named(Vec<String>),
    /// Each of these names, whether there is such a resource or not; the function builds the entry of what is missing.
    Each(Vec<String>, fn(&str) -> Value),
    /// What the resources of the account are part of.
    Scopes,
    /// What the scope itself has.
    OfScope(fn(&View<'_>) -> Vec<Value>),
    /// What one resource has.
    OfOne(&'r str, fn(&View<'_>) -> Vec<Value>),
}

/// The page that a request asks for.
#[derive(Debug, Clone, Copy)]
pub(in crate::simulator) enum Paging<'r> {
    /// There are no pages.
    Whole,
    /// What comes after a token.
    Token { token: Option<&'r str>, limit: usize },
    /// A page by its number, from 1.
    Number { page: usize, size: usize },
    /// A page by the number of resources before it.
    Offset { offset: usize, limit: usize },
}

/// How a listing's response is written.
#[derive(Debug)]
pub(in crate::simulator) struct Style {
    /// The name of the list.
    pub(in crate::simulator) list: &'static str,
    /// Where the number of all resources is told.
    pub(in crate::simulator) total: Total,
    /// The name of the request's id, where the body tells it.
    pub(in crate::simulator) request_id: Option<&'static str>,
    /// The objection to a page beyond the end; `None` where the response is an empty list.
    pub(in crate::simulator) beyond: Option<Problem>,
}

/// Where the number of all resources is told.
#[derive(Debug, Clone, Copy)]
pub(in crate::simulator) enum Total {
    /// Nowhere.
    Untold,
    /// In a field.
    Field(&'static str),
    /// In a field of `Headers`, in the body.
    Header(&'static str),
}

/// The sizes that a page may have.
pub(super) struct Sizes {
    /// From the smallest to the largest.
    pub(super) range: RangeInclusive<usize>,
    /// The size where the request states none.
    pub(super) usual: usize,
    /// The code of the refusal of any other.
    pub(super) code: &'static str,
}

impl Sizes {
    fn refusal(&self, name: &str) -> Problem {
        let message = format!("The value of parameter {name} is invalid.");
        Problem::new(400, self.code, Cow::from(message))
    }

    /// Reads a whole number of at least `least`.
    fn whole(&self, given: Option<&str>, name: &str, usual: usize, least: usize) -> Result<usize, Problem> {
        let Some(text) = given else { return Ok(usual) };
        text.parse().ok().filter(|number| *number >= least).ok_or_else(|| self.refusal(name))
    }

    fn size(&self, given: Option<&str>, name: &str) -> Result<usize, Problem> {
        let size = self.whole(given, name, self.usual, 0)?;
        if self.range.contains(&size) { Ok(size) } else { Err(self.refusal(name)) }
    }

    /// Reads `NextToken` and `Limit`; an empty token is none.
    pub(super) fn tokens<'r>(&self, request: &'r Request) -> Result<Paging<'r>, Problem> {
        let limit = self.size(request.parameter("Limit"), "Limit")?;
        Ok(Paging::Token { token: request.parameter("NextToken").filter(|token| !token.is_empty()), limit })
    }

    /// Reads the number of a page and its size, from what the request states under two names.
    pub(super) fn numbers<'r>(
        &self,
        page: (&str, Option<&str>),
        size: (&str, Option<&str>),
    ) -> Result<Paging<'r>, Problem> {
        let size = self.size(size.1, size.0)?;
        let least = usize::from(size > 0);
        Ok(Paging::Number { page: self.whole(page.1, page.0, 1, least)?.max(1), size })
    }

    /// Reads `offset` and `limit`.
    pub(super) fn offsets<'r>(&self, request: &Request) -> Result<Paging<'r>, Problem> {
        let limit = self.size(request.parameter("limit"), "limit")?;
        Ok(Paging::Offset { offset: self.whole(request.parameter("offset"), "offset", 0, 0)?, limit })
    }
}

impl Style {
    /// Writes a response.
    pub(in crate::simulator) fn body(&self, items: Vec<Value>, total: usize, request_id: &str) -> Map<String, Value> {
        let mut body = Map::new();
        if let Some(name) = self.request_id {
            body.insert(name.to_owned(), request_id.into());
        }
        match self.total {
            Total::Untold => None,
            Total::Field(name) => body.insert(name.to_owned(), total.into()),
            Total::Header(name) => body.insert("Headers".to_owned(), json!({name: total})),
        };
        body.insert(self.list.to_owned(), items.into());
        body
    }
}

/// Reads tags that a parameter has as JSON, `[{"key": "env", "value": "test"}]`, where the names of the two may differ.
pub(super) fn tags(
    text: Option<&str>,
    [key, value]: [&str; 2],
    or: &'static str,
) -> Result<Vec<(String, Vec<String>)>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    let wrong = || Problem::new(400, or, "The value of parameter tags is invalid.");
    let tags: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(|_| wrong())?;
    let read = |tag: &Map<String, Value>| {
        let wanted = tag.get(value).and_then(Value::as_str).map(str::to_owned);
        Some((tag.get(key)?.as_str()?.to_owned(), wanted.into_iter().collect()))
    };
    tags.iter().map(|tag| read(tag).ok_or_else(wrong)).collect()
}

/// Writes tags as a list of pairs, or nothing where they are hidden.
pub(super) fn pairs(view: &View<'_>, [key, value]: [&str; 2]) -> Option<Value> {
    let tags = view.facts.tags.known()?;
    Some(tags.iter().map(|tag| json!({key: tag.0, value: tag.1})).collect())
}

/// Leaves out what has no value.
pub(super) fn without_nothing(mut item: Value) -> Value {
    if let Some(fields) = item.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    item
}
