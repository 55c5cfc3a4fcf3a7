//! Asks a source for credentials.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::error::{Nature, SourceError};
use super::provider::Issued;
use super::source::Source;
use super::surroundings::Surroundings;

/// Asks a source for credentials.
pub(super) fn fetch<'a>(source: &'a Source, _around: Surroundings<'a>) -> BoxFuture<'a, Result<Issued, SourceError>> {
    async move {
        match source {
            Source::Keys(keys) => Ok(Issued {
                expires_at: keys.expires_at,
                is_renewable: keys.is_renewable,
                project_id: keys.project_id.clone(),
                ..Issued::new(keys.credentials.clone())
            }),
            _ => Err(SourceError::new(Nature::Final, "this source is not supported yet", "")),
        }
    }
    .boxed()
}
