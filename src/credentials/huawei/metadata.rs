//! The metadata service of a Huawei Cloud server: the keys of its agency.

use http::Method;
use secrecy::SecretString;

use super::{endpoints, keys};
use crate::credentials::client::{Call, Refusal, Reply};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::error::ErrorClass;
use crate::plan::Metadata;
use crate::provider::Cloud;

/// How long the service's token is to live, in seconds.
const SECONDS: &str = "21600";

/// The most characters of the service's token.
const TOKEN_CHARS: usize = 4096;

/// What the service says of a server without an agency.
const NO_AGENCY: &str = "Please configure Cloud Service Agency first";

/// Asks the metadata service for the keys of the server's agency; a server has one at most.
pub(in crate::credentials) async fn fetch(
    around: Surroundings<'_>,
    _metadata: &Metadata,
) -> Result<Issued, SourceError> {
    let endpoint = endpoints::metadata(around);
    let mut reply = ask(around, &endpoint).await?;
    if reply.status() == 401 && !reply.contains(NO_AGENCY) {
        // A token that died in between, or a service that wants one after all.
        reply = ask(around, &endpoint).await?;
    }
    if reply.contains(NO_AGENCY) {
        let message = "this server has no agency (401)";
        return Err(SourceError::new(Nature::Final, message, "give it an agency of the type cloud service, for ECS"));
    }
    if reply.status() == 404 {
        let message = format!("{} has no keys (404): this is no ECS instance of Huawei Cloud", reply.host());
        return Err(SourceError::new(Nature::Final, message, "name another source: credentials: {…}"));
    }
    keys::read(&reply, Refusal::error)
}

/// Asks for a token, and with it for the keys.
async fn ask(around: Surroundings<'_>, endpoint: &str) -> Result<Reply, SourceError> {
    let token = token(around, endpoint).await?;
    let url = format!("{endpoint}/openstack/latest/securitykey");
    let call = Call::new(Method::GET, &url).metadata();
    let call = match &token {
        Some(token) => call.secret_header("x-metadata-token", token),
        None => call,
    };
    around.clients.send(call).await
}

/// Asks for a token; `None` where the service has none and wants none.
async fn token(around: Surroundings<'_>, endpoint: &str) -> Result<Option<SecretString>, SourceError> {
    let url = format!("{endpoint}/meta-data/latest/api/token");
    let call = Call::new(Method::PUT, &url).header("x-metadata-token-ttl-seconds", SECONDS).metadata();
    // Another try soon would not find one: a machine has the service or has it not.
    let none = |error: &SourceError| {
        let message = format!("this is no ECS instance ({})", error.message());
        SourceError::new(Nature::Final, message, "name another source: credentials: {…}")
    };
    let reply = around.clients.send(call).await.map_err(|error| none(&error))?;
    if let 404 | 405 | 503 = reply.status() {
        return Ok(None);
    }
    let token = reply.text(Cloud::Huawei).map_err(|refusal| {
        let error = refusal.error();
        if refusal.class == ErrorClass::Protocol { none(&error) } else { error }
    })?;
    let is_token = !token.is_empty() && token.len() <= TOKEN_CHARS && token.bytes().all(|byte| byte.is_ascii_graphic());
    if is_token { Ok(Some(token.into())) } else { Err(none(&reply.lacks("token"))) }
}

#[cfg(test)]
mod tests;
