//! What a request asks a service to do.

use std::borrow::Cow;

use super::super::request::Request;
use super::super::response::Problem;
use super::listing::Listing;
use super::view::Name;

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
pub(in crate::simulator) struct Call<'r> {
    /// The API.
    pub(in crate::simulator) api: &'static Api,
    /// The action.
    pub(in crate::simulator) action: Action<'r>,
}

/// What is to be done.
pub(in crate::simulator) enum Action<'r> {
    /// Stop a resource; the text is what the request states besides the name.
    Stop(Name<'r>, Option<String>),
    /// Stop several resources; each with what the request states of it besides the name.
    StopEach(&'r str, Vec<(String, Option<String>)>),
    /// Show a resource.
    Show(Name<'r>),
    /// List resources.
    List(Listing<'r>),
}

/// Reads a required parameter, which must not be empty.
pub(super) fn required<'r>(request: &'r Request, name: &'static str, or: &'static str) -> Result<&'r str, Problem> {
    let given = request.parameter(name).filter(|value| !value.is_empty());
    given.ok_or_else(|| Problem::new(400, or, Cow::from(format!("The parameter {name} is required."))))
}
