//! The SDK's payload codec: encrypts what Temporal stores.
//!
//! The layout is that of the samples of Temporal's SDKs: the whole payload, with its metadata, is encrypted; `encoding`
//! is `binary/encrypted` and `encryption-key-id` says with which key.
//!
//! Payloads are inputs, results, signals, heartbeats, memos and the messages of failures. Temporal has the rest in the
//! clear: ids, types, queues, the summaries that its interface shows, and the reasons of cancellations and terminations.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use prost::Message;
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::data_converters::{
    DataConverter, DefaultFailureConverter, PayloadCodec, PayloadConversionError, PayloadConverter,
    SerializationContextData, TemporalSerializable, WorkflowSerializationContext,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;

use super::cipher::DecryptError;
use super::key_file::PayloadKeys;

/// The metadata that says how a payload is encoded.
const ENCODING: &str = "encoding";

/// The encoding of encrypted payloads.
const ENCRYPTED: &[u8] = b"binary/encrypted";

/// The metadata that says with which key a payload is encrypted.
const KEY_ID: &str = "encryption-key-id";

/// Encrypts payloads, or leaves them as they are if there are no keys. Payloads that are not encrypted can always be read,
/// so that a key may be introduced at any time.
#[derive(Debug, Clone)]
pub struct PayloadEncryption {
    keys: Option<Arc<PayloadKeys>>,
    listener: Option<Arc<Listener>>,
}

/// Hears of each reason why a payload could not be decrypted, once.
struct Listener {
    hear: Box<dyn Fn(&DecryptError) + Send + Sync>,
    heard: Mutex<BTreeSet<String>>,
}

impl Listener {
    fn hear(&self, error: &DecryptError) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.insert(error.what()) {
            (self.hear)(error);
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}

impl PayloadEncryption {
    /// Makes the codec for these keys.
    #[must_use]
    pub fn new(keys: Option<PayloadKeys>) -> Self {
        Self { keys: keys.map(Arc::new), listener: None }
    }

    /// Tells whether there are keys.
    #[must_use]
    pub const fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// Calls `hear` once for each reason why payloads cannot be decrypted. The engine asks a worker again and again, and
    /// the SDK does not say why it fails.
    #[must_use]
    pub fn listening(self, hear: impl Fn(&DecryptError) + Send + Sync + 'static) -> Self {
        let listener = Listener { hear: Box::new(hear), heard: Mutex::default() };
        Self { listener: Some(Arc::new(listener)), ..self }
    }

    /// Returns the converter of the SDK that encrypts with these keys, the messages of failures included.
    #[must_use]
    pub fn converter(self) -> DataConverter {
        // Without a key, messages stay readable in Temporal's own interface.
        let failures = DefaultFailureConverter::new(self.keys.is_some());
        DataConverter::new(PayloadConverter::default(), failures, self)
    }

    fn encrypted(&self, payload: Payload) -> Result<Payload, PayloadConversionError> {
        let Some(keys) = &self.keys else { return Ok(payload) };
        let data = keys.first.encrypt(&payload.encode_to_vec()).map_err(failed)?;
        let metadata = HashMap::from([
            (ENCODING.to_owned(), ENCRYPTED.to_vec()),
            (KEY_ID.to_owned(), keys.first.id().as_bytes().to_vec()),
        ]);
        Ok(Payload { metadata, data, ..Payload::default() })
    }

    fn decrypted(&self, payload: Payload) -> Result<Payload, PayloadConversionError> {
        if payload.metadata.get(ENCODING).map(Vec::as_slice) != Some(ENCRYPTED) {
            return Ok(payload);
        }
        self.plain(&payload).map_err(|error| {
            if let Some(listener) = &self.listener {
                listener.hear(&error);
            }
            failed(error)
        })
    }

    fn plain(&self, sealed: &Payload) -> Result<Payload, DecryptError> {
        let needed = sealed.metadata.get(KEY_ID).map(|id| String::from_utf8_lossy(id).into_owned());
        let needed = needed.unwrap_or_else(|| "without an id".to_owned());
        let Some(keys) = &self.keys else { return Err(DecryptError::NoKey { needed }) };
        let Some(key) = keys.iter().find(|key| key.id() == needed) else {
            let present = keys.iter().map(|key| key.id().to_owned()).collect();
            return Err(DecryptError::OtherKey { needed, present });
        };
        let plain = key.decrypt(&sealed.data)?;
        Payload::decode(plain.as_slice()).map_err(|_| DecryptError::Damaged)
    }
}

/// Returns a value as the engine stores it for a workflow: encrypted, where there is a payload key.
///
/// # Errors
///
/// Fails when it cannot be written or encrypted.
pub(crate) async fn encode<T: TemporalSerializable + 'static>(
    client: &Client,
    value: &T,
) -> Result<Payload, PayloadConversionError> {
    let context = SerializationContextData::Workflow(WorkflowSerializationContext::new());
    client.data_converter().to_payload(&context, value).await
}

/// Tells whether a client encrypts what it sends.
pub(crate) async fn encrypts(client: &Client) -> bool {
    let encoded = client.data_converter().to_payload(&SerializationContextData::None, &()).await;
    encoded.is_ok_and(|payload| payload.metadata.get(ENCODING).map(Vec::as_slice) == Some(ENCRYPTED))
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> PayloadConversionError {
    PayloadConversionError::EncodingError(error.into())
}

impl PayloadCodec for PayloadEncryption {
    fn encode(
        &self,
        _: &SerializationContextData,
        payloads: Vec<Payload>,
    ) -> BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>> {
        let encoded = payloads.into_iter().map(|payload| self.encrypted(payload)).collect();
        futures::future::ready(encoded).boxed()
    }

    fn decode(
        &self,
        _: &SerializationContextData,
        payloads: Vec<Payload>,
    ) -> BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>> {
        let decoded = payloads.into_iter().map(|payload| self.decrypted(payload)).collect();
        futures::future::ready(decoded).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec(keys: &[u8]) -> PayloadEncryption {
        let mut keys = keys.iter().map(|byte| super::super::PayloadKey::new(&[*byte; 32]));
        PayloadEncryption::new(keys.next().map(|first| PayloadKeys { first, older: keys.collect() }))
    }

    fn payload() -> Payload {
        let metadata = HashMap::from([(ENCODING.to_owned(), b"json/plain".to_vec())]);
        Payload { metadata, data: b"\"prod-db-7\"".to_vec(), ..Payload::default() }
    }

    fn encoded(codec: &PayloadEncryption, payload: Payload) -> Payload {
        let encoded = codec.encode(&SerializationContextData::None, vec![payload]).now_or_never().unwrap().unwrap();
        encoded.into_iter().next().unwrap()
    }

    fn decoded(codec: &PayloadEncryption, payload: Payload) -> Result<Payload, String> {
        let decoded = codec.decode(&SerializationContextData::None, vec![payload]).now_or_never().unwrap();
        decoded.map(|decoded| decoded.into_iter().next().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_encrypted_comes_back_with_its_metadata() {
        let codec = codec(&[1]);
        for plain in [payload(), Payload::default()] {
            let [sealed, again] = [(); 2].map(|()| encoded(&codec, plain.clone()));
            assert_eq!(sealed.metadata[ENCODING], ENCRYPTED);
            assert_eq!(sealed.metadata[KEY_ID].len(), 16);
            assert_ne!(sealed.data, again.data, "each payload has a nonce of its own");
            for secret in [&b"prod-db-7"[..], b"json/plain"] {
                assert!(!sealed.data.windows(secret.len()).any(|bytes| bytes == secret));
            }
            assert_eq!(decoded(&codec, sealed).unwrap(), plain);
        }
    }

    #[test]
    fn without_a_key_nothing_changes_and_with_one_plain_payloads_are_read() {
        assert_eq!(encoded(&codec(&[]), payload()), payload());
        assert_eq!(decoded(&codec(&[]), payload()).unwrap(), payload());
        assert_eq!(decoded(&codec(&[1]), payload()).unwrap(), payload());
    }

    #[test]
    fn older_keys_decrypt() {
        let sealed = encoded(&codec(&[1]), payload());
        assert_eq!(decoded(&codec(&[2, 1]), sealed.clone()).unwrap(), payload());
        assert_ne!(encoded(&codec(&[2, 1]), payload()).metadata[KEY_ID], sealed.metadata[KEY_ID]);
    }

    #[test]
    fn a_missing_or_wrong_key_is_told_by_its_id() {
        let sealed = encoded(&codec(&[1]), payload());
        let needed = String::from_utf8(sealed.metadata[KEY_ID].clone()).unwrap();
        let missing = decoded(&codec(&[]), sealed.clone()).unwrap_err();
        assert!(missing.contains(&needed) && missing.contains("--payload-key-file"), "{missing}");
        let other = codec(&[2]);
        let present = String::from_utf8(encoded(&other, payload()).metadata[KEY_ID].clone()).unwrap();
        let wrong = decoded(&other, sealed).unwrap_err();
        assert!(wrong.contains(&needed) && wrong.contains(&present), "{wrong}");
    }

    #[test]
    fn each_reason_is_heard_once() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hear = {
            let heard = Arc::clone(&heard);
            move |error: &DecryptError| heard.lock().unwrap().push(error.what())
        };
        let codec = codec(&[1]).listening(hear);
        let others = [2, 2, 3].map(|key| encoded(&super::tests::codec(&[key]), payload()));
        for sealed in others {
            decoded(&codec, sealed).unwrap_err();
        }
        decoded(&codec, encoded(&codec, payload())).unwrap();
        assert_eq!(heard.lock().unwrap().len(), 2);
    }

    #[test]
    fn a_cut_or_changed_payload_is_damaged() {
        let codec = codec(&[1]);
        let sealed = encoded(&codec, payload());
        for length in [0, 11, 12, 27, sealed.data.len() - 1] {
            let cut = Payload { data: sealed.data[..length].to_vec(), ..sealed.clone() };
            assert!(decoded(&codec, cut).unwrap_err().contains("damaged"), "{length}");
        }
        for at in [0, 12, sealed.data.len() - 1] {
            let mut changed = sealed.clone();
            changed.data[at] ^= 1;
            assert!(decoded(&codec, changed).unwrap_err().contains("damaged"), "{at}");
        }
    }
}
