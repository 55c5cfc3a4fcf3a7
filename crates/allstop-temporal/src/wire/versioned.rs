//! The version of payloads: what begins with another one is left to a program that knows it.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Serialize};
use temporalio_common::data_converters::{
    GenericPayloadConverter, PayloadConversionError, SerializationContext, TemporalDeserializable, TemporalSerializable,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;

/// The version of all payloads. A worker that meets another one leaves the work to a worker that knows it.
pub const VERSION: u32 = 1;

/// Payloads have a version that is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is version {0} of the payloads, and this program reads version {VERSION}")]
pub struct OtherVersion(pub u32);

impl OtherVersion {
    /// Fails unless this version is known.
    ///
    /// # Errors
    ///
    /// Fails when it is another one.
    pub const fn refuse(version: u32) -> Result<(), Self> {
        if version == VERSION { Ok(()) } else { Err(Self(version)) }
    }
}

impl From<OtherVersion> for PayloadConversionError {
    fn from(version: OtherVersion) -> Self {
        Self::EncodingError(Box::new(version))
    }
}

/// Reads a value that has its version in the field `v`. A later version may have any other fields.
///
/// # Errors
///
/// Fails when it has no version, or is something else.
pub(crate) fn read_versioned<T: DeserializeOwned>(
    value: serde_json::Value,
) -> serde_json::Result<Result<T, OtherVersion>> {
    let version = value.get("v").ok_or_else(|| serde_json::Error::missing_field("v"))?;
    match OtherVersion::refuse(u32::deserialize(version)?) {
        Ok(()) => serde_json::from_value(value).map(Ok),
        Err(version) => Ok(Err(version)),
    }
}

/// The input of a workflow, written as `T` is. One of another version is no error before the workflow runs: of such an error,
/// the SDK tells nobody the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T>(Result<T, OtherVersion>);

impl<T> Versioned<T> {
    /// Brings this.
    pub const fn new(input: T) -> Self {
        Self(Ok(input))
    }
}

impl<T: Default> Versioned<T> {
    /// Returns the input. It is an empty one with an error, where it is of another version: the workflow must return the error.
    /// As a [`PayloadConversionError`], it fails the workflow's task, and not the workflow. So the engine asks again, until a
    /// worker knows the version.
    pub fn read(self) -> (T, Result<(), OtherVersion>) {
        match self.0 {
            Ok(input) => (input, Ok(())),
            Err(version) => (T::default(), Err(version)),
        }
    }
}

impl<T: Serialize + 'static> TemporalSerializable for Versioned<T> {
    fn to_payload(&self, context: &SerializationContext<'_>) -> Result<Payload, PayloadConversionError> {
        match &self.0 {
            Ok(input) => context.converter.to_payload(context, input),
            Err(version) => Err((*version).into()),
        }
    }
}

impl<T: DeserializeOwned + 'static> TemporalDeserializable for Versioned<T> {
    fn from_payload(context: &SerializationContext<'_>, payload: Payload) -> Result<Self, PayloadConversionError> {
        let value = context.converter.from_payload(context, payload)?;
        read_versioned(value).map(Self).map_err(|error| PayloadConversionError::EncodingError(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use temporalio_common::data_converters::{PayloadConverter, SerializationContextData};

    use super::*;

    #[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    struct Input {
        v: u32,
        targets: u64,
    }

    /// Writes a value and reads it as the SDK does for a workflow.
    fn read(value: &serde_json::Value) -> Result<Versioned<Input>, PayloadConversionError> {
        let (data, converter) = (SerializationContextData::None, PayloadConverter::default());
        let context = SerializationContext::new(&data, &converter);
        let payloads = converter.to_payloads(&context, value).unwrap();
        converter.from_payloads(&context, payloads)
    }

    #[test]
    fn what_is_of_another_version_is_told_by_it_and_not_by_its_fields() {
        let input = Input { v: VERSION, targets: 7 };
        assert_eq!(read(&serde_json::to_value(&input).unwrap()).unwrap().read(), (input, Ok(())));
        for later in [serde_json::json!({"v": 9, "targets": "many"}), serde_json::json!({"v": 9})] {
            assert_eq!(read(&later).unwrap().read(), (Input::default(), Err(OtherVersion(9))));
        }
        for wrong in [serde_json::json!({"targets": 7}), serde_json::json!({"v": "9"}), serde_json::json!({"v": 1})] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }
}
