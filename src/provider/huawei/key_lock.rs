//! The gateway's word for a key that it has locked.

/// Tells whether a message says that the key is locked after failed sign-ins ("API signature authentication").
#[must_use]
pub fn is_key_lock(message: &str) -> bool {
    message.to_ascii_lowercase().contains("reach the limit,forbidden")
}
