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
    sign_with(request, signing, &[])
}

/// Signs a request with headers of its own, whose names are in lower case. A content type among them takes the place of
/// the body's.
///
/// # Errors
///
/// Fails when a credential or a header cannot be sent.
pub fn sign_with(
    request: &Request,
    signing: &Signing<'_>,
    own: &[(&'static str, &str)],
) -> Result<SignedRequest, SignError> {
    let encoded = EncodedRequest::new(request, signing.origin);
    let mut headers = vec![("host", encoded.host())];
    headers.extend(signing.project_id.map(|id| ("x-project-id", id)));
    // The official SDK sends the services of a project the content type even without a body, and signs it.
    let content_type = encoded.content_type.or(signing.project_id.map(|_| "application/json"));
    let content_type = content_type.filter(|_| !own.iter().any(|(name, _)| *name == "content-type"));
    headers.extend(content_type.map(|text| ("content-type", text)));
    headers.extend(own);

    if let Credentials::AuthToken(token) = signing.credentials {
        headers.push(("x-auth-token", token.expose_secret()));
        return encoded.finish(&encoded.query(), headers);
    }
    sdk_hmac::sign(&encoded, headers, &signing.credentials.access_key()?, signing.at)
}
