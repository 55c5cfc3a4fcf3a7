//! What a signal brings. Anybody who may use the namespace can send one, so that what cannot be read is ignored: an error
//! would fail each later task of the workflow, also the one that hears of a cancellation.

use serde::Serialize;
use serde::de::DeserializeOwned;
use temporalio_common::data_converters::{
    GenericPayloadConverter, PayloadConversionError, SerializationContext, TemporalDeserializable, TemporalSerializable,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;

/// The input of a signal, written as `T` is; nothing where something else was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal<T>(Option<T>);

impl<T> Signal<T> {
    /// Brings this.
    pub const fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// Returns what it brings, if it can be read.
    pub fn read(self) -> Option<T> {
        self.0
    }
}

impl<T: Serialize + 'static> TemporalSerializable for Signal<T> {
    fn to_payload(&self, context: &SerializationContext<'_>) -> Result<Payload, PayloadConversionError> {
        context.converter.to_payload(context, &self.0)
    }
}

impl<T: DeserializeOwned + 'static> TemporalDeserializable for Signal<T> {
    fn from_payload(context: &SerializationContext<'_>, payload: Payload) -> Result<Self, PayloadConversionError> {
        Ok(Self(context.converter.from_payload::<Option<T>>(context, payload).ok().flatten()))
    }

    fn from_payloads(
        context: &SerializationContext<'_>,
        payloads: Vec<Payload>,
    ) -> Result<Self, PayloadConversionError> {
        let [payload]: [Payload; 1] = match payloads.try_into() {
            Ok(payload) => payload,
            Err(_) => return Ok(Self(None)),
        };
        Self::from_payload(context, payload)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use temporalio_common::data_converters::{PayloadConverter, SerializationContextData};

    use super::*;

    fn payload(encoding: &str, data: &[u8]) -> Payload {
        let metadata = HashMap::from([("encoding".to_owned(), encoding.as_bytes().to_vec())]);
        Payload { metadata, data: data.to_vec(), ..Payload::default() }
    }

    /// Reads payloads as the SDK does for a workflow.
    fn read(payloads: Vec<Payload>) -> Option<u64> {
        let (data, converter) = (SerializationContextData::None, PayloadConverter::default());
        let context = SerializationContext::new(&data, &converter);
        converter.from_payloads::<Signal<u64>>(&context, payloads).unwrap().read()
    }

    #[test]
    fn what_cannot_be_read_brings_nothing() {
        let json = |data: &str| payload("json/plain", data.as_bytes());
        assert_eq!(read(vec![json("7")]), Some(7));
        let garbage = [json("\"oops\""), json("-1"), json("{"), json(""), json("null"), payload("binary/null", b"")];
        let others = [payload("binary/plain", b"7"), payload("odd", b"7"), Payload::default()];
        for garbage in garbage.into_iter().chain(others) {
            assert_eq!(read(vec![garbage.clone()]), None, "{garbage:?}");
        }
        assert_eq!(read(Vec::new()), None);
        assert_eq!(read(vec![json("7"), json("8")]), None);
    }

    #[test]
    fn it_is_written_as_what_it_brings() {
        let (data, converter) = (SerializationContextData::None, PayloadConverter::default());
        let context = SerializationContext::new(&data, &converter);
        let written = converter.to_payloads(&context, &Signal::new(7_u64)).unwrap();
        assert_eq!(written, converter.to_payloads(&context, &7_u64).unwrap());
    }
}
