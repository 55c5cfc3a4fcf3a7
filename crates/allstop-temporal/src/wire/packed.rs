//! Bytes inside a JSON payload: compressed, as base64 text.

use data_encoding::BASE64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Bytes inside a JSON payload. A list of numbers would be four times as long.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Packed(String);

/// A payload that cannot be packed or unpacked.
#[derive(Debug, thiserror::Error)]
#[error("cannot read a payload: {0}")]
pub struct PackedError(String);

/// The compression level: payloads are made often, and their ids compress no better with more work.
const LEVEL: i32 = 3;

impl Packed {
    /// Packs bytes.
    ///
    /// # Errors
    ///
    /// Fails when they cannot be compressed.
    pub fn bytes(bytes: &[u8]) -> Result<Self, PackedError> {
        let packed = zstd::encode_all(bytes, LEVEL).map_err(failed)?;
        Ok(Self(BASE64.encode(&packed)))
    }

    /// Packs a value in the form of this version of the library.
    ///
    /// # Errors
    ///
    /// Fails when it cannot be written.
    pub fn of(value: &impl Serialize) -> Result<Self, PackedError> {
        Self::bytes(&postcard::to_stdvec(value).map_err(failed)?)
    }

    /// Returns the bytes.
    ///
    /// # Errors
    ///
    /// Fails when they were not packed.
    pub fn unpack(&self) -> Result<Vec<u8>, PackedError> {
        let packed = BASE64.decode(self.0.as_bytes()).map_err(failed)?;
        zstd::decode_all(&*packed).map_err(failed)
    }

    /// Returns the value.
    ///
    /// # Errors
    ///
    /// Fails when it is another one, or of another version of the library.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, PackedError> {
        postcard::from_bytes(&self.unpack()?).map_err(failed)
    }

    /// Returns how long it is in a payload.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether it has nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Splits it into texts of at most so many bytes, for [`joined`](Self::joined).
    #[must_use]
    pub fn split(&self, most: usize) -> Vec<String> {
        self.0.as_bytes().chunks(most.max(1)).map(|part| String::from_utf8_lossy(part).into_owned()).collect()
    }

    /// Puts together what [`split`](Self::split) returned.
    #[must_use]
    pub fn joined(parts: impl IntoIterator<Item = String>) -> Self {
        Self(parts.into_iter().collect())
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Packed({} bytes)", self.0.len())
    }
}

fn failed(error: impl std::fmt::Display) -> PackedError {
    PackedError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_in_one_piece_and_in_parts() {
        let bytes: Vec<u8> = (0..10_000_u32).flat_map(u32::to_le_bytes).collect();
        let packed = Packed::bytes(&bytes).unwrap();
        assert_eq!(packed.unpack().unwrap(), bytes);
        let parts = packed.split(1000);
        assert!(parts.len() > 1);
        assert_eq!(Packed::joined(parts), packed);
    }

    #[test]
    fn what_was_not_packed_is_an_error() {
        assert!(Packed("no base64!".to_owned()).unpack().is_err());
        assert!(Packed::bytes(b"\xff").unwrap().read::<(String, u32)>().is_err());
    }
}
