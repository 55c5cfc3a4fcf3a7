//! With whose credentials a request says that it is signed, before anything is checked.

use super::super::request::Request;
use super::super::service::Auth;
use super::headers::{part, parts};
use super::{acs3, sdk_hmac};
use crate::provider::Cloud;

/// The credentials that a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Claim<'r> {
    /// An access key of a cloud, by its id.
    Key(Cloud, &'r str),
    /// An `X-Auth-Token`.
    Token(&'r str),
}

/// Reads which credentials a request names.
pub(in crate::simulator) fn claim(auth: Auth, request: &Request) -> Option<Claim<'_>> {
    match auth {
        Auth::Rpc(_) if !request.headers.contains_key("authorization") => {
            request.parameter("AccessKeyId").map(|id| Claim::Key(Cloud::Alibaba, id))
        }
        Auth::Rpc(_) | Auth::Acs3(_) => {
            signed(request, acs3::ALGORITHM, "Credential").map(|id| Claim::Key(Cloud::Alibaba, id))
        }
        Auth::SdkHmac | Auth::Iam => request
            .header("x-auth-token")
            .map(Claim::Token)
            .or_else(|| signed(request, sdk_hmac::ALGORITHM, "Access").map(|id| Claim::Key(Cloud::Huawei, id))),
    }
}

/// Returns the part of a signature that names the key.
fn signed<'r>(request: &'r Request, algorithm: &str, name: &str) -> Option<&'r str> {
    let text = request.header("authorization")?.strip_prefix(algorithm)?;
    Some(part(&parts(text), name)).filter(|id| !id.is_empty())
}
