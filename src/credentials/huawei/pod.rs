//! The pod identity of Huawei Cloud CCE: the token of a service account exchanged for keys.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::{keys, secret_file};
use crate::credentials::client::Call;
use crate::credentials::error::SourceError;
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::http::Body;

/// Asks the agent of the node, whose address is `uri`, for the keys of the pod.
pub(in crate::credentials) async fn fetch(
    around: Surroundings<'_>,
    uri: &str,
    token_file: &Path,
) -> Result<Issued, SourceError> {
    let token = secret_file::read(token_file, "the token of the service account")?;
    let token = SecretString::from(token.expose_secret().trim());
    let call = Call::post(uri, Body::Json("{}".to_owned())).secret_header("authorization", &token);
    let reply = around.clients.send(call).await?;
    keys::read(&reply, |refusal| {
        refusal.error_with("check that the pod's service account is associated with an agency of CCE pod identity")
    })
}

#[cfg(test)]
mod tests;
