//! Errors of building an HTTP client.

use std::error::Error;

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// A variable does not hold the URL of a proxy. Its value is not shown: it may contain a password.
    #[error("{variable} is not the URL of an HTTP proxy")]
    Proxy {
        /// The variable.
        variable: &'static str,
    },
    /// No CA certificate was found.
    #[error("no CA certificates found in {place}{}", because(trouble.as_deref()))]
    Certificates {
        /// Where they should be.
        place: String,
        /// What went wrong there.
        trouble: Option<String>,
    },
}

fn because(trouble: Option<&str>) -> String {
    trouble.map_or_else(String::new, |trouble| format!(": {trouble}"))
}

impl TransportError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Proxy { variable } => match variable.as_bytes() {
                b"HTTPS_PROXY" => "write HTTPS_PROXY as http://HOST:PORT, or unset it",
                b"https_proxy" => "write https_proxy as http://HOST:PORT, or unset it",
                b"ALL_PROXY" => "write ALL_PROXY as http://HOST:PORT, or unset it; SOCKS is not supported",
                _ => "write all_proxy as http://HOST:PORT, or unset it; SOCKS is not supported",
            },
            Self::Certificates { .. } => {
                "set SSL_CERT_FILE to a file with CA certificates in PEM, or unset it and install ca-certificates"
            }
        }
    }
}

/// Returns the root cause of an error.
pub(super) fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root
}
