//! Encrypting and decrypting one payload with AES-256-GCM.

use std::fmt;

use aes_gcm::aead::{Aead, Generate, Nonce};
use aes_gcm::{Aes256Gcm, Key, KeyInit};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Length of a nonce in bytes; a ciphertext begins with it.
const NONCE: usize = 12;

/// How many bytes of a key's hash identify the key.
const ID: usize = 8;

/// A key of 256 bits with its id. Its `Debug` shows the id only.
#[derive(Clone)]
pub struct PayloadKey {
    id: String,
    cipher: Aes256Gcm,
}

impl PayloadKey {
    /// Makes a key of 32 bytes, which should be random.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        // The prefix keeps the id apart from any other hash of the same bytes.
        let hash = Sha256::new().chain_update("allstop payload key\n").chain_update(bytes).finalize();
        let id = HEXLOWER.encode(&hash.as_slice()[..ID]);
        Self { id, cipher: Aes256Gcm::new(&Key::<Aes256Gcm>::from(*bytes)) }
    }

    /// Returns the id: 16 hexadecimal digits of a hash of the key, which do not help to find the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Encrypts; returns a random nonce and the ciphertext with its tag, 28 bytes more than what was encrypted.
    ///
    /// # Errors
    ///
    /// Fails if there is no randomness, or for more than 64 GiB.
    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let nonce = Nonce::<Aes256Gcm>::try_generate().map_err(|_| EncryptError)?;
        let sealed = self.cipher.encrypt(&nonce, plain).map_err(|_| EncryptError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`encrypt`](Self::encrypt) returned.
    ///
    /// # Errors
    ///
    /// Fails if it is cut, changed, or encrypted with another key.
    pub(super) fn decrypt(&self, sealed: &[u8]) -> Result<Vec<u8>, DecryptError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(DecryptError::Damaged)?;
        self.cipher.decrypt(&Nonce::<Aes256Gcm>::from(*nonce), sealed).map_err(|_| DecryptError::Damaged)
    }
}

impl fmt::Debug for PayloadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a payload could not be encrypted.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("cannot encrypt a payload: the system has no random numbers, or the payload is too large")]
pub(super) struct EncryptError;

/// Why a payload could not be decrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecryptError {
    /// There is no key at all.
    NoKey {
        /// The id of the key that is needed.
        needed: String,
    },
    /// No key has this id.
    OtherKey {
        /// The id of the key that is needed.
        needed: String,
        /// The ids of the keys that are there.
        present: Vec<String>,
    },
    /// The payload is not what was encrypted.
    Damaged,
}

impl DecryptError {
    /// Returns what happened, without the hint.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::NoKey { needed } => format!("it is encrypted with the key {needed}, and no key is set"),
            Self::OtherKey { needed, present } => {
                format!("it is encrypted with the key {needed}, and the payload key file has {}", present.join(", "))
            }
            Self::Damaged => "it is encrypted, and damaged or incomplete".to_owned(),
        }
    }

    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoKey { .. } => "pass --payload-key-file or set ALLSTOP_PAYLOAD_KEY_FILE",
            Self::OtherKey { .. } => "use the file that the other workers and clients use",
            Self::Damaged => "look whether something between changes payloads, such as a codec of a proxy",
        }
    }
}

/// Shows the hint as well: the SDK shows no more than this.
impl fmt::Display for DecryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read a payload: {}; hint: {}", self.what(), self.hint())
    }
}

impl std::error::Error for DecryptError {}
