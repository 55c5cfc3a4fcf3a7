//! Signing for Huawei Cloud.

use crate::vendor::{SignError, Signing};
use crate::wire::{Request, Signed};

/// Signs a request.
///
/// # Errors
///
/// Fails when an endpoint or a credential cannot be put into a URL or a header.
pub fn sign(_request: &Request, _signing: &Signing<'_>) -> Result<Signed, SignError> {
    Err(SignError::Credentials("all"))
}
