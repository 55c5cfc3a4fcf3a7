//! The pod identity of Huawei Cloud CCE: the token of a service account exchanged for keys.

use std::path::Path;

use super::keys;
use crate::credentials::client::Call;
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::provider::Issued;
use crate::credentials::secret;
use crate::credentials::surroundings::Surroundings;
use crate::error::ErrorClass;
use crate::http::Body;

/// What the token is called.
const WHAT: &str = "the token of the service account";

/// Asks the agent of the node, whose address is `uri`, for the keys of the pod.
pub(in crate::credentials) async fn fetch(
    around: Surroundings<'_>,
    uri: &str,
    token_file: &Path,
) -> Result<Issued, SourceError> {
    let token = secret::in_file(token_file, WHAT, around.environment)?;
    let call = Call::post(uri, Body::Json("{}".to_owned())).secret_header("authorization", &token);
    let reply = around.clients.send(call).await?;
    keys::read(&reply, |refusal| {
        if !matches!(refusal.class, ErrorClass::Auth | ErrorClass::Denied) {
            return refusal.error();
        }
        let message = format!("{WHAT} in {} was refused ({})", token_file.display(), refusal.words());
        let hint = "check that the pod's service account is associated with an agency of CCE pod identity";
        SourceError::new(Nature::Final, message, hint)
    })
}

#[cfg(test)]
mod tests;
