//! Signing for Huawei Cloud: an access key signs, an auth token is sent as it is.

use secrecy::ExposeSecret;

use super::sdk_hmac;
use crate::http::{Request, SignedRequest};
use crate::provider::credentials::AccessKey;
use crate::provider::draft::Draft;
use crate::provider::{Credentials, SignError, Signing};

/// Signs a request, or puts the auth token into it.
///
/// # Errors
///
/// Fails when a credential cannot be put into a header.
pub fn sign(request: &Request, signing: &Signing<'_>) -> Result<SignedRequest, SignError> {
    let draft = Draft::new(request, signing.origin);
    let mut headers = vec![("host", draft.host())];
    headers.extend(signing.project_id.map(|id| ("x-project-id", id)));
    // The official SDK sends the services of a project the content type even without a body, and signs it.
    let content_type = draft.content_type.or(signing.project_id.map(|_| "application/json"));
    headers.extend(content_type.map(|text| ("content-type", text)));

    match signing.credentials {
        Credentials::AuthToken(token) => {
            headers.push(("x-auth-token", token.expose_secret()));
            draft.finish(&draft.query(), headers)
        }
        Credentials::AccessKey { id, secret, security_token } => {
            sdk_hmac::sign(&draft, headers, &AccessKey { id, secret, security_token }, signing.at)
        }
    }
}
