//! Keyed hashes of the text to sign.

use data_encoding::{BASE64, HEXLOWER};
use hmac::digest::Output;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// Returns the HMAC-SHA256 as 64 lower-case hexadecimal digits.
pub(super) fn hmac_sha256_hex(key: &[u8], text: &str) -> String {
    HEXLOWER.encode(&tag::<Hmac<Sha256>>(key, text))
}

/// Returns the HMAC-SHA256 in base64.
pub(crate) fn hmac_sha256_base64(key: &[u8], text: &str) -> String {
    BASE64.encode(&tag::<Hmac<Sha256>>(key, text))
}

/// Returns the HMAC-SHA1 in base64.
pub(super) fn hmac_sha1_base64(key: &[u8], text: &str) -> String {
    BASE64.encode(&tag::<Hmac<Sha1>>(key, text))
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn tag<M: Mac + KeyInit>(key: &[u8], text: &str) -> Output<M> {
    let mac = M::new_from_slice(key).expect("a key of any length");
    mac.chain_update(text).finalize().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202 and RFC 4231, test case 2.
    #[test]
    fn published_vectors_hold() {
        let text = "what do ya want for nothing?";
        assert_eq!(hmac_sha1_base64(b"Jefe", text), "7/zfauXrL6LSdBbV8YTfnCWafHk=");
        assert_eq!(hmac_sha256_base64(b"Jefe", text), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
        assert_eq!(hmac_sha256_hex(b"Jefe", text), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
