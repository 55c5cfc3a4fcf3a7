//! The connection to Temporal: settings, errors, and the encryption of what Temporal stores.

mod any_certificate;
mod cipher;
mod codec;
mod configuration;
mod connect;
mod connect_error;
mod key_file;
mod outage;
mod retention;
mod settings;
mod settings_error;
#[cfg(test)]
mod tests;

pub use cipher::{DecryptError, PayloadKey};
pub use codec::PayloadEncryption;
pub(crate) use codec::{encode, encrypts};
pub use connect::{connect, connect_asking};
pub use connect_error::ConnectError;
pub use key_file::{KeyFileError, PayloadKeys};
pub use outage::Outage;
pub use retention::retention;
pub use settings::Settings;
pub use settings_error::SettingsError;
