//! Signatures and tokens, compared.

use hmac::{KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};

/// Returns whether `signature` is the authentication code of `text` under `key`, without making it up.
pub(super) fn is_sealed<M: Mac + KeyInit>(key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    M::new_from_slice(key).is_ok_and(|mut code| {
        code.update(text);
        code.verify_slice(signature).is_ok()
    })
}

/// Returns whether a security token was sent exactly where one is due.
pub(super) fn is_token(due: Option<&SecretString>, sent: Option<&str>) -> bool {
    due.map(|token| token.expose_secret()) == sent
}
