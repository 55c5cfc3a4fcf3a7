//! A request with a message, before it has an address.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use url::Url;

/// At most so many messages in so long a time.
pub(super) type Limit = (usize, Duration);

/// A request, but for its address.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// What is added to the query of the address.
    pub(super) query: Vec<(&'static str, String)>,
    /// Further headers.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: String,
}

impl Draft {
    /// Makes the request of a chat that wants a body and nothing else.
    pub(super) const fn of(body: String) -> Self {
        Self { query: Vec::new(), headers: Vec::new(), body }
    }

    /// Adds the query to an address.
    pub(super) fn complete(&self, url: &mut Url) {
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
    }
}
