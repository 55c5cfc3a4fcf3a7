//! Signing for Huawei Cloud: an access key signs, an auth token is sent as it is.

use secrecy::ExposeSecret;

use super::sdk_hmac;
use crate::http::{Request, SignedRequest};
use crate::provider::credentials::Credentials;
use crate::provider::encoded::EncodedRequest;
use crate::provider::sign_error::SignError;
use crate::provider::signing::Signing;

/// Signs a request, or puts the auth token into it.
///
/// # Errors
///
/// Fails when a credential cannot be put into a header.
pub fn sign(request: &Request, signing: &Signing<'_>) -> Result<SignedRequest, SignError> {
    let encoded = EncodedRequest::new(request, signing.origin);
    let mut headers = vec![("host", encoded.host())];
    headers.extend(signing.project_id.map(|id| ("x-project-id", id)));
    // The official SDK sends the services of a project the content type even without a body, and signs it.
    let content_type = encoded.content_type.or(signing.project_id.map(|_| "application/json"));
    headers.extend(content_type.map(|text| ("content-type", text)));

    if let Credentials::AuthToken(token) = signing.credentials {
        headers.push(("x-auth-token", token.expose_secret()));
        return encoded.finish(&encoded.query(), headers);
    }
    sdk_hmac::sign(&encoded, headers, &signing.credentials.access_key()?, signing.at)
}
