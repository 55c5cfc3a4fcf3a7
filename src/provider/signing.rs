//! What goes into a signature besides the request.

use super::credentials::Credentials;
use super::origin::Origin;
use crate::http::Signature;

/// Everything besides the request that goes into a signature.
pub struct Signing<'a> {
    /// Where the request goes.
    pub origin: &'a Origin,
    /// The credentials to sign with.
    pub credentials: &'a Credentials,
    /// The Huawei Cloud project, sent as `X-Project-Id`.
    pub project_id: Option<&'a str>,
    /// The signature to make.
    pub signature: Signature,
    /// The moment of signing, by the service's clock.
    pub at: jiff::Timestamp,
    /// A text that no other request carries; 32 hexadecimal digits.
    pub nonce: &'a str,
}
