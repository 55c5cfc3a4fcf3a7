//! Why the settings of a connection cannot be used.

use std::path::PathBuf;

use super::key_file::KeyFileError;

/// Why the settings of a connection cannot be used. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The configuration file that is named is not there.
    #[error("the configuration file {} does not exist", .0.display())]
    NoSuchFile(PathBuf),
    /// The configuration file has no such profile.
    #[error("the configuration file of Temporal's command line has no profile `{0}`")]
    NoSuchProfile(String),
    /// The configuration file or the variables contradict themselves or cannot be read.
    #[error("cannot use the configuration of Temporal's command line: {0}")]
    Configuration(String),
    /// A variable is neither true nor false.
    #[error("{0} is neither `true` nor `false`")]
    NotBoolean(&'static str),
    /// A file with a certificate or a key cannot be read.
    #[error("cannot read {}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: String,
    },
    /// The address is none.
    #[error("invalid address of the Temporal server: {0}")]
    InvalidAddress(String),
    /// The address excludes TLS, which other settings require.
    #[error("the address of the Temporal server begins with http://, but other settings require TLS")]
    PlainAddress,
    /// A client certificate has no key, or a key no certificate.
    #[error("a client certificate and its private key must be set together")]
    HalfIdentity,
    /// There are no payload keys.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
}

impl SettingsError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoSuchFile(_) => "check the path in --config-file or TEMPORAL_CONFIG_FILE; nothing was sent",
            Self::NoSuchProfile(_) => {
                "check --profile and TEMPORAL_PROFILE; `temporal config list-profiles` lists them"
            }
            Self::Configuration(_) => "check the variables TEMPORAL_* and the file with `temporal config get`",
            Self::NotBoolean(_) => "set it to `true` or `false`, or remove it",
            Self::Unreadable { .. } => "check the paths of --tls-cert-path, --tls-key-path and --tls-ca-path",
            Self::InvalidAddress(_) => "write it as HOST:PORT, such as 127.0.0.1:7233",
            Self::PlainAddress => "write the address as HOST:PORT, or pass --tls=false",
            Self::HalfIdentity => "set --tls-cert-path and --tls-key-path, or neither",
            Self::KeyFile(error) => error.hint(),
        }
    }
}
