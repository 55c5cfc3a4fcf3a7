//! A request without a complete response, and what is to blame.

use crate::error::ErrorClass;

/// A request without a complete response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SendError {
    /// `network`, `timeout` or `protocol`.
    pub class: ErrorClass,
    /// Whether the request surely never reached the service.
    pub surely_not_sent: bool,
    /// The status, where the response's head arrived and its body did not.
    pub http_status: Option<u16>,
    /// What happened, without URL or headers: those carry secrets.
    pub message: String,
    /// What on the way to the service is to blame, where that is known.
    pub blame: Blame,
}

impl SendError {
    /// Builds the error of a request that may have reached the service.
    pub(super) const fn new(class: ErrorClass, message: String) -> Self {
        Self { class, surely_not_sent: false, http_status: None, message, blame: Blame::Unknown }
    }
}

/// What between the program and a service is to blame for a request without a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Blame {
    /// Not known.
    #[default]
    Unknown,
    /// This process, or the whole system, has no file descriptor left: the request never left.
    Descriptors,
    /// The proxy cannot be reached, or does not let it through.
    Proxy,
    /// The proxy asks for a user and a password, or refuses those that it got.
    ProxyLogin,
    /// The service's certificate is signed by nobody who is trusted.
    Issuer,
    /// The response is longer than what is read of one.
    Length,
}

impl Blame {
    /// Returns what to do about it, where more can be said than of any failure of its class.
    #[must_use]
    pub const fn hint(self) -> Option<&'static str> {
        match self {
            Self::Unknown | Self::Length => None,
            Self::Descriptors => {
                Some("too many files are open; raise the limit with `ulimit -n`, or lower limits.concurrency")
            }
            Self::Proxy => Some("check the proxy in HTTPS_PROXY; NO_PROXY lists hosts that are reached without it"),
            Self::ProxyLogin => {
                Some("write the proxy's user and password into HTTPS_PROXY, as http://USER:PASSWORD@HOST:PORT")
            }
            Self::Issuer => Some("set SSL_CERT_FILE to a file with the CA's certificate, in PEM"),
        }
    }
}
