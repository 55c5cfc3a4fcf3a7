//! What every list of DRS has in common.

use serde::de::DeserializeOwned;

use super::super::lister::Page;
use super::super::resource::Resource;
use super::super::response;
use super::codes;
use super::info::INFO;
use crate::error::ApiError;
use crate::http::Response;

/// Reads a page. `of` returns its total and its rows.
///
/// "The returned result is empty" is an empty list, and no failure.
pub(super) fn of_page<P: DeserializeOwned>(
    response: &Response,
    list: &'static [&'static str],
    of: impl FnOnce(P) -> (Option<u64>, Vec<Resource>),
) -> Result<Page, ApiError> {
    match response::of_page(&INFO, response, list) {
        Ok((success, page)) => match of(page) {
            (Some(total), rows) => Ok(Page { rows, total: Some(total), next: None }),
            (None, _) => Err(success.odd("a list without a total")),
        },
        Err(refusal) if refusal.code() == codes::EMPTY => Ok(Page { rows: Vec::new(), total: Some(0), next: None }),
        Err(refusal) => Err(refusal.into_error()),
    }
}
