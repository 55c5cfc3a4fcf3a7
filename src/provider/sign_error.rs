//! Why a request cannot be signed.

/// A request that cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The endpoint is no URL with a host, or has more than scheme, host and port.
    #[error("the endpoint {0:?} is not a URL of just a scheme, a host and a port")]
    Endpoint(String),
    /// A header's value has characters that HTTP does not allow; the value itself may be secret and is not shown.
    #[error("{0} contains characters that HTTP does not allow")]
    Header(&'static str),
    /// These credentials cannot sign for this cloud.
    #[error("{0} credentials cannot sign for this cloud")]
    Credentials(&'static str),
}
