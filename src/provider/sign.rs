//! Signs requests.

use super::sign_error::SignError;
use super::signing::Signing;
use super::{alibaba, huawei};
use crate::http::{Request, Signature, SignedRequest};

/// Signs a request.
///
/// # Errors
///
/// Fails when a credential cannot be put into a header, or is of a sort that the signature does not take.
pub fn sign(request: &Request, signing: &Signing<'_>) -> Result<SignedRequest, SignError> {
    match signing.signature {
        Signature::RpcV1 => alibaba::rpc_v1::sign(request, signing),
        Signature::Acs3 => alibaba::acs3::sign(request, signing),
        Signature::SdkHmac => huawei::sign(request, signing),
    }
}
