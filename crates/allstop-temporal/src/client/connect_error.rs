//! Why there is no connection to Temporal.

use std::borrow::Cow;
use std::error::Error;
use std::{io, iter};

use allstop::session::{SessionError, quoted};
use rustls::{AlertDescription, CertificateError};
use temporalio_client::errors::ClientConnectError;
use temporalio_client::tonic::{Code, Status};

use super::settings::{Settings, WITHIN};

/// Why there is no connection to Temporal. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Nothing listens at the address, or there is no way to it.
    #[error("no Temporal server at {address}: {cause}")]
    Unreachable {
        /// The address, as `HOST:PORT`.
        address: String,
        /// What the system said.
        cause: String,
    },
    /// The server does not respond.
    #[error("no response from the Temporal server at {address} within {seconds} s")]
    TimedOut {
        /// The address, as `HOST:PORT`.
        address: String,
        /// How long it was waited for, in seconds.
        seconds: u64,
    },
    /// The two sides do not agree on TLS.
    #[error("cannot use TLS with the Temporal server at {address}: {cause}")]
    Tls {
        /// The address, as `HOST:PORT`.
        address: String,
        /// What is wrong.
        cause: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// What listens is no Temporal server, or expects TLS.
    #[error("the server at {address} does not respond as a Temporal server: {cause}")]
    OtherProtocol {
        /// The address, as `HOST:PORT`.
        address: String,
        /// What is wrong.
        cause: String,
        /// Whether TLS was used.
        uses_tls: bool,
    },
    /// The server does not know who this is, or does not let them in.
    #[error("the Temporal server at {address} refuses access: {cause}")]
    Refused {
        /// The address, as `HOST:PORT`.
        address: String,
        /// What the server said.
        cause: String,
    },
    /// The server has no such namespace.
    #[error("the Temporal server at {address} has no namespace `{namespace}`")]
    NoSuchNamespace {
        /// The address, as `HOST:PORT`.
        address: String,
        /// The name of the namespace.
        namespace: String,
    },
    /// Anything else that the server said.
    #[error("the Temporal server at {address} failed: {cause}")]
    Failed {
        /// The address, as `HOST:PORT`.
        address: String,
        /// What the server said.
        cause: String,
    },
    /// The settings cannot be used, such as a header with a line break.
    #[error("cannot use the connection settings: {0}")]
    Settings(String),
}

impl ConnectError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        match self {
            Self::Unreachable { .. } => {
                "start a development server with `temporal server start-dev`, or check --address and TEMPORAL_ADDRESS".into()
            }
            Self::TimedOut { .. } => "check --address, and whether a firewall blocks the connection".into(),
            Self::Tls { hint, .. } => (*hint).into(),
            Self::OtherProtocol { uses_tls: false, .. } => {
                "pass --tls if it uses TLS; check that the port is that of the frontend, usually 7233".into()
            }
            Self::OtherProtocol { uses_tls: true, .. } => {
                "check that the port is that of the frontend, usually 7233, and whether it requires a client certificate \
                 (--tls-cert-path)"
                    .into()
            }
            Self::Refused { .. } => {
                "check --api-key and TEMPORAL_API_KEY, or the client certificate, and what they may do in the namespace".into()
            }
            Self::NoSuchNamespace { address, namespace } => format!(
                "check --namespace, or create it with `temporal operator namespace create --address {} --namespace {}`",
                quoted(address),
                quoted(namespace)
            )
            .into(),
            Self::Failed { .. } => "try again; if it stays so, look at the server's log".into(),
            Self::Settings(_) => "check the options and the variables TEMPORAL_*".into(),
        }
    }

    /// Makes sense of an error of connecting.
    pub(super) fn of_connecting(error: &ClientConnectError, settings: &Settings) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest are settings")]
        match error {
            ClientConnectError::SystemInfoCallError(status) => Self::of_status(status, settings),
            ClientConnectError::TonicTransportError(error) => Self::of_transport(error, settings),
            ClientConnectError::DnsResolutionError { source, .. } => {
                Self::Unreachable { address: settings.address().to_owned(), cause: source.to_string() }
            }
            // These texts have no values.
            other => Self::Settings(other.to_string()),
        }
    }

    /// Makes sense of a response that is an error.
    pub(super) fn of_status(status: &Status, settings: &Settings) -> Self {
        let address = settings.address().to_owned();
        let cause = || format!("{:?}: {}", status.code(), status.message());
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest are failures of the server")]
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied => Self::Refused { address, cause: cause() },
            Code::DeadlineExceeded => Self::TimedOut { address, seconds: WITHIN.as_secs() },
            _ if status.source().is_some() => Self::of_broken(status, settings),
            // Something that speaks gRPC, but not this; or HTTP without gRPC.
            Code::Unimplemented | Code::Unknown => {
                Self::OtherProtocol { address, cause: cause(), uses_tls: settings.uses_tls() }
            }
            _ => Self::Failed { address, cause: cause() },
        }
    }

    /// Makes sense of an error before there is a connection.
    fn of_transport(error: &(dyn Error + 'static), settings: &Settings) -> Self {
        let address = settings.address().to_owned();
        if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Self::Tls { address, cause: tls.to_string(), hint: tls_hint(tls) };
        }
        let cause = last_cause(error);
        if causes(error).any(|cause| cause.is::<io::Error>()) {
            return Self::Unreachable { address, cause };
        }
        Self::Tls { address, cause, hint: "check the PEM files of the TLS options" }
    }

    /// Makes sense of the end of a connection before the response.
    fn of_broken(error: &(dyn Error + 'static), settings: &Settings) -> Self {
        let (address, cause) = (settings.address().to_owned(), last_cause(error));
        // Only the text of an error of TLS gets through HTTP/2.
        if settings.uses_tls() && cause.contains("received fatal alert") {
            return Self::Tls { address, cause, hint: CLIENT_CERTIFICATE };
        }
        Self::OtherProtocol { address, cause, uses_tls: settings.uses_tls() }
    }
}

impl From<ConnectError> for SessionError {
    fn from(error: ConnectError) -> Self {
        let hint = error.hint();
        Self::input(error, hint)
    }
}

/// What to do if the server wants to know who connects.
const CLIENT_CERTIFICATE: &str = "check the client certificate: --tls-cert-path and --tls-key-path";

/// Returns what to do about an error of TLS.
fn tls_hint(error: &rustls::Error) -> &'static str {
    #[expect(clippy::wildcard_enum_match_arm, reason = "there are dozens, and these are what happens")]
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "pass the certificate of the server's CA with --tls-ca-path"
        }
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "check --address, or pass the name in the certificate with --tls-server-name",
        rustls::Error::InvalidCertificate(_) => "the server needs another certificate, or a clock is wrong",
        rustls::Error::AlertReceived(
            AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure | AlertDescription::InternalError,
        )
        | rustls::Error::PeerIncompatible(_) => "the server must support TLS 1.2 or 1.3",
        rustls::Error::AlertReceived(_) => CLIENT_CERTIFICATE,
        rustls::Error::InvalidMessage(_) => "pass --tls=false if the server does not use TLS",
        _ => "check the TLS options",
    }
}

/// Returns an error and its causes.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    iter::successors(Some(error), |error| cause(*error))
}

/// Returns the text of the innermost cause, which says most.
fn last_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

/// Returns the cause of an error. An [`io::Error`] passes over what it contains, but not here.
fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    }
}
