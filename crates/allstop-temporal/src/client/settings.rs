//! The settings of a connection, complete and checked.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use allstop::environment::Environment;
use temporalio_client::{ConnectionOptions, Url};

use super::any_certificate::AnyCertificate;
use super::cipher::DecryptError;
use super::codec::PayloadEncryption;
use super::configuration;
use super::key_file::{self, PayloadKeys};
use super::settings_error::SettingsError;
use crate::cli::ConnectionArgs;

/// How long connecting may take, with the first responses.
pub(super) const WITHIN: Duration = Duration::from_secs(5);

/// The address of a development server on this machine.
const DEFAULT_ADDRESS: &str = "127.0.0.1:7233";

/// The namespace that every server has.
const DEFAULT_NAMESPACE: &str = "default";

/// The variable with the path of the payload key file.
const PAYLOAD_KEY_FILE: &str = "ALLSTOP_PAYLOAD_KEY_FILE";

/// Where to connect to, and how. Its `Debug` shows the address and the namespace only.
#[derive(Clone)]
pub struct Settings {
    address: String,
    namespace: String,
    pub(super) options: ConnectionOptions,
    pub(super) encryption: PayloadEncryption,
    notes: Vec<String>,
}

impl Settings {
    /// Reads the settings. An option wins over its variable, and that over `temporal.toml`.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be read or a setting cannot be used.
    pub fn load(args: &ConnectionArgs, env: &Environment) -> Result<Self, SettingsError> {
        let mut notes = Vec::new();
        let mut profile = configuration::load(args, env, &mut notes)?;
        let (scheme, address) = split(profile.address.as_deref().unwrap_or(DEFAULT_ADDRESS))?;
        let is_off = profile.tls.as_ref().is_some_and(|tls| tls.disabled == Some(true));
        let uses_tls = !is_off && (profile.tls.is_some() || profile.api_key.is_some() || scheme == Some("https"));
        if uses_tls && scheme == Some("http") {
            return Err(SettingsError::PlainAddress);
        }
        if profile.tls.as_ref().is_some_and(|tls| tls.client_cert.is_some() != tls.client_key.is_some()) {
            return Err(SettingsError::HalfIdentity);
        }
        if profile.api_key.is_some() && !uses_tls {
            notes.push("the API key is sent without encryption, because TLS is off".to_owned());
        }
        let accepts_any = uses_tls && profile.tls.as_ref().is_some_and(|tls| tls.disable_host_verification);
        if accepts_any {
            notes.push("the certificate of the Temporal server is not verified".to_owned());
            if let Some(tls) = &mut profile.tls {
                tls.server_ca_cert = None;
            }
        }
        profile.address = Some(format!("{}://{address}", if uses_tls { "https" } else { "http" }));
        let namespace = profile.namespace.take().unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned());
        if uses_tls {
            profile.tls.get_or_insert_default();
        }
        let mut options =
            ConnectionOptions::try_from(profile).map_err(|error| SettingsError::Configuration(error.to_string()))?;
        if let Some(tls) = options.tls_options.as_mut().filter(|_| accepts_any) {
            tls.server_cert_verifier = Some(Arc::new(AnyCertificate::new()));
        }
        let encryption = PayloadEncryption::new(keys(args, env, &mut notes)?);
        Ok(Self { address, namespace, options, encryption, notes })
    }

    /// Calls `hear` once for each reason why payloads cannot be decrypted.
    #[must_use]
    pub fn listening(self, hear: impl Fn(&DecryptError) + Send + Sync + 'static) -> Self {
        Self { encryption: self.encryption.listening(hear), ..self }
    }

    /// Returns the address of the server, as `HOST:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Tells whether there is a payload key.
    #[must_use]
    pub fn has_payload_key(&self) -> bool {
        self.encryption.has_keys()
    }

    /// Tells whether the connection uses TLS.
    #[must_use]
    pub fn uses_tls(&self) -> bool {
        self.options.tls_options.is_some()
    }

    /// Returns what the user should know about the settings: what is ignored, and what is not safe.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, namespace, .. } = self;
        f.debug_struct("Settings").field("address", address).field("namespace", namespace).finish_non_exhaustive()
    }
}

/// Reads the payload keys, if there are any.
fn keys(
    args: &ConnectionArgs,
    env: &Environment,
    notes: &mut Vec<String>,
) -> Result<Option<PayloadKeys>, SettingsError> {
    let path = args.payload_key_file.clone().or_else(|| env.get(PAYLOAD_KEY_FILE).map(PathBuf::from));
    let Some(path) = path else { return Ok(None) };
    let keys = PayloadKeys::read(&path)?;
    notes.extend(key_file::warning(&path));
    Ok(Some(keys))
}

/// Splits an address into its scheme, if it has one, and `HOST:PORT`.
fn split(address: &str) -> Result<(Option<&'static str>, String), SettingsError> {
    let schemes = ["http", "https"];
    let split = |scheme: &'static str| {
        let rest = address.strip_prefix(scheme)?.strip_prefix("://")?;
        Some((Some(scheme), rest.strip_suffix('/').unwrap_or(rest)))
    };
    let (scheme, authority) = schemes.into_iter().find_map(split).unwrap_or((None, address));
    if authority.contains('@') {
        // What precedes it may be a password.
        return Err(SettingsError::InvalidAddress("it has a user name".to_owned()));
    }
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let is_address = Url::parse(&format!("http://{authority}")).is_ok_and(|url| {
        url.host().is_some() && url.path() == "/" && url.query().is_none() && url.fragment().is_none()
    });
    if has_port && is_address && !authority.ends_with('/') {
        return Ok((scheme, authority.to_owned()));
    }
    Err(SettingsError::InvalidAddress(address.to_owned()))
}
