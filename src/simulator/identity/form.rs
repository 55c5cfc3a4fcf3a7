//! What the operations' requests and responses are made of: bodies, moments, keys.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::book::Keys;

/// Writes a moment to the second.
pub(super) fn seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Writes a moment to the microsecond, as Huawei Cloud does.
pub(super) fn microseconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// Writes keys as Alibaba Cloud's services do.
pub(super) fn alibaba(keys: &Keys) -> Value {
    json!({
        "AccessKeyId": keys.id,
        "AccessKeySecret": keys.secret,
        "SecurityToken": keys.security_token,
        "Expiration": seconds(keys.expires_at),
    })
}

/// Writes keys as IAM does.
pub(super) fn iam(keys: &Keys) -> Value {
    json!({
        "access": keys.id,
        "secret": keys.secret,
        "securitytoken": keys.security_token,
        "expires_at": microseconds(keys.expires_at),
    })
}

/// Writes keys as Huawei Cloud STS does.
pub(super) fn sts(keys: &Keys) -> Value {
    json!({
        "access_key_id": keys.id,
        "secret_access_key": keys.secret,
        "security_token": keys.security_token,
        "expiration": microseconds(keys.expires_at),
    })
}

/// Adds fields to an object.
pub(super) fn and(mut object: Value, fields: &Value) -> Value {
    if let (Some(object), Some(fields)) = (object.as_object_mut(), fields.as_object()) {
        object.extend(fields.clone());
    }
    object
}
