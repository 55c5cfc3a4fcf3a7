//! Whether a request may come in.

use jiff::Timestamp;

use super::super::keyring::Keys;
use super::super::request::Request;
use super::super::response::Problem;
use super::super::service::Auth;
use super::caller::Caller;
use super::{acs3, rpc_v1, sdk_hmac};

/// Checks whether a request may come in.
///
/// # Errors
///
/// Fails with the service's own response to what is wrong.
pub(in crate::simulator) fn check(
    auth: Auth,
    request: &Request,
    keys: &dyn Keys,
    now: Timestamp,
) -> Result<Caller, Problem> {
    match auth {
        Auth::Rpc(refusals) if !request.headers.contains_key("authorization") => {
            rpc_v1::check(refusals, request, keys, now)
        }
        Auth::Rpc(refusals) | Auth::Acs3(refusals) => acs3::check(refusals, request, keys, now),
        Auth::SdkHmac => {
            let caller = sdk_hmac::check(request, keys, now)?;
            sdk_hmac::check_project(request, keys)?;
            Ok(caller)
        }
        Auth::Iam => sdk_hmac::check(request, keys, now),
    }
}

/// Returns the response of Huawei Cloud to a key that it has locked after too many refusals in a row.
pub(in crate::simulator) fn locked() -> Problem {
    sdk_hmac::locked()
}

/// Returns the response of an Alibaba Cloud service to a nonce that it has seen before.
pub(in crate::simulator) fn replayed() -> Problem {
    Problem::new(400, "SignatureNonceUsed", "The request signature nonce has been used.")
}
