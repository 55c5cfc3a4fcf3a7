//! Signing for Alibaba Cloud: which of the two signatures a request gets.

use jiff::Timestamp;

use super::{acs3, rpc_v1};
use crate::http::{ApiStyle, Request, SignedRequest};
use crate::provider::credentials::AccessKey;
use crate::provider::draft::Draft;
use crate::provider::{Credentials, FnfSignature, SignError, Signing};

/// Signs a request: RPC with V1 unless [`Signing::fnf_signature`] says otherwise, everything else with ACS3.
///
/// # Errors
///
/// Fails when a credential cannot be put into a header, and for auth tokens.
pub fn sign(request: &Request, signing: &Signing<'_>) -> Result<SignedRequest, SignError> {
    let Credentials::AccessKey { id, secret, security_token } = signing.credentials else {
        return Err(SignError::Credentials("auth token"));
    };
    let draft = Draft::new(request, signing.origin);
    let key = AccessKey { id, secret, security_token };
    match (request.api.style, signing.fnf_signature) {
        (ApiStyle::Rpc, FnfSignature::V1) => rpc_v1::sign(&draft, &key, signing.at, signing.nonce),
        (ApiStyle::Rpc, FnfSignature::V3) | (ApiStyle::Roa | ApiStyle::Rest, _) => {
            acs3::sign(&draft, &key, signing.at, signing.nonce)
        }
    }
}

/// Returns a moment as both signatures write it, such as `2026-11-22T05:30:00Z`.
pub(super) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
