//! What a request asks a service to do.

use std::borrow::Cow;

use serde_json::Value;

use super::super::request::Request;
use super::super::response::Problem;

/// One API and its quota.
#[derive(Debug, PartialEq)]
pub(in crate::simulator) struct Api {
    /// The product and the action, as in `fnf:StopExecution`.
    pub(in crate::simulator) name: &'static str,
    /// How many requests a second it takes from one account.
    pub(in crate::simulator) rate: f64,
    /// How many requests it takes at once.
    pub(in crate::simulator) burst: f64,
}

/// What a request asks for.
#[derive(Debug)]
pub(in crate::simulator) struct Call<'r> {
    /// The API.
    pub(in crate::simulator) api: &'static Api,
    /// The action.
    pub(in crate::simulator) action: Action<'r>,
}

/// What is to be done.
#[derive(Debug)]
pub(in crate::simulator) enum Action<'r> {
    /// Stop a resource; the text is what the request states besides the name.
    Stop(Name<'r>, Option<String>),
    /// Show a resource.
    Show(Name<'r>),
    /// List resources.
    List(Listing<'r>),
}

/// The name of a resource of an account.
#[derive(Debug, Clone, Copy)]
pub(in crate::simulator) struct Name<'r> {
    /// What it is part of; empty if its kind has no such thing.
    pub(in crate::simulator) scope: &'r str,
    /// Its own name within that.
    pub(in crate::simulator) name: &'r str,
}

/// Which resources to list.
#[derive(Debug)]
pub(in crate::simulator) struct Listing<'r> {
    /// What the resources are part of.
    pub(in crate::simulator) scope: &'r str,
    /// Which of them.
    pub(in crate::simulator) of: Members,
    /// The first one.
    pub(in crate::simulator) from: usize,
    /// The most on a page.
    pub(in crate::simulator) limit: usize,
}

/// The members of a listing.
#[derive(Debug)]
pub(in crate::simulator) enum Members {
    /// Those whose state has this word, or all.
    All(Option<String>),
    /// Those whose state has this word, or all; `from` is a position and no count of those listed.
    Cursor(Option<String>),
    /// Every second one: the former or the latter half.
    Half(bool),
    /// Those with these names.
    Named(Vec<String>),
    /// Each of these names, whether there is such a resource or not.
    Each(Vec<String>),
    /// What the resources are part of.
    Scopes,
}

/// What a listing found.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Page {
    /// The resources, or what they are part of.
    pub(in crate::simulator) items: Vec<Value>,
    /// How many there are on all pages.
    pub(in crate::simulator) total: usize,
    /// Where the next page begins.
    pub(in crate::simulator) next: Option<usize>,
}

/// Reads a required parameter, which must not be empty.
pub(super) fn required<'r>(request: &'r Request, name: &'static str, or: &'static str) -> Result<&'r str, Problem> {
    let given = request.parameter(name).filter(|value| !value.is_empty());
    given.ok_or_else(|| Problem::new(400, or, Cow::from(format!("The parameter {name} is required."))))
}
