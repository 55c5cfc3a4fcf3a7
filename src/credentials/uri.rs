//! A URL that returns keys.

use http::Method;
use url::Url;

use super::client::Call;
use super::error::{Nature, SourceError};
use super::offline::keys_json;
use super::provider::Issued;
use super::surroundings::Surroundings;
use crate::plan::CredentialUri;

/// Gets keys from a URL. Its path and its query may be secret, and are shown nowhere.
pub(super) async fn fetch(around: Surroundings<'_>, uri: &CredentialUri) -> Result<Issued, SourceError> {
    let cloud = around.account.cloud;
    let call = Call::new(Method::GET, &uri.url).insecure_http(uri.insecure_http);
    let call = match Url::parse(&uri.url).ok().as_ref().and_then(Url::query) {
        Some(query) => call.secret(&query.into()),
        None => call,
    };
    let reply = around.clients.send(call).await?;
    let body = reply.body(cloud).map_err(|refusal| refusal.error_with("check the credentials URI"))?;
    let (credentials, expires_at) = keys_json(body, cloud).map_err(|fault| {
        SourceError::new(
            Nature::Passing,
            format!("{} answered with {fault}", reply.host()),
            "check the credentials URI",
        )
    })?;
    Ok(Issued { expires_at, issued_at: reply.date(), is_renewable: true, ..Issued::new(credentials) })
}

#[cfg(test)]
mod tests;
