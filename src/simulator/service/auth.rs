//! Which signatures a service accepts.

use super::super::response::Problem;

/// Which signatures a service accepts, and its refusals.
#[derive(Clone, Copy)]
pub(in crate::simulator) enum Auth {
    /// Alibaba Cloud ACS3.
    Acs3(&'static Refusals),
    /// Alibaba Cloud RPC version 1, or ACS3 in the `Authorization` header.
    Rpc(&'static Refusals),
    /// Huawei Cloud, with the project of the path as `X-Project-Id`.
    SdkHmac,
    /// Huawei Cloud, of services without a project in their paths.
    Iam,
}

/// How a service refuses what is wrong with a signature.
pub(in crate::simulator) struct Refusals {
    /// The access key id is unknown.
    pub(in crate::simulator) unknown_key: Problem,
    /// The signature does not match.
    pub(in crate::simulator) mismatch: Problem,
    /// The date differs too much from the clock.
    pub(in crate::simulator) skewed: Problem,
    /// The security token is missing, of another key, or there although none is due.
    pub(in crate::simulator) token: Problem,
    /// The temporary key has expired.
    pub(in crate::simulator) expired: Problem,
}
