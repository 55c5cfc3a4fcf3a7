//! Keys as the services of Alibaba Cloud write them.

use jiff::Timestamp;

use crate::credentials::client::Reply;
use crate::credentials::error::SourceError;
use crate::credentials::provider::Issued;
use crate::provider::{Credentials, Object};

/// The names of the fields, in both spellings that there are.
macro_rules! key_fields {
    ($($other:literal),*) => {
        &[
            "AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration",
            "accessKeyId", "accessKeySecret", "securityToken", "expiration",
            $($other),*
        ]
    };
}
pub(super) use key_fields;

/// Reads temporary keys out of an object of a response. All of their four fields must be there.
pub(super) fn temporary_keys(reply: &Reply, object: &Object<'_>) -> Result<Issued, SourceError> {
    let field = |names: [&'static str; 2]| {
        let found = names.iter().find_map(|name| object.text(name));
        found.map(str::trim).filter(|text| is_sound(text)).ok_or_else(|| reply.lacks(names[0]))
    };
    let id = field(["AccessKeyId", "accessKeyId"])?.to_owned();
    let secret = field(["AccessKeySecret", "accessKeySecret"])?.into();
    let security_token = Some(field(["SecurityToken", "securityToken"])?.into());
    let expires_at = field(["Expiration", "expiration"])?;
    let expires_at: Timestamp = expires_at.parse().map_err(|_| reply.lacks("readable Expiration"))?;
    Ok(Issued {
        expires_at: Some(expires_at),
        issued_at: reply.date(),
        is_renewable: true,
        ..Issued::new(Credentials::AccessKey { id, secret, security_token })
    })
}

/// Tells whether a text can be sent in a header.
fn is_sound(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
